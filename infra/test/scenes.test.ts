import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SCENES } from '../rehearsal/scenes.ts';

/** What `npm run rehearse` shows, with what a person would see of it. */
describe('a scene of the rehearsal', () => {
  for (const { title, play } of SCENES) {
    test(title, async () => {
      let seen = '';
      assert.ok(await play((text) => (seen += text)), seen);
      assert.doesNotMatch(seen, /undefined|\[object/);
    });
  }
});

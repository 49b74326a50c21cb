import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { before, describe, test } from 'node:test';
import { PROPAGATION_SECONDS } from '../propagation.ts';
import { at } from '../rules/resource.ts';
import { graphOf, named } from './graph.ts';

/** The provider as Pulumi's own process has it, which gets nothing but the text of these functions. */
interface Provider {
  create(inputs: { seconds: number }): Promise<{ id: string; outs: { seconds: number } }>;
  diff(): Promise<{ changes: boolean }>;
}

describe('the wait for roles to be known', () => {
  let provider: Provider;
  let inputs: Readonly<Record<string, unknown>>;

  before(async () => {
    ({ inputs } = named(await graphOf(), 'propagation'));
    const text = String(at(inputs, '__provider'));
    const exported: { handler?: () => Provider } = {};
    const load = new Function('exports', 'require', text) as (...all: unknown[]) => void;
    load(exported, createRequire(import.meta.url));
    provider = exported.handler!();
  });

  test('is asked for the time that is stated', () => {
    assert.equal(at(inputs, 'seconds'), PROPAGATION_SECONDS);
  });

  test('waits as long as it is asked to, in the text that Pulumi makes of it', async (context) => {
    context.mock.timers.enable({ apis: ['setTimeout'] });
    let made: unknown = null;
    const waiting = provider.create({ seconds: 420 }).then((result) => (made = result));
    context.mock.timers.tick(419_999);
    await Promise.resolve();
    assert.equal(made, null);
    context.mock.timers.tick(1);
    await waiting;
    assert.deepEqual(made, { id: 'waited', outs: { seconds: 420 } });
  });

  test('is over once it was waited: another deployment does not wait again', async () => {
    assert.deepEqual(await provider.diff(), { changes: false });
  });
});

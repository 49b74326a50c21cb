import { chmodSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { BRISK, RealLaboratory } from '../support/real-laboratory.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
let lab: RealLaboratory;
let stateDirectory: string;
let count = 0;

beforeEach(() => {
  lab = new RealLaboratory();
  stateDirectory = join(directory, String((count += 1)));
});
afterEach(() => lab.stop());

describe('a laboratory whose files go away under it', () => {
  test.each([
    ['the directory', () => rmSync(stateDirectory, { recursive: true }), /was deleted/],
    [
      'its store',
      () => rmSync(join(stateDirectory, 'state.sqlite')),
      /the store in .* was deleted/,
    ],
  ])('goes down and says so: %s', async (_what, remove, reason) => {
    await lab.start({ peers: 2, stateDirectory });
    remove();
    expect(await lab.laboratory.whenDown).toMatchObject({
      how: 'failed',
      message: expect.stringMatching(reason),
    });
  });
});

describe('a laboratory that others could have got at', () => {
  test('closes its files to them, draws a new secret, says both, and runs', async () => {
    mkdirSync(stateDirectory);
    chmodSync(stateDirectory, 0o777);
    const secret = join(stateDirectory, 'secret');
    writeFileSync(secret, '0123456789abcdef'.repeat(4));
    chmodSync(secret, 0o644);
    await lab.start({ peers: 2, stateDirectory });
    expect(statSync(stateDirectory).mode & 0o777).toBe(0o755);
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    expect(lab.notes).toEqual([
      expect.stringMatching(
        /every user of this machine may write there \(mode 777\); that was ended/,
      ),
      expect.stringMatching(/secret: .* \(mode 644\); a new secret was drawn/),
    ]);
    const comparison = await lab.run({ peers: 2, messages: 5, ordering: 'fifo', ...BRISK });
    expect(comparison.perPeer.map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
  });
});

const disk = SmallDisk.mount(16);
afterAll(() => disk?.unmount());

(disk === null ? describe.skip : describe)(
  'a laboratory whose disk is full (skipped where nothing may be mounted)',
  () => {
    afterEach(() => disk!.empty());

    test('keeps what is delivered, and uploads it once there is room', async () => {
      await lab.start({ peers: 3, stateDirectory: join(disk!.path, 'lab') });
      const plan = await lab.begin({ peers: 3, messages: 100, ordering: 'sequencer' });
      await lab.uploaded(plan.runId, 'peer-1');
      disk!.fill();
      await eventually('the full disk was told of', () =>
        lab.notes.some((note) => note.includes('is full:')),
      );
      await sleep(2_000);
      disk!.empty();
      const comparison = await lab.comparison(plan.runId);
      for (const peer of comparison.perPeer) {
        expect(peer).toMatchObject({ standing: 'reported', outcome: 'complete', delivered: 300 });
      }
      for (const peerId of lab.laboratory.peerIds) {
        expect(lab.logOf(peerId).split('"ready"')).toHaveLength(2);
      }
    });
  },
);

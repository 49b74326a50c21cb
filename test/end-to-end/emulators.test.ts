import { describe, expect, test } from '@jest/globals';
import { findEmulators } from '../../local/emulators.ts';
import { BRISK, useLaboratory } from '../support/real-laboratory.ts';

const { installation, reason } = await findEmulators();
if (installation === undefined) {
  process.stderr.write(`Skipping the runs on Google's emulators. ${reason}\n`);
}

(installation === undefined ? describe.skip : describe)(
  'the laboratory on Google’s Pub/Sub and Firestore emulators',
  () => {
    const lab = useLaboratory({ backend: 'emulators', peers: 3 });

    test('a run ends in a comparison that Firestore’s own trigger made', async () => {
      const comparison = await lab.run({ peers: 3, messages: 40, ...BRISK });
      expect(comparison).toMatchObject({ backend: 'emulators', rounds: 120, missingRounds: 0 });
      expect(comparison.unorderedRounds).toBeGreaterThan(80);
      expect(comparison.perPeer.map(({ outcome }) => outcome)).toEqual(Array(3).fill('complete'));
    });

    test('and the next one, with fifo', async () => {
      const comparison = await lab.run({ peers: 3, messages: 20, ordering: 'fifo', ...BRISK });
      expect(comparison.guarantees.fifo.held).toBe(true);
      expect(comparison.perPeer.map(({ delivered }) => delivered)).toEqual([60, 60, 60]);
    });

    test('exit ends every daemon with status 0', async () => {
      expect((await lab.post('/exit', {})).status).toBe(202);
      expect((await lab.laboratory.whenDown).how).toBe('exited');
    });
  },
);

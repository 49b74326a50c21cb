import { describe, expect, test } from '@jest/globals';
import { chunkSchema, paths } from '../../control/documents.ts';
import { eventually } from '../support/eventually.ts';
import { BRISK, useLaboratory } from '../support/real-laboratory.ts';

/** A deadline that is longer than anything here takes: what ends before it did not wait for it. */
const DEADLINE_MS = 300_000;

describe('in a laboratory whose peers are started again', () => {
  const lab = useLaboratory({ peers: 3 });

  async function multicastsOf(runId: string, peerId: string): Promise<number> {
    const chunks = await lab.store.list(paths.chunks(runId), {
      prefix: `${peerId}.`,
      bytes: false,
    });
    return chunks.reduce((sum, { fields }) => sum + chunkSchema.parse(fields).multicasts, 0);
  }

  test.each([0, 1, 2])(
    'a run that is asked for right after a crash (%i) begins with whoever came back',
    async (peer) => {
      const { incarnation } = (await lab.store.read(paths.peer(`peer-${peer}`)))!.fields;
      await lab.kill(`peer-${peer}`);
      const plan = await lab.begin({ peers: 3, messages: 5, ordering: 'fifo', ...BRISK });
      expect(plan.members[peer]!.incarnation).not.toBe(incarnation);
      const comparison = await lab.comparison(plan.runId);
      expect(comparison.perPeer.map(({ outcome }) => outcome)).toEqual(Array(3).fill('complete'));
    },
  );

  test('a peer that was killed after its last message does not hold the laboratory', async () => {
    const plan = await lab.begin({
      peers: 3,
      messages: 60,
      intervalMs: { min: 10, max: 30 },
      deadlineMs: DEADLINE_MS,
    });
    await lab.uploaded(plan.runId, 'peer-2');
    // As long as peer-2 has not sent everything, nobody is done and reports.
    lab.signal('peer-2', 'SIGSTOP');
    await eventually('peer-1 has sent everything', async () => {
      return (await multicastsOf(plan.runId, 'peer-1')) === plan.messages;
    });
    lab.signal('peer-1', 'SIGKILL');
    lab.signal('peer-2', 'SIGCONT');
    const { createdAtMs, perPeer } = await lab.comparison(plan.runId);
    expect(createdAtMs).toBeLessThan(plan.deadlineMs);
    expect(perPeer.map(({ standing }) => standing)).toEqual(['reported', 'crashed', 'reported']);
    const next = await lab.run({ peers: 3, messages: 5, ordering: 'fifo', ...BRISK });
    expect(next.perPeer.map(({ outcome }) => outcome)).toEqual(Array(3).fill('complete'));
  });
});

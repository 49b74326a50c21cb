import { describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../control/comparison-document.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { zonesForPeers } from '../../network/zones.ts';
import { expectToComeBack } from '../support/expect-to-come-back.ts';
import { useLaboratory } from '../support/real-laboratory.ts';

const TOTAL_ORDERS = [...ORDERINGS.values()]
  .filter(({ guarantees }) => guarantees.includes('total'))
  .map(({ name }) => name);

/**
 * The whole published grid, 2, 3, 4, 6 and 8 peers x 10, 50 and 100 messages, takes 20 minutes a
 * loss rate: MPCOMM_GRID=1. By default its middle, at brisker intervals: groups of two are tried in virtual time
 * (test/peer/run/disturbed-runs.test.ts).
 */
const isWhole = process.env['MPCOMM_GRID'] === '1';
/** One of each kind: losses befall the channels, which all share, and test/gallery.test.ts checks each ordering with them. */
const ONE_OF_A_KIND = ['lamport', 'sequencer-uub', 'token', 'skeen-uniform', 'ring'];
const GRID = isWhole
  ? [2, 3, 4, 6, 8].flatMap((peers) => [10, 50, 100].map((messages) => ({ peers, messages })))
  : [{ peers: 4, messages: 30, intervalMs: { min: 5, max: 40 } }];

describe.each([
  { loss: 0, cells: GRID.map((cell) => ({ ...cell, record: !isWhole })), orderings: TOTAL_ORDERS },
  // Losses cost time, and whom they hit is drawn anew in each run: here the larger groups are enough.
  {
    loss: 0.1,
    cells: GRID.filter(({ peers }) => peers > 2),
    orderings: isWhole ? TOTAL_ORDERS : ONE_OF_A_KIND,
  },
])('over emulated zones that lose a share of $loss', ({ loss, cells, orderings }) => {
  const recorded: Comparison[] = [];
  const lab = useLaboratory({ loss, peers: Math.max(...GRID.map(({ peers }) => peers)) });

  test.each(orderings)(
    '%s: no round is unordered, and nothing is lost',
    async (ordering) => {
      for (const cell of cells) {
        const comparison = await lab.run({ ...cell, ordering });
        expect(comparison).toMatchObject({ ordering, unorderedRounds: 0, missingRounds: 0 });
        for (const name of comparison.declared) {
          expect([name, comparison.guarantees[name].held]).toEqual([name, true]);
        }
        if (comparison.perPeer.some((peer) => peer.recorded !== undefined))
          recorded.push(comparison);
      }
    },
    isWhole ? GRID.length * 40_000 : undefined,
  );

  // Last, when everything was uploaded that peers record after a run's comparison.
  test('what was recorded comes back whole', async () => {
    const cellsRecorded = cells.filter((cell) => 'record' in cell && cell.record);
    expect(recorded).toHaveLength(cellsRecorded.length * orderings.length);
    for (const comparison of recorded) await expectToComeBack(lab, comparison);
  });
});

describe('one member killed midway', () => {
  const ORDERINGS_KILLED = ['sequencer', 'token', 'ring', 'skeen-uniform'];
  const PEERS = 4;
  // Whoever was killed stays away, so that each run has its own first member, chosen by its zone.
  const peers = PEERS + ORDERINGS_KILLED.length - 1;
  const zones = zonesForPeers(peers, null);
  const lab = useLaboratory({ peers, restartPeers: false });

  test.each([...ORDERINGS_KILLED.entries()])(
    '%i. %s: the survivors agree, deliver all of their own, and end before the deadline',
    async (first, ordering) => {
      const plan = await lab.begin({
        peers: PEERS,
        zones: zones.slice(first, first + PEERS),
        messages: 100,
        ordering,
        intervalMs: { min: 10, max: 30 },
        deadlineMs: 40_000,
      });
      const { peerId } = plan.members[0]!;
      expect(peerId).toBe(`peer-${first}`);
      await lab.uploaded(plan.runId, peerId);
      // The first sequencer, and the first holder of the token.
      lab.signal(peerId, 'SIGKILL');
      const comparison = await lab.comparison(plan.runId);
      expect(comparison.createdAtMs).toBeLessThan(plan.deadlineMs);
      expect(comparison.perPeer.map(({ standing }) => standing)).toEqual([
        'crashed',
        'reported',
        'reported',
        'reported',
      ]);
      // When the killed one multicast its last messages was in the chunk that it did not upload.
      for (const name of comparison.declared) {
        const expected = name === 'causal' ? [true, null] : [true];
        expect([name, expected.includes(comparison.guarantees[name].held)]).toEqual([name, true]);
      }
      const [killed, ...survivors] = comparison.perPeer;
      expect(killed!.delivered).toBeGreaterThan(0);
      for (const { delivered } of survivors) expect(delivered).toBeGreaterThanOrEqual(300);
    },
  );
});

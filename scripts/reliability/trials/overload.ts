import type { Comparison } from '../../../control/comparison-document.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';

/** Loads that two cores have no time for, in two ways: large messages all at once, and many members. */
const SHAPES = [
  { peers: 8, messages: 2_000, payloadBytes: 1_000, intervalMs: { min: 0, max: 0 } },
  { peers: 32, messages: 50, payloadBytes: 0, intervalMs: { min: 10, max: 99 } },
] as const;
/** How long the slowest may take on a machine that does other things as well. */
const DEADLINE_MS = 600_000;
const MS_PER_SHAPE_MAX = 60_000 + ORDERINGS.size * (DEADLINE_MS + 60_000);
/**
 * The most datagrams for a delivery: a message has to come to everybody, and with many more it is sent again
 * and again.
 */
const DATAGRAMS_PER_DELIVERY_MAX = 4;

export const overload: Trial = {
  name: 'overload',
  summary:
    '8 peers with 2,000 kB each at once, and 32 peers: every ordering delivers, without detours',
  backends: ['embedded'],
  runsDefault: 1,
  msMax: (runs) => runs * SHAPES.length * MS_PER_SHAPE_MAX,
  async run(context) {
    for (let run = 0; run < context.runs; run += 1) {
      for (const shape of SHAPES) {
        await withLaboratory(context, { peers: shape.peers }, async (trial) => {
          for (const ordering of ORDERINGS.keys()) await load(context, trial, shape, ordering);
        });
      }
    }
  },
};

async function load(
  context: TrialContext,
  trial: TrialLaboratory,
  shape: (typeof SHAPES)[number],
  ordering: string,
): Promise<void> {
  const { comparison } = await trial.run({ ...shape, ordering, deadlineMs: DEADLINE_MS });
  const { share, datagramsPerDelivery, seconds } = measure(comparison);
  const what = `${shape.peers} peers, ${ordering}`;
  // An ordering that sends nothing again loses what the network loses.
  if (ORDERINGS.get(ordering)!.retransmits) {
    context.check(share === 1, `${what}: ${(100 * share).toFixed(1)} % delivered`);
  }
  const isDirect = datagramsPerDelivery <= DATAGRAMS_PER_DELIVERY_MAX;
  context.check(isDirect, `${what}: ${datagramsPerDelivery.toFixed(2)} datagrams a delivery`);
  const figure =
    `${(100 * share).toFixed(1)} % in ${seconds.toFixed(1)} s, ` +
    `${datagramsPerDelivery.toFixed(2)} datagrams a delivery`;
  // All of them take minutes: whoever watches sees each as it comes.
  context.say(`  ${what}: ${figure}`);
  context.measured(what, figure);
}

function measure({ perPeer, peers, messages }: Comparison) {
  const sum = (of: (peer: Comparison['perPeer'][number]) => number): number =>
    perPeer.reduce((total, peer) => total + of(peer), 0);
  const delivered = sum((peer) => peer.delivered);
  return {
    share: delivered / (peers * peers * messages),
    datagramsPerDelivery: sum(({ datagrams }) => datagrams?.sent ?? 0) / Math.max(1, delivered),
    seconds: Math.max(...perPeer.map(({ durationMs }) => durationMs ?? 0)) / 1_000,
  };
}

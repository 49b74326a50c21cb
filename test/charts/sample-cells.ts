import type { MeasuredCell, MeasuredRun } from '../../charts/measured-run.ts';
import type { PublishedResults } from '../../charts/published-results.ts';
import { createRandom } from '../../core/base/random.ts';

/** Runs as a grid could have measured them, drawn from a seed: every value is somewhere plausible. */
export function sampleCells(axes: {
  readonly orderings: readonly string[];
  readonly peers: readonly number[];
  readonly messages: readonly number[];
  readonly intervalsMs?: readonly { readonly min: number; readonly max: number }[];
  readonly runs?: number;
}): MeasuredCell[] {
  const { orderings, peers, messages, intervalsMs = [{ min: 10, max: 99 }], runs = 10 } = axes;
  const random = createRandom(7);
  return orderings.flatMap((ordering, place) =>
    intervalsMs.flatMap((intervalMs) =>
      peers.flatMap((size) =>
        messages.map((each) => ({
          ordering,
          peers: size,
          messages: each,
          intervalMs,
          failed: 0,
          runs: Array.from({ length: runs }, () =>
            sampleRun(size, each, place, intervalMs.max, random),
          ),
        })),
      ),
    ),
  );
}

function sampleRun(
  peers: number,
  messages: number,
  place: number,
  intervalMsMax: number,
  random: () => number,
): MeasuredRun {
  const rounds = peers * messages;
  const unorderedRounds = Math.round(rounds * (0.85 + 0.15 * random()));
  const durationMs = messages * intervalMsMax * 0.55 + 300;
  return {
    rounds,
    unorderedRounds,
    unorderedShare: unorderedRounds / rounds,
    missingRounds: 0,
    publishedCount: peers === 2 ? 0 : Math.round((messages - 1) * (0.8 + 0.2 * random())),
    messagesPerMulticast: (place + 1) * (peers - 1) + random(),
    datagramsPerMulticast: (place + 1) * (peers - 1) + 2 * random(),
    bytesPerMulticast: 100 * peers,
    kendallTau: random() / 10,
    ownLatencies: Array.from({ length: peers }, (_, peer) => {
      const p50 = 60 * place + 40 * random();
      return {
        peer,
        zone: null,
        p50,
        p90: p50 + 50,
        p99: p50 + 120,
        max: p50 + 200 * random() + 121,
      };
    }),
    durationMs,
    multicastsPerSecond: (1_000 * rounds) / durationMs,
    broken: [],
  };
}

export const SAMPLE_PUBLISHED: PublishedResults = {
  source: 'The results printed by an example',
  cells: [2, 3, 8].flatMap((peers) =>
    [10, 100].map((messages) => ({
      peers,
      messages,
      unorderedRounds: peers === 2 ? [0, 0, 0] : [messages - 2, messages - 1, messages - 4],
    })),
  ),
};

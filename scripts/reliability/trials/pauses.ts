import { setTimeout as sleep } from 'node:timers/promises';
import type { Comparison } from '../../../control/comparison-document.ts';
import { createRandom } from '../../../core/base/random.ts';
import { ORDERING_NAMES } from '../../../core/orderings/registry.ts';
import { type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';

const PEERS = 5;
const MESSAGES = 40;
/** The word that keeps this random stream apart from others. */
const STREAM = 0x70_61_75;
/** The pauses of `--runs` runs are spread over this range; four seconds of silence end a run. */
const PAUSE_MS = { min: 3_000, max: 10_000 } as const;
/** When the first pause begins, after the run was asked for: while its members multicast. */
const BEGIN_MS = { min: 500, max: 1_500 } as const;
const MS_PER_RUN_MAX = 90_000;

export const pauses: Trial = {
  name: 'pauses',
  summary: 'one or two of 5 peers are stopped for 3 to 10 s: no ordering may be reported broken',
  backends: ['embedded'],
  runsDefault: 5 * ORDERING_NAMES.length,
  msMax: (runs) => 60_000 + runs * MS_PER_RUN_MAX,
  run: (context) =>
    withLaboratory(context, { peers: PEERS }, async (trial) => {
      const tally = new Map<string, number>();
      for (let run = 0; run < context.runs; run += 1) await pauseInRun(context, trial, run, tally);
      for (const [what, count] of tally) context.measured(what, count);
    }),
};

/** One run of one ordering, the orderings in turn. */
async function pauseInRun(
  context: TrialContext,
  trial: TrialLaboratory,
  run: number,
  tally: Map<string, number>,
): Promise<void> {
  const random = createRandom(run, STREAM);
  const ordering = ORDERING_NAMES[run % ORDERING_NAMES.length]!;
  const plan = await trial.begin({ peers: PEERS, messages: MESSAGES, ordering, seed: run });
  const victims = victimsOf(run, random).map((place) => trial.laboratory.peerIds[place]!);
  const pauses = victims.map((victim) => pause(trial, victim, run, random));
  const comparison = await trial.comparison(plan);
  // What a peer does that is back after the comparison must change nothing, and the next run needs it.
  const lengths = await Promise.all(pauses);
  const broken = brokenIn(comparison);
  const outcomes = comparison.perPeer.map(({ outcome }) => outcome ?? 'no report').join(', ');
  const who = victims.map((victim, place) => `${victim} for ${lengths[place]!} ms`).join(', ');
  context.say(`  ${ordering}, ${who}: ${outcomes}${broken === '' ? '' : ` BROKEN: ${broken}`}`);
  context.check(broken === '', `run ${run} of ${ordering} broke nothing (${who}): ${broken}`);
  const kind = comparison.perPeer.every(({ outcome }) => outcome === 'complete')
    ? 'runs that the paused peers came back to in time'
    : 'runs that ended without a paused peer';
  tally.set(kind, (tally.get(kind) ?? 0) + 1);
}

/** One peer, another one in each round of the orderings; and in every third run a second one. */
function victimsOf(run: number, random: () => number): number[] {
  const first = (Math.floor(run / ORDERING_NAMES.length) + run) % PEERS;
  const second = (first + 1 + Math.floor(random() * (PEERS - 1))) % PEERS;
  return run % 3 === 2 ? [first, second] : [first];
}

/** Stops a peer for a while that differs from run to run, and gives its length in milliseconds. */
async function pause(
  trial: TrialLaboratory,
  peerId: string,
  run: number,
  random: () => number,
): Promise<number> {
  await sleep(BEGIN_MS.min + random() * (BEGIN_MS.max - BEGIN_MS.min));
  // The golden ratio spreads any number of them evenly.
  const share = (random() + run * 0.618_034) % 1;
  const lengthMs = Math.round(PAUSE_MS.min + share * (PAUSE_MS.max - PAUSE_MS.min));
  const pid = trial.laboratory.processId(peerId);
  process.kill(pid, 'SIGSTOP');
  try {
    await sleep(lengthMs);
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  return lengthMs;
}

function brokenIn({ declared, guarantees }: Comparison): string {
  const broken = declared.filter((name) => guarantees[name].held === false);
  return broken
    .map((name) => `${name} (${guarantees[name].counterexample?.text ?? ''})`)
    .join('; ');
}

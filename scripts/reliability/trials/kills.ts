import { setTimeout as sleep } from 'node:timers/promises';
import { brokenGuarantees } from '../../../cli/run/broken-guarantees.ts';
import type { RunPlan } from '../../../control/command.ts';
import type { Comparison } from '../../../control/comparison-document.ts';
import { chunkSchema, paths } from '../../../control/documents.ts';
import { createRandom } from '../../../core/base/random.ts';
import { ORDERING_NAMES } from '../../../core/orderings/registry.ts';
import { type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';

const PEERS = 5;
const MESSAGES = 30;
const DEADLINE_MS = 30_000;
/**
 * The longest time from a crash to the request after it: in this time its registry entry still looks
 * fresh.
 */
const BEFORE_MS_MAX = 2_000;
/** The longest time from the request to a blow: a run takes about two seconds. */
const DURING_MS_MAX = 2_500;
/**
 * The longest pause: shorter than the silence after which the others give a peer up
 * (peer/run/ending.ts).
 */
const PAUSE_MS_MAX = 3_000;
/** The most kills of a process a minute: a supervisor starts it again five times a minute at most. */
const KILLS_A_MINUTE_MAX = 4;
const MINUTE_MS = 60_000;
/**
 * The longest run with a crash: the others settle some eight seconds after it, and none waits for the
 * deadline.
 */
const LOST_MS_MAX = 20_000;

export const kills: Trial = {
  name: 'kills',
  summary:
    'runs with peers killed just before and in the middle, and others paused: each begins and ends',
  backends: ['embedded'],
  runsDefault: 100,
  msMax: (runs) => 120_000 + runs * 60_000,
  run: (context) => withLaboratory(context, { peers: PEERS }, (trial) => killAll(context, trial)),
};

type Blow = 'killed before' | 'killed' | 'paused' | 'none';

/** What is done to one run. */
interface Schedule {
  readonly ordering: string;
  readonly blow: Blow;
  readonly victim: string;
  /** The time from the crash to the request, or from the request to the blow. */
  readonly delayMs: number;
  readonly pauseMs: number;
}

async function killAll(context: TrialContext, trial: TrialLaboratory): Promise<void> {
  const random = createRandom(context.seed, 0);
  const counts = new Map<Blow, number>();
  const lasted: number[] = [];
  const killsAtMs = new Map<string, number[]>();
  for (let run = 1; run <= context.runs; run += 1) {
    const schedule = spare(killsAtMs, drawSchedule(random, trial.laboratory.peerIds));
    counts.set(schedule.blow, (counts.get(schedule.blow) ?? 0) + 1);
    lasted.push(await runUnder(context, trial, run, schedule));
  }
  lasted.sort((a, b) => a - b);
  for (const [blow, count] of counts) context.measured(`runs, ${blow}`, count);
  const [median, longest] = [lasted[lasted.length >> 1]!, lasted.at(-1)!];
  context.measured(
    'from request to comparison (median, longest)',
    `${(median / 1_000).toFixed(1)} s, ${(longest / 1_000).toFixed(1)} s`,
  );
}

function drawSchedule(random: () => number, peerIds: readonly string[]): Schedule {
  const drawn = random();
  const blow: Blow = drawn < 0.3 ? 'killed before' : drawn < 0.6 ? 'killed' : 'paused';
  return {
    ordering: ORDERING_NAMES[Math.floor(random() * ORDERING_NAMES.length)]!,
    blow,
    victim: peerIds[Math.floor(random() * peerIds.length)]!,
    delayMs: Math.floor(random() * (blow === 'killed before' ? BEFORE_MS_MAX : DURING_MS_MAX)),
    pauseMs: Math.floor(random() * PAUSE_MS_MAX),
  };
}

/** Leaves alone whom the supervisor would not start again: a laboratory of four would prove less. */
function spare(killsAtMs: Map<string, number[]>, schedule: Schedule): Schedule {
  if (schedule.blow === 'paused') return schedule;
  const nowMs = performance.now();
  const recent = (killsAtMs.get(schedule.victim) ?? []).filter((atMs) => nowMs - atMs < MINUTE_MS);
  if (recent.length >= KILLS_A_MINUTE_MAX) return { ...schedule, blow: 'none' };
  killsAtMs.set(schedule.victim, [...recent, nowMs]);
  return schedule;
}

/** One run; gives how long it took from the request to the comparison. */
async function runUnder(
  context: TrialContext,
  trial: TrialLaboratory,
  run: number,
  schedule: Schedule,
): Promise<number> {
  const { blow, victim, delayMs, ordering } = schedule;
  if (blow === 'killed before') await killAndWait(trial, victim, delayMs);
  const startedAtMs = performance.now();
  const body = { peers: PEERS, messages: MESSAGES, ordering, deadlineMs: DEADLINE_MS };
  const plan = await trial.begin(body);
  const struck = blow === 'killed' || blow === 'paused' ? strike(trial, schedule) : null;
  const comparison = await trial.comparison(plan);
  const tookMs = performance.now() - startedAtMs;
  await struck;
  const name = `run ${run} (${ordering}; ${victim} ${blow}, ${delayMs} ms)`;
  for (const claim of await falsehoods(trial, plan, comparison, schedule)) {
    context.check(false, `${name}: ${claim}`);
  }
  const isLate = tookMs > delayMs + LOST_MS_MAX;
  context.check(!isLate, `${name}: it ended only ${tookMs.toFixed(0)} ms after the request`);
  context.say(`  ${name}: ${describe(comparison)} after ${(tookMs / 1_000).toFixed(1)} s`);
  return tookMs;
}

async function killAndWait(trial: TrialLaboratory, victim: string, delayMs: number): Promise<void> {
  process.kill(trial.laboratory.processId(victim), 'SIGKILL');
  await sleep(delayMs);
}

/** Kills or pauses the victim some time after the run began. */
async function strike(
  { laboratory }: TrialLaboratory,
  { blow, victim, delayMs, pauseMs }: Schedule,
): Promise<void> {
  await sleep(delayMs);
  const pid = laboratory.processId(victim);
  if (blow === 'killed') return void process.kill(pid, 'SIGKILL');
  process.kill(pid, 'SIGSTOP');
  await sleep(pauseMs);
  process.kill(pid, 'SIGCONT');
}

/** What is not as it should be, in sentences. */
async function falsehoods(
  { store }: TrialLaboratory,
  plan: RunPlan,
  comparison: Comparison,
  { blow, victim }: Schedule,
): Promise<string[]> {
  const found: string[] = [];
  const broken = brokenGuarantees(comparison);
  if (broken.length > 0) found.push(`it broke ${broken.join(', ')}`);
  for (const { peerId, standing, outcome, reason } of comparison.perPeer) {
    const isVictim = peerId === victim && blow === 'killed';
    if (!isVictim && standing !== 'reported')
      found.push(`${peerId} is ${standing}: ${reason ?? ''}`);
    // A run may be killed before it begins; one that nobody touched, or before it did, must begin.
    if (blow !== 'killed' && outcome === 'handshake') found.push(`${peerId} never began`);
  }
  const chunks = (await store.list(paths.chunks(plan.runId), { bytes: false })).map(({ fields }) =>
    chunkSchema.parse(fields),
  );
  for (const { peerId, delivered } of comparison.perPeer) {
    const own = chunks.filter((chunk) => chunk.peerId === peerId);
    const uploaded = own.reduce((sum, { deliveries }) => sum + deliveries, 0);
    if (delivered < uploaded)
      found.push(`${peerId} uploaded ${uploaded}, compared are ${delivered}`);
  }
  return found;
}

function describe({ perPeer }: Comparison): string {
  return perPeer.map(({ standing, outcome }) => outcome ?? standing).join(' ');
}

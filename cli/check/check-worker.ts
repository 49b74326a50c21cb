import { parentPort, workerData } from 'node:worker_threads';
import type { GuaranteeName } from '../../core/guarantees.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import {
  CHECK_OPTIONS,
  checkScenario,
  type CheckScenarioOptions,
} from '../../simulation/check/check-scenario.ts';
import {
  type Checked,
  type CheckOptions,
  type CheckWatch,
  checkSeeds,
  type Failing,
  scheduleSourceFor,
} from '../../simulation/check/check-seeds.ts';
import {
  shrinkFailing,
  type ShrinkLimits,
  type Shrunken,
} from '../../simulation/check/shrink-failing.ts';
import type { Finding } from '../../simulation/check/finding.ts';
import { reasonsOf } from '../../simulation/check/judge.ts';
import { smallScenario } from '../../simulation/check/small-scenario.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { type Observer, simulate, type SimulationResult } from '../../simulation/simulate.ts';
import { openOrdering, type OrderingSource } from '../ordering/ordering-source.ts';
import { answerTasks } from '../shell/answer-tasks.ts';
import { findingOfLate, type LateError, LateErrors } from '../ordering/late-errors.ts';
import { spareProcess } from '../ordering/spare-process.ts';
import type { Shortened } from './shorten.ts';

/** What a worker is started with. */
export interface CheckWorkerData {
  readonly source: OrderingSource;
  readonly options: CheckOptions;
  /** A program gets new processes for each run, also if it says that it begins anew by itself. */
  readonly fresh: boolean;
  /** How many members have variables of their own in an ordering's module; 1: they all share them, as they never do otherwise. */
  readonly members: number;
  /**
   * Three unsigned 32-bit numbers: how many runs were begun, the seed of the last one, and a number that
   * changes as long as calls of the ordering come back.
   */
  readonly progress: SharedArrayBuffer;
}

export type CheckTask =
  /** Runs the schedules of these seeds, until one breaks something. */
  | { readonly task: 'check'; readonly first: number; readonly count: number }
  /** Draws the schedules of these seeds, and runs what they depend on. */
  | { readonly task: 'draw'; readonly first: number; readonly count: number }
  /** Runs one scenario, once, after the scenarios `before`. */
  | { readonly task: 'try'; readonly before: readonly Scenario[]; readonly scenario: Scenario }
  /** Runs a failing scenario once, as `try` does, and shrinks it if it fails again. */
  | { readonly task: 'shrink'; readonly failing: Failing }
  /** Finds the fewest steps that break the same guarantee. */
  | { readonly task: 'shorten'; readonly scenario: Scenario; readonly finding: Finding }
  /** Runs one scenario as `try` does, tells and draws what happens in it. */
  | {
      readonly task: 'tell';
      readonly scenario: Scenario;
      readonly finding: Finding;
      readonly seed: number;
    };

export type CheckAnswer =
  | { readonly task: 'check'; readonly checked: Checked }
  | { readonly task: 'draw'; readonly drawn: readonly Scenario[] }
  | ({ readonly task: 'try' } & Tried)
  | { readonly task: 'shrink'; readonly tried: Tried; readonly shrunken: Shrunken | null }
  | ({ readonly task: 'shorten' } & Shortened)
  | ({ readonly task: 'tell' } & Told);

/** What one run came to. */
export interface Tried {
  readonly findings: readonly Finding[];
  /** Why guarantees could not be judged. */
  readonly reasons: Partial<Record<GuaranteeName, string>>;
  /**
   * A digest that is equal for two runs in which everybody delivered the same and the same number of
   * events happened.
   */
  readonly digest: string;
  /** What each peer delivered, a line a peer. */
  readonly orders: readonly string[];
}

export interface Told {
  /** The run that is drawn, before which nothing ran. */
  readonly tried: Tried;
  readonly story: string;
  readonly svg: string;
}

/** A large schedule, and what is repeated of it, may take this long: some slow orderings take minutes. */
const LARGE_MS = 10_000;
const ORDER_MAX = 40;
/** The same for programs, each event of which costs some 100 us: the whole takes half a minute. */
const PROGRAM_LIMITS: ShrinkLimits = { attemptsMax: 600, eventsMax: 300_000 };
/** A program that died is started anew for each attempt, and one that hangs takes seconds for each. */
const DYING_PROGRAM_LIMITS: ShrinkLimits = { attemptsMax: 8, eventsMax: 300_000 };
/** Processes are started for each attempt. */
const FRESH_LIMITS: ShrinkLimits = { attemptsMax: 60, eventsMax: 300_000 };

function shrinkLimits(
  { source, fresh }: CheckWorkerData,
  { findings }: Failing,
): ShrinkLimits | undefined {
  if (!('exec' in source)) return undefined;
  if (findings[0]!.name === 'failed') return DYING_PROGRAM_LIMITS;
  return fresh ? FRESH_LIMITS : PROGRAM_LIMITS;
}

function digestOf({ members, events, endedAtUs }: SimulationResult): string {
  const orders = members.map(({ sequence, messagesReceived }) => [
    [...sequence.senders],
    [...sequence.sequences],
    [...sequence.contents.positions],
    messagesReceived,
  ]);
  return JSON.stringify([events, endedAtUs, orders]);
}

function listOf({ senders, sequences }: SimulationResult['members'][number]['sequence']): string {
  if (senders.length === 0) return 'nothing';
  const shown = [...senders.subarray(0, ORDER_MAX)].map(
    (sender, i) => `(${sender}, ${sequences[i]})`,
  );
  const left = senders.length - shown.length;
  return `${shown.join(' ')}${left > 0 ? ` ... ${left} more` : ''}`;
}

function tryOnce(entry: OrderingEntry, scenario: Scenario, options: CheckScenarioOptions): Tried {
  const { result, findings } = checkScenario(entry, scenario, options);
  const orders = result.members.map(({ sequence }, peer) => `  peer ${peer}: ${listOf(sequence)}`);
  return {
    findings,
    reasons: reasonsOf(entry, scenario, result),
    digest: digestOf(result),
    orders,
  };
}

/** What tells and draws is imported where it is needed: most workers only run schedules, and start in half the time. */
async function tell(
  session: Session,
  { seed, scenario, finding }: Extract<CheckTask, { task: 'tell' }>,
): Promise<Told> {
  const { drawCounterexample } = await import('../render/pictures.ts');
  const { tellStory } = await import('../../simulation/check/story.ts');
  const { entry } = session;
  const recorder = new EventRecorder(scenario.peers);
  const tried = await tryHere(session, scenario, recorder);
  const svg = drawCounterexample(entry.name, seed, scenario, finding, recorder.logs);
  return { tried, svg, story: tellStory(entry, scenario, finding) };
}

/**
 * Finds the schedule of a late error among those that were just checked, by running them again, one at a time; where it comes
 * in none of them again, the last one has to stand for all.
 */
async function blameOne(
  { data: { options }, entry, errors, watch }: Session,
  { first, count }: { readonly first: number; readonly count: number },
  late: LateError,
): Promise<Failing> {
  let [seed, found]: [number, LateError | null] = [first - 1, null];
  while (found === null && seed < first + count - 1) {
    seed += 1;
    checkSeeds(entry, seed, 1, options, watch);
    found = await errors.take(true);
  }
  const scenario = scheduleSourceFor(entry, options).next(seed, {}).drawn;
  return { seed, scenario, findings: [findingOfLate(entry, found ?? late)] };
}

/** The smallest schedule that has a late error as well: nothing in between is tried, as each attempt takes a while. */
async function shrinkLate(
  entry: OrderingEntry,
  shrunken: Shrunken,
  errors: LateErrors,
): Promise<Shrunken> {
  const scenario = smallScenario(1);
  await errors.take(true);
  checkScenario(entry, scenario);
  const late = await errors.take(true);
  if (late === null) return shrunken;
  return { ...shrunken, scenario, findings: [findingOfLate(entry, late)], attempts: 1 };
}

/** What a worker has for all its tasks. */
interface Session {
  readonly data: CheckWorkerData;
  readonly entry: OrderingEntry;
  readonly errors: LateErrors;
  readonly watch: Required<CheckWatch>;
}

/** Runs one scenario, with what it throws when it is over. */
async function tryHere(
  { entry, errors, watch: { mayGoOn } }: Session,
  scenario: Scenario,
  observer?: Observer,
): Promise<Tried> {
  const tried = tryOnce(entry, scenario, { mayGoOn, ...(observer && { observer }) });
  return withLate(entry, tried, await errors.take(true));
}

function withLate(entry: OrderingEntry, tried: Tried, late: LateError | null): Tried {
  if (late === null) return tried;
  return { ...tried, findings: [findingOfLate(entry, late), ...tried.findings] };
}

async function perform(session: Session, task: CheckTask): Promise<CheckAnswer> {
  const { data, entry, errors, watch } = session;
  const { begin, mayGoOn } = watch;
  switch (task.task) {
    case 'check': {
      const checked = checkSeeds(entry, task.first, task.count, data.options, watch);
      const late = await errors.take(false);
      if (late === null || checked.failing !== null) return { task: 'check', checked };
      const failing = await blameOne(session, task, late);
      return { task: 'check', checked: { ...checked, failing } };
    }
    case 'draw': {
      const source = scheduleSourceFor(entry, data.options);
      const drawn = Array.from({ length: task.count }, (_, index) => {
        return source.next(task.first + index, watch).drawn;
      });
      return { task: 'draw', drawn };
    }
    case 'try':
      for (const scenario of task.before)
        simulate(entry.create, scenario, null, { ...CHECK_OPTIONS, mayGoOn });
      await errors.take(true);
      return { task: 'try', ...(await tryHere(session, task.scenario)) };
    case 'shrink': {
      const { failing } = task;
      const tried = await tryHere(session, failing.scenario);
      if (tried.findings.length === 0) return { task: 'shrink', tried, shrunken: null };
      const limits = shrinkLimits(data, failing);
      const seen = { begin: () => begin(failing.seed, false), mayGoOn };
      const shrunken = shrinkFailing(entry, failing, seen, limits);
      const isLate =
        shrunken.scenario === failing.scenario && failing.findings[0]!.name === 'failed';
      return {
        task: 'shrink',
        tried,
        shrunken: isLate ? await shrinkLate(entry, shrunken, errors) : shrunken,
      };
    }
    case 'shorten': {
      const { shortenByChoices } = await import('./shorten.ts');
      const { scenario, finding } = task;
      return { task: 'shorten', ...shortenByChoices(entry, data.source, scenario, finding.name) };
    }
    case 'tell':
      return { task: 'tell', ...(await tell(session, task)) };
  }
}

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const data = workerData as CheckWorkerData;
  spareProcess();
  const errors = new LateErrors();
  const { source, fresh, members } = data;
  const entry = await openOrdering(source, { fresh, members });
  const begun = new Uint32Array(data.progress);
  let endMs = Infinity;
  const begin = (seed: number, isLarge = false): void => {
    begun[0]! += 1;
    begun[1] = seed;
    endMs = isLarge ? performance.now() + LARGE_MS : Infinity;
  };
  const mayGoOn = (): boolean => {
    begun[2]! += 1;
    return performance.now() < endMs;
  };
  const onEarlier = (seed: number): void => void (begun[1] = seed);
  const watch = { begin, mayGoOn, onEarlier };
  const session: Session = { data, entry, errors, watch };
  answerTasks(port, (task: CheckTask): Promise<CheckAnswer> => perform(session, task));
}

if (parentPort !== null) await main(parentPort);

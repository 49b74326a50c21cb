import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { FaultKind, Scenario } from '../scenario.ts';
import { simulate, type SimulationOptions, type SimulationResult } from '../simulate.ts';
import { type DrawOptions, type FaultChoice, minorityOf } from './draw-options.ts';
import { drawScenario, withEnd } from './draw-scenario.ts';
import type { Finding } from './finding.ts';
import { judge, type Judged, type Judgement } from './judge.ts';
import { shrink } from './shrink.ts';
import { judgeSorting, sortingObserver, type Waiting } from './sorting.ts';

/** No schedule that is drawn needs a tenth of these events. */
export const CHECK_OPTIONS: SimulationOptions = { eventsMax: 3_000_000, strict: true };
/** Shrinking stops after so many runs, or so many events in them. */
export interface ShrinkLimits {
  readonly attemptsMax: number;
  readonly eventsMax: number;
}

/** A few seconds. */
const SHRINK_LIMITS: ShrinkLimits = { attemptsMax: 600, eventsMax: 4_000_000 };

/** What is drawn for each seed; whether only minorities crash follows from the ordering. */
export interface CheckOptions {
  readonly peersMax: number;
  readonly faults: readonly FaultChoice[];
}

/** A schedule that broke something, as it was drawn. */
export interface Failing {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly findings: readonly Finding[];
}

/** The same failure in a schedule as simple as could be found. */
export interface Shrunken extends Failing {
  readonly drawn: Scenario;
  /** How many runs it took to shrink it. */
  readonly attempts: number;
}

/** How often each fault had an effect. */
export type FaultCounts = Record<FaultKind, number>;

export interface Checked {
  /** How many seeds were run, up to and with the failing one. */
  readonly seeds: number;
  readonly failing: Failing | null;
  readonly faultsHappened: FaultCounts;
  /** In how many of the runs each could be judged. */
  readonly judged: JudgedCounts;
}

export type JudgedCounts = Partial<Record<Judged, number>>;

export function addJudged(sum: JudgedCounts, judged: JudgedCounts): void {
  for (const [name, runs] of Object.entries(judged) as [Judged, number][]) {
    sum[name] = (sum[name] ?? 0) + runs;
  }
}

/** Whether schedules in which packets are repeated are drawn for this ordering (see `seesRepetition`). */
export function drawsRepetition({ seesRepetition, retransmits }: OrderingEntry): boolean {
  return seesRepetition ?? retransmits;
}

/** Repetition is drawn only for an ordering that sees what the network repeats. */
export function drawOptionsFor(entry: OrderingEntry, options: CheckOptions): DrawOptions {
  const drawn = options.faults.filter((kind) => kind !== 'repetition' || drawsRepetition(entry));
  return {
    peersMax: options.peersMax,
    faults: new Set(drawn),
    minorityOnly: entry.survives === 'minority',
    moderate: entry.moderate ?? false,
  };
}

/** Runs one scenario and judges it by what `entry` declares. */
export function checkScenario(
  entry: OrderingEntry,
  scenario: Scenario,
): Judgement & { readonly result: SimulationResult } {
  const observer = sortingObserver(scenario);
  const result = simulate(entry.create, scenario, observer, CHECK_OPTIONS);
  const { findings, judged } = judge(entry, scenario, result);
  if (observer === null || findings.length > 0) return { result, findings, judged };
  const sorting = judgeSorting(observer.waiting, (factor) => runLonger(entry, scenario, factor));
  return { result, findings: sorting, judged: [...judged, 'sorting'] };
}

/** The same schedule, with so many times as many messages. */
function runLonger(entry: OrderingEntry, scenario: Scenario, factor: number): Waiting {
  const longer = withEnd({ ...scenario, messages: scenario.messages * factor });
  const observer = sortingObserver(longer)!;
  simulate(entry.create, longer, observer, CHECK_OPTIONS);
  return observer.waiting;
}

/** Runs the schedules of seeds `first` to `first + count - 1`, until one fails. */
export function checkSeeds(
  entry: OrderingEntry,
  first: number,
  count: number,
  options: CheckOptions,
  onSeed: (seed: number) => void = () => undefined,
): Checked {
  const drawOptions = drawOptionsFor(entry, options);
  const faultsHappened = noFaults();
  const judgedRuns: JudgedCounts = {};
  for (let seed = first; seed < first + count; seed += 1) {
    onSeed(seed);
    const scenario = drawScenario(seed, drawOptions);
    const { result, findings, judged } = checkScenario(entry, scenario);
    addFaults(faultsHappened, result.faultsHappened);
    addJudged(judgedRuns, Object.fromEntries(judged.map((name) => [name, 1])));
    if (findings.length > 0) {
      const failing = { seed, scenario, findings };
      return { seeds: seed - first + 1, failing, faultsHappened, judged: judgedRuns };
    }
  }
  return { seeds: count, failing: null, faultsHappened, judged: judgedRuns };
}

/** Shrinks a failure; what it broke first stays broken. */
export function shrinkFailing(
  entry: OrderingEntry,
  failing: Failing,
  onAttempt: (scenario: Scenario) => void = () => undefined,
  limits: ShrinkLimits = SHRINK_LIMITS,
): Shrunken {
  const { name } = failing.findings[0]!;
  let events = 0;
  const fails = (scenario: Scenario): boolean => {
    if (!isSurvivable(entry, scenario)) return false;
    onAttempt(scenario);
    const { result, findings } = checkScenario(entry, scenario);
    events += result.events;
    return findings[0]?.name === name;
  };
  const mayGoOn = (attempts: number): boolean =>
    attempts < limits.attemptsMax && events < limits.eventsMax;
  const { scenario, attempts } = shrink(failing.scenario, fails, mayGoOn);
  const { findings } = checkScenario(entry, scenario);
  return { seed: failing.seed, drawn: failing.scenario, scenario, findings, attempts };
}

/** Whether no more members crash than the ordering says that it survives, if it survives any. */
function isSurvivable({ survives }: OrderingEntry, { faults, peers }: Scenario): boolean {
  const crashes = faults.filter(({ kind }) => kind === 'crash').length;
  return survives === 'none' || crashes <= minorityOf(peers);
}

export function noFaults(): FaultCounts {
  return {
    crash: 0,
    restart: 0,
    pause: 0,
    lateStart: 0,
    clockSkew: 0,
    partition: 0,
    clog: 0,
    loss: 0,
    repetition: 0,
    reordering: 0,
  };
}

export function addFaults(sum: FaultCounts, counts: Readonly<FaultCounts>): void {
  for (const kind of Object.keys(sum) as FaultKind[]) sum[kind] += counts[kind];
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { FaultKind, Scenario } from '../scenario.ts';
import type { SimulationResult } from '../simulate.ts';
import { checkScenario } from './check-scenario.ts';
import { isLarge } from './draw-large.ts';
import type { DrawOptions, FaultChoice } from './draw-options.ts';
import type { Finding } from './finding.ts';
import type { Judged } from './judge.ts';
import { type DrawWatch, ScheduleSource } from './strategy/schedule-source.ts';
import type { Strategy } from './strategy/strategy.ts';

/** What is drawn for each seed; whether only minorities crash follows from the ordering. */
export interface CheckOptions {
  readonly peersMax: number;
  /** The most peers of large schedules; default `peersMax`. */
  readonly peersLargeMax?: number;
  readonly faults: readonly FaultChoice[];
  /** Default: `random`. */
  readonly strategy?: Strategy;
}

/** How many large schedules there were, and how many of them were cut short because they took too long. */
export interface LargeCounts {
  schedules: number;
  interrupted: number;
}

/**
 * Watches over a check: `begin` is told of each schedule that begins; `mayGoOn` is asked now and then whether
 * it may go on.
 */
export interface CheckWatch extends DrawWatch {
  readonly begin?: (seed: number, isLarge: boolean) => void;
}

/** A schedule that broke something, as it was drawn. */
export interface Failing {
  readonly seed: number;
  readonly scenario: Scenario;
  readonly findings: readonly Finding[];
}

/** How often each fault had an effect. */
export type FaultCounts = Record<FaultKind, number>;

export interface Checked {
  /** How many seeds were run, up to and with the failing one. */
  readonly seeds: number;
  readonly failing: Failing | null;
  readonly faultsHappened: FaultCounts;
  /** In how many of the runs each guarantee could be judged. */
  readonly judged: JudgedCounts;
  readonly large: LargeCounts;
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
    peersLargeMax: options.peersLargeMax,
    faults: new Set(drawn),
    minorityOnly: entry.survives === 'minority',
    moderate: entry.moderate ?? false,
  };
}

/** What seeds stand for under these options. */
export function scheduleSourceFor(entry: OrderingEntry, options: CheckOptions): ScheduleSource {
  return new ScheduleSource(entry, drawOptionsFor(entry, options), options.strategy);
}

/**
 * How many seeds lie between two schedules in which it is looked for whether members share memory: whoever does so does it in
 * almost every schedule. It is also looked for in the first one.
 */
const SHARING_EVERY = 127;

/** Runs the schedules of seeds `first` to `first + count - 1`, until one fails. */
export function checkSeeds(
  entry: OrderingEntry,
  first: number,
  count: number,
  options: CheckOptions,
  { begin, mayGoOn, onEarlier }: CheckWatch = {},
): Checked {
  const drawOptions = drawOptionsFor(entry, options);
  const source = scheduleSourceFor(entry, options);
  const limits = mayGoOn === undefined ? {} : { mayGoOn };
  const sum = nothingCounted();
  for (let seed = first; seed < first + count; seed += 1) {
    const isOneOfLarge = isLarge(seed, drawOptions);
    const next = source.next(seed, { ...limits, ...(onEarlier !== undefined && { onEarlier }) });
    begin?.(seed, isOneOfLarge);
    const seen = next.coverage === null ? {} : { observer: next.coverage };
    const judgesSharing = seed === first || seed % SHARING_EVERY === 0;
    const checked = checkScenario(entry, next.drawn, { ...limits, ...seen, judgesSharing });
    const { scenario, result, findings, judged } = checked;
    source.learn(seed, next);
    addFaults(sum.faultsHappened, result.faultsHappened);
    addJudged(sum.judged, Object.fromEntries(judged.map((name) => [name, 1])));
    if (isOneOfLarge) addLarge(sum.large, largeOne(result));
    if (findings.length > 0) {
      return { seeds: seed - first + 1, failing: { seed, scenario, findings }, ...sum };
    }
  }
  return { seeds: count, failing: null, ...sum };
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

/** The counts before any schedule was run. */
export function nothingCounted(): Pick<Checked, 'faultsHappened' | 'judged' | 'large'> {
  return { faultsHappened: noFaults(), judged: {}, large: noLarge() };
}

export function noLarge(): LargeCounts {
  return { schedules: 0, interrupted: 0 };
}

function largeOne({ reason }: SimulationResult): LargeCounts {
  return { schedules: 1, interrupted: reason === 'interrupted' ? 1 : 0 };
}

export function addLarge(sum: LargeCounts, more: Readonly<LargeCounts>): void {
  sum.schedules += more.schedules;
  sum.interrupted += more.interrupted;
}

export function addFaults(sum: FaultCounts, counts: Readonly<FaultCounts>): void {
  for (const kind of Object.keys(sum) as FaultKind[]) sum[kind] += counts[kind];
}

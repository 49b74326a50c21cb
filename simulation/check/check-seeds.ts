import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { FaultKind, Scenario } from '../scenario.ts';
import { simulate, type SimulationOptions, type SimulationResult } from '../simulate.ts';
import { type DrawOptions, type FaultChoice, minorityOf } from './draw-options.ts';
import { drawScenario } from './draw-scenario.ts';
import type { Finding } from './finding.ts';
import { judge } from './judge.ts';
import { shrink } from './shrink.ts';
import { sortingObserver } from './sorting.ts';

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
}

/**
 * Repetition is drawn only for an ordering that sends again, and so has to know messages that it has:
 * for the others the daemon drops repeated datagrams before they see them (docs/wire-format.md).
 */
export function drawOptionsFor(entry: OrderingEntry, options: CheckOptions): DrawOptions {
  return {
    peersMax: options.peersMax,
    faults: new Set(options.faults.filter((kind) => kind !== 'repetition' || entry.retransmits)),
    minorityOnly: entry.survives === 'minority',
  };
}

/** Runs one scenario and judges it by what `entry` declares. */
export function checkScenario(
  entry: OrderingEntry,
  scenario: Scenario,
): { readonly result: SimulationResult; readonly findings: readonly Finding[] } {
  const observer = sortingObserver(scenario);
  const result = simulate(entry.create, scenario, observer, CHECK_OPTIONS);
  return { result, findings: judge(entry, scenario, result, observer?.delivered ?? null) };
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
  for (let seed = first; seed < first + count; seed += 1) {
    onSeed(seed);
    const scenario = drawScenario(seed, drawOptions);
    const { result, findings } = checkScenario(entry, scenario);
    addFaults(faultsHappened, result.faultsHappened);
    if (findings.length > 0) {
      return { seeds: seed - first + 1, failing: { seed, scenario, findings }, faultsHappened };
    }
  }
  return { seeds: count, failing: null, faultsHappened };
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

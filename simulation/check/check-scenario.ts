import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { TIME_US_MAX } from '../run/event-queue.ts';
import { bothObservers } from '../observers/both-observers.ts';
import type { Scenario } from '../scenario.ts';
import {
  type Observer,
  simulate,
  type SimulationOptions,
  type SimulationResult,
} from '../simulate.ts';
import type { Finding } from './finding.ts';
import { isAboutTheEnd, isUnfinished, judge, type Judged } from './judge.ts';
import { hearsOthers } from './observed.ts';
import { SharingWatch } from './sharing/sharing-watch.ts';
import { type EarlyDeliveries, judgeSorting, sortingObserver } from './sorting.ts';

/** The bound on events of a schedule; none that is drawn needs a third of these. */
export const CHECK_OPTIONS: SimulationOptions = { eventsMax: 3_000_000, strict: true };
/** The same for orderings whose events each take long: a minute or two. */
const MODERATE_EVENTS_MAX = 1_000_000;

/** The factor by which a run is made longer that came to its end while messages were missing. */
const LONGER = 4;
export interface CheckScenarioOptions {
  /**
   * It is asked now and then; when it says no, the run ends, and only what was delivered wrongly is judged.
   */
  readonly mayGoOn?: () => boolean;
  /**
   * Whether a run that ends while messages are missing is made longer, to see whether they come, and one in
   * which a message waits for the end is repeated under other seeds; default true. Without that, a slow
   * ordering may be accused.
   */
  readonly isThorough?: boolean;
  /**
   * Whether it is seen if members reach each other by other means than packets; default true. It takes a third as long
   * again.
   */
  readonly judgesSharing?: boolean;
  /** Sees the scenario run once as it was asked for. */
  readonly observer?: Observer;
}

/** How one run is made of a scenario. */
interface RunOptions extends CheckScenarioOptions {
  /** How long everything has to have been delivered before the run is over, as in SimulationOptions. */
  readonly settleUs?: number;
}

/** The outcome of one scenario. */
export interface CheckedScenario {
  /** The scenario that was judged: the one that was asked for, or the same with a later end. */
  readonly scenario: Scenario;
  readonly result: SimulationResult;
  /** What it broke; the first is the one to look at. */
  readonly findings: readonly Finding[];
  /** What could be judged, and held or did not. */
  readonly judged: readonly Judged[];
  /** The events of all runs that it took. */
  readonly events: number;
}

/** Runs one scenario and judges it by what `entry` declares. */
export function checkScenario(
  entry: OrderingEntry,
  scenario: Scenario,
  options: CheckScenarioOptions = {},
): CheckedScenario {
  const { early, ...checked } = runToItsEnd(entry, scenario, options);
  if (early === null || checked.findings.length > 0) return checked;
  let { events } = checked;
  const runAgain = (other: Scenario, observer: Observer): boolean => {
    const result = simulate(entry.create, other, observer, optionsOf(entry, options));
    events += result.events;
    return result.reason !== 'interrupted';
  };
  const otherSeeds = (options.isThorough ?? true) ? SEEDS_CONFIRMING : 0;
  const findings = judgeSorting(checked.scenario, early, runAgain, otherSeeds);
  if (findings === null) return { ...checked, events };
  return {
    ...checked,
    findings: findings.map((finding) => placed(finding, checked.result)),
    judged: [...checked.judged, 'sorting'],
    events,
  };
}

/**
 * The number of other seeds under which the same has to be seen before an ordering is accused of
 * sorting.
 */
const SEEDS_CONFIRMING = 3;

/** The finding with the positions at which the run of full length delivered what it speaks of. */
function placed(finding: Finding, { members }: SimulationResult): Finding {
  const observations = finding.observations.map((observation) => {
    const { senders, sequences } = members[observation.peer]!.sequence;
    const { sender, sequence } = observation;
    const position = senders.findIndex((from, at) => from === sender && sequences[at] === sequence);
    return { ...observation, position: position < 0 ? null : position };
  });
  return { ...finding, observations };
}

interface Run extends CheckedScenario {
  /** The early deliveries; `null` where nothing can be told from them. */
  readonly early: EarlyDeliveries | null;
}

/**
 * Runs a scenario to its end, or a longer one. An ordering may be slow: a run that ends while something
 * is missing shows nothing if a longer one delivers more. So the longer one is judged instead, as long
 * as there are longer ones. However long nothing came, one longer run is tried before anybody is accused: who is silent may
 * wait for a time that it set. Where messages still come then, it is left open whether all would have
 * come. A run that was over early, since all had equally many messages and nothing came for 5 s, goes on to its end
 * first: a slow fail-over may bring the one that a crashed member had delivered.
 */
function runToItsEnd(entry: OrderingEntry, scenario: Scenario, options: CheckScenarioOptions): Run {
  const { observer: _seen, isThorough = true, ...unseen } = options;
  let last = run(entry, scenario, options);
  if (!isThorough) return last;
  if (isEarly(last)) {
    const again = run(entry, scenario, { ...unseen, settleUs: Infinity });
    last = { ...again, events: last.events + again.events };
  }
  while (isUnfinished(last.result, last.findings)) {
    const { endUs } = last.scenario;
    if (endUs * LONGER > TIME_US_MAX) return leftOpen(entry, last);
    const longer = { ...last.scenario, endUs: endUs * LONGER };
    const again = run(entry, longer, unseen);
    const next = { ...again, events: last.events + again.events };
    // One that was cut short may have ended before the other did, and shows nothing.
    if (next.result.reason === 'interrupted') return leftOpen(entry, last);
    if (deliveriesOf(next) <= deliveriesOf(last)) return last;
    if (next.result.reason === 'stuck') return leftOpen(entry, last);
    last = next;
  }
  return last;
}

function isEarly({ result, findings }: Run): boolean {
  return result.reason === 'complete' && findings.length > 0 && findings.every(isAboutTheEnd);
}

/** Judges the same run only by what was delivered wrongly. */
function leftOpen(entry: OrderingEntry, ended: Run): Run {
  return { ...ended, ...judge(entry, ended.scenario, ended.result, false), early: null };
}

function deliveriesOf({ result }: Run): number {
  return result.members.reduce((sum, { sequence }) => sum + sequence.length, 0);
}

function run(entry: OrderingEntry, scenario: Scenario, options: RunOptions): Run {
  const sorting = sortingObserver(scenario);
  const sharing = (options.judgesSharing ?? true) ? new SharingWatch(entry, scenario) : null;
  const runAgain = (create: Create): boolean =>
    simulate(create, scenario, null, optionsOf(entry, options)).reason !== 'interrupted';
  const result = simulate(
    sharing?.create ?? entry.create,
    scenario,
    bothOf(bothOf(sorting, options.observer ?? null), sharing?.flow ?? null),
    optionsOf(entry, options),
  );
  const isWhole = result.reason !== 'interrupted';
  const { findings: broken, judged } = judge(entry, scenario, result, isWhole);
  const findings = sharing === null ? broken : findingsWithSharing(sharing, broken, runAgain);
  // A run in which nobody hears of others has no waits to judge.
  const isWatched = isWhole && sorting !== null && hearsOthers(result.members);
  const early = isWatched ? sorting.early : null;
  return { scenario, result, findings, judged, events: result.events, early };
}

/** Whoever knows what no packet brought breaks nothing else by it, or much. */
function findingsWithSharing(
  sharing: SharingWatch,
  broken: readonly Finding[],
  runAgain: (create: Create) => boolean,
): readonly Finding[] {
  const findings = sharing.findingsWith(broken);
  const apart = findings.length === 0 ? sharing.findingApart(runAgain) : null;
  return apart === null ? findings : [apart];
}

function bothOf(first: Observer | null, second: Observer | null): Observer | null {
  return first === null || second === null ? (first ?? second) : bothObservers(first, second);
}

function optionsOf(
  { moderate = false }: OrderingEntry,
  { mayGoOn, settleUs }: RunOptions,
): SimulationOptions {
  return {
    ...CHECK_OPTIONS,
    // Each of their events may take seconds: whoever watches hears of every one.
    ...(moderate ? { eventsMax: MODERATE_EVENTS_MAX, eventsPerQuestion: 1 } : {}),
    ...(mayGoOn === undefined ? {} : { mayGoOn }),
    ...(settleUs === undefined ? {} : { settleUs }),
  };
}

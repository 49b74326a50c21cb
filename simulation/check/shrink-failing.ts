import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Scenario } from '../scenario.ts';
import { checkScenario } from './check-scenario.ts';
import type { CheckWatch, Failing } from './check-seeds.ts';
import { minorityOf } from './draw-options.ts';
import { shrink } from './shrink.ts';

/** Shrinking stops after this number of runs, or this number of events in them. */
export interface ShrinkLimits {
  readonly attemptsMax: number;
  readonly eventsMax: number;
}

/** The limits by default: a few seconds of work. */
const SHRINK_LIMITS: ShrinkLimits = { attemptsMax: 600, eventsMax: 4_000_000 };

/** The same failure in a schedule as simple as could be found. */
export interface Shrunken extends Failing {
  readonly drawn: Scenario;
  /** How many runs it took to shrink it. */
  readonly attempts: number;
}

/** Shrinks a failure so that the guarantee that it broke first stays broken. */
export function shrinkFailing(
  entry: OrderingEntry,
  failing: Failing,
  { begin, mayGoOn: mayContinue }: CheckWatch = {},
  { attemptsMax, eventsMax }: ShrinkLimits = SHRINK_LIMITS,
): Shrunken {
  const { name } = failing.findings[0]!;
  const limits = mayContinue === undefined ? {} : { mayGoOn: mayContinue };
  const hasty = { isThorough: false, judgesSharing: name === 'sharing' };
  let events = 0;
  const fails = (scenario: Scenario): boolean => {
    if (!isSurvivable(entry, scenario)) return false;
    begin?.(failing.seed, false);
    // It was found out before that the ordering is not merely slow, or shares memory; the result is judged with care again.
    const checked = checkScenario(entry, scenario, { ...limits, ...hasty });
    events += checked.events;
    return checked.findings[0]?.name === name;
  };
  const mayGoOn = (attempts: number): boolean => attempts < attemptsMax && events < eventsMax;
  const { scenario, attempts } = shrink(failing.scenario, fails, mayGoOn);
  const { findings } = checkScenario(entry, scenario, limits);
  const isSame = findings[0]?.name === name;
  if (!isSame) return { ...failing, drawn: failing.scenario, attempts };
  return { seed: failing.seed, drawn: failing.scenario, scenario, findings, attempts };
}

/** Whether no more members crash than the ordering says that it survives, if it survives any. */
function isSurvivable({ survives }: OrderingEntry, { faults, peers }: Scenario): boolean {
  const crashes = faults.filter(({ kind }) => kind === 'crash').length;
  return survives === 'none' || crashes <= minorityOf(peers);
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import { addJudged, type JudgedCounts } from '../check/check-seeds.ts';
import { type Choice, formatChoice, parseChoice } from '../choices/choice.ts';
import type { Fates } from '../choices/fates.ts';
import { type SavedSearch, ScheduleSearch } from '../choices/search-schedules.ts';
import { EndlessScheduleError, type SearchStart } from '../choices/search-space.ts';
import { splitSchedules } from '../choices/split-schedules.ts';
import { explicitChoices } from './explicit-choices.ts';
import { cameTrue, mergeSeen, NOTHING_SEEN, type Seen, seenIn } from './fate-plans.ts';
import { isSilent, judgeChosenRun } from '../choices/shortest/judge-chosen-run.ts';
import { type Scope, spaceOf } from './scope.ts';
import { findingsOf } from './shorten-schedule.ts';

/** A part of the search of a scope, and how far it has come: plain data, to be kept and handed about. */
export interface SearchPart {
  readonly fates: Fates;
  readonly prefix: readonly string[];
  readonly sleep: readonly string[];
  /** Where the search of the part stands; `null` before it begins. */
  readonly saved: SavedSearch | null;
}

/** What came of some schedules; the sum of two tallies is the tally of both. */
export interface ScheduleTally {
  /**
   * Schedules that were judged, no two of which look the same to every member, or had the same losses
   * and crashes.
   */
  readonly schedules: number;
  /**
   * Schedules in which a timer was still to go off: what is to be delivered in the end was not judged
   * there.
   */
  readonly withTimersLeft: number;
  /** Schedules in which nobody delivered anything. */
  readonly silent: number;
  /** In how many schedules each guarantee could be judged. */
  readonly judged: JudgedCounts;
}

export interface PartProgress {
  readonly tally: ScheduleTally;
  readonly seen: Seen;
  /** The part as it stands now; `null` when it is done. */
  readonly rest: SearchPart | null;
  /** The first schedule that broke something, with losses and crashes as choices; the part stops there. */
  readonly broken: readonly string[] | null;
  /** Why the rest was given up; `null` where it was not. */
  readonly givenUp: string | null;
}

export const NO_TALLY: ScheduleTally = { schedules: 0, withTimersLeft: 0, silent: 0, judged: {} };

export function addScheduleTally(a: ScheduleTally, b: ScheduleTally): ScheduleTally {
  const judged: JudgedCounts = {};
  addJudged(judged, a.judged);
  addJudged(judged, b.judged);
  return {
    schedules: a.schedules + b.schedules,
    withTimersLeft: a.withTimersLeft + b.withTimersLeft,
    silent: a.silent + b.silent,
    judged,
  };
}

/** Cuts the search of the schedules with these fates into parts that know nothing of each other. */
export function partsOf(
  entry: OrderingEntry,
  scope: Scope,
  fates: Fates,
  partsMin: number,
): SearchPart[] {
  return splitSchedules(spaceOf(entry, scope, fates), partsMin).map(({ prefix, sleep }) => ({
    fates,
    prefix: prefix.map(formatChoice),
    sleep: sleep.map(formatChoice),
    saved: null,
  }));
}

/** The schedule as texts, with its losses and crashes as choices of their own. */
export interface BrokenSchedule {
  readonly choices: readonly Choice[];
  readonly findings: readonly Finding[];
}

/**
 * Judges the schedules of a part, from where it stands, until `mayGoOn` says no, but at least one of them.
 * Stops for good at one that breaks something, unless `isPassedOver` says that this one is not to stop it.
 */
export function searchPart(
  entry: OrderingEntry,
  scope: Scope,
  part: SearchPart,
  mayGoOn: () => boolean,
  isPassedOver: (broken: BrokenSchedule) => boolean = () => false,
): PartProgress {
  const tally = { schedules: 0, withTimersLeft: 0, silent: 0, judged: {} as JudgedCounts };
  let seen = NOTHING_SEEN;
  const done = (
    rest: SearchPart | null,
    broken: readonly Choice[] | null = null,
    givenUp: string | null = null,
  ): PartProgress => {
    return { tally, seen, rest, broken: broken?.map(formatChoice) ?? null, givenUp };
  };
  try {
    const search = new ScheduleSearch(spaceOf(entry, scope, part.fates), startOf(part), part.saved);
    do {
      const next = search.next();
      if (next === null) return done(null);
      const { run } = next;
      if (!cameTrue(part.fates, run)) continue;
      seen = mergeSeen(seen, seenIn(run));
      const { findings, judged } = judgeChosenRun(entry, run);
      tally.schedules += 1;
      if (!run.isQuiet) tally.withTimersLeft += 1;
      if (isSilent(run)) tally.silent += 1;
      addJudged(tally.judged, Object.fromEntries(judged.map((name) => [name, 1])));
      if (findings.length > 0) {
        const choices = explicitChoices(entry, scope, part.fates, run.taken);
        if (!isPassedOver({ choices, findings })) return done(null, choices);
      }
    } while (mayGoOn());
    return done({ ...part, saved: search.save() });
  } catch (error) {
    if (!(error instanceof EndlessScheduleError)) throw error;
    const choices = explicitChoices(entry, scope, part.fates, error.choices);
    const isEndless = findingsOf(entry, scope, choices)[0]?.name === 'endless';
    return isEndless ? done(null, choices) : done(null, null, error.message);
  }
}

function startOf({ prefix, sleep }: SearchPart): SearchStart {
  return { prefix: prefix.map(parseChoice), sleep: sleep.map(parseChoice) };
}

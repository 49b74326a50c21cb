import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import { addJudged, type JudgedCounts } from '../check/check-seeds.ts';
import type { Judged } from '../check/judge.ts';
import { type Choice, formatChoice } from '../choices/choice.ts';
import type { Fates } from '../choices/fates.ts';
import { type SavedSearch, ScheduleSearch } from '../choices/search/search-schedules.ts';
import { EndlessScheduleError, type SearchStart } from '../choices/search/search-space.ts';
import { splitSchedules } from '../choices/search/split-schedules.ts';
import { ChoiceCodes } from '../choices/states/choice-codes.ts';
import { explicitChoices } from './explicit-choices.ts';
import type { SearchedRun } from '../choices/states/searched-run.ts';
import { cameTrue, type Seen } from './fate-plans.ts';
import { type Scope, spaceOf } from './scope.ts';
import { ScopeKnowledge } from './scope-knowledge.ts';
import { SeenSum } from './seen-sum.ts';
import { brokenBeginning, findingsOf, isMendedLater } from './shorten-schedule.ts';

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
  { states } = new ScopeKnowledge(entry, scope),
): SearchPart[] {
  const parts = splitSchedules(spaceOf(entry, scope, fates), partsMin, states);
  const codes = new ChoiceCodes(scope.peers);
  const textsOf = (numbers: readonly number[]): string[] =>
    numbers.map((code) => codes.textOf(code));
  return parts.map(({ prefix, sleep }) => ({
    fates,
    prefix: textsOf(prefix),
    sleep: textsOf(sleep),
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
 * `knowledge` is of the same scope.
 */
export function searchPart(
  entry: OrderingEntry,
  scope: Scope,
  part: SearchPart,
  mayGoOn: () => boolean,
  isPassedOver: (broken: BrokenSchedule) => boolean = () => false,
  knowledge = new ScopeKnowledge(entry, scope),
): PartProgress {
  const sum = new PartSum(scope.peers);
  const done = (
    rest: SearchPart | null,
    broken: readonly Choice[] | null = null,
    givenUp: string | null = null,
  ): PartProgress => {
    return { ...sum.value, rest, broken: broken?.map(formatChoice) ?? null, givenUp };
  };
  const { states, judge } = knowledge;
  // Other runs may have used the same processes, or the same variables of a module, since the last part.
  states.dropLive();
  try {
    const space = spaceOf(entry, scope, part.fates);
    const search = new ScheduleSearch(space, startOf(part, scope), part.saved, states);
    do {
      const run = search.next();
      if (run === null) return done(null);
      if (!cameTrue(part.fates, run)) continue;
      const { findings, judged } = judge.judge(run);
      sum.add(run, judged);
      if (findings.length > 0) {
        const choices = explicitChoices(entry, scope, part.fates, run.choices);
        const isBroken = !isMendedLater(entry, scope, choices);
        if (isBroken && !isPassedOver({ choices, findings })) return done(null, choices);
        states.dropLive();
      }
    } while (mayGoOn());
    return done({ ...part, saved: search.save() });
  } catch (error) {
    if (!(error instanceof EndlessScheduleError)) throw error;
    const choices = explicitChoices(entry, scope, part.fates, error.choices);
    // What it broke on the way says more than that it does not end.
    const broken = brokenBeginning(entry, scope, choices);
    const isBroken = findingsOf(entry, scope, broken).length > 0;
    return isBroken ? done(null, broken) : done(null, null, error.message);
  }
}

/** What came of the schedules of a part so far. */
class PartSum {
  readonly #peers: number;
  #schedules = 0;
  #withTimersLeft = 0;
  #silent = 0;
  /** How often each list of what could be judged came up: there are few, and many schedules. */
  readonly #judged = new Map<readonly Judged[], number>();
  readonly #seen: SeenSum;

  constructor(peers: number) {
    this.#peers = peers;
    this.#seen = new SeenSum(peers);
  }

  get value(): Pick<PartProgress, 'tally' | 'seen'> {
    const judged: JudgedCounts = {};
    for (const [names, count] of this.#judged) {
      addJudged(judged, Object.fromEntries(names.map((name) => [name, count])));
    }
    const [schedules, withTimersLeft, silent] = [
      this.#schedules,
      this.#withTimersLeft,
      this.#silent,
    ];
    return { tally: { schedules, withTimersLeft, silent, judged }, seen: this.#seen.value };
  }

  add(run: SearchedRun, judged: readonly Judged[]): void {
    this.#schedules += 1;
    if (!run.isQuiet) this.#withTimersLeft += 1;
    if (run.isSilent) this.#silent += 1;
    this.#judged.set(judged, (this.#judged.get(judged) ?? 0) + 1);
    for (let member = 0; member < this.#peers; member += 1) {
      this.#seen.add(member, run.stateOf(member));
    }
  }
}

function startOf({ prefix, sleep }: SearchPart, { peers }: Scope): SearchStart {
  const codes = new ChoiceCodes(peers);
  const codesOf = (texts: readonly string[]): number[] => texts.map((text) => codes.fromText(text));
  return { prefix: codesOf(prefix), sleep: codesOf(sleep) };
}

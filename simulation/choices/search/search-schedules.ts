import { ImpossibleChoiceError } from '../choice.ts';
import { NO_STEP } from '../states/causality.ts';
import {
  BEGINNING,
  EndlessScheduleError,
  type SearchSpace,
  type SearchStart,
} from './search-space.ts';
import { GroupStates } from '../states/group-states.ts';
import { SearchedRun } from '../states/searched-run.ts';

/**
 * Where a search stands, as texts: another process that knows its space and its start can go on from there.
 */
export type SavedSearch = readonly SavedNode[];

interface SavedNode {
  readonly chosen: string;
  readonly backtrack: readonly string[];
  readonly sleep: readonly string[];
}

export interface SearchCounts {
  /** Schedules of which no two look the same to every member. */
  readonly schedules: number;
  /** Beginnings that were given up because every continuation of them had been seen. */
  readonly blocked: number;
  /** All steps that were taken. */
  readonly steps: number;
}

/** What the search knows about one step of its present schedule. Choices are numbers (choice-codes.ts). */
interface Node {
  /** The choices that were possible here. */
  readonly enabled: readonly number[];
  /** The choices that are to be explored here, or were. */
  readonly backtrack: number[];
  /** Choices that need not be explored here, or have been. */
  readonly sleep: number[];
  chosen: number;
}

/**
 * Every schedule of a space that differs in what some member can see, each once. Calls `onFinished` for each; when
 * that returns true the search ends there.
 *
 * @throws EndlessScheduleError for a schedule of more than `stepsMax` steps.
 */
export function searchSchedules(
  space: SearchSpace,
  onFinished: (run: SearchedRun) => boolean,
): SearchCounts {
  const search = new ScheduleSearch(space);
  for (let next = search.next(); next !== null; next = search.next()) {
    if (onFinished(next)) break;
  }
  return search.counts;
}

/**
 * A search that is asked for one schedule after the other, and can be put down in between.
 *
 * Two steps of different members commute unless one sends what the other receives, so that schedules which
 * differ only in the order of such steps are the same to every member (Mazurkiewicz 1977). The search runs
 * one schedule of each class: it takes any schedule, finds the arrivals that could also have come earlier at
 * their member (races), and goes back to where each could have been; choices already explored sleep until a
 * step of the same member wakes them. This is source-DPOR (Abdulla, Aronis, Jonsson and Sagonas, "Optimal
 * dynamic partial order reduction", POPL 2014, algorithm 1) after Godefroid's sleep sets (1996). It keeps the
 * schedule it is in, and what members did in others (member-tree.ts).
 *
 * A search that begins after a prefix never goes back into it: whoever made the prefix explores everything else
 * that was possible there (split-schedules.ts).
 */
export class ScheduleSearch {
  readonly #space: SearchSpace;
  readonly #states: GroupStates;
  readonly #nodes: Node[] = [];
  readonly #prefixLength: number;
  #run: SearchedRun;
  /** The choices that need not be explored where the first schedule begins; `null` after that schedule. */
  #first: readonly number[] | null;
  #schedules = 0;
  #blocked = 0;
  #steps = 0;

  /**
   * `saved` is what `save` returned for a search of the same space and start, and `states` were made for the same
   * `create` and scenario. @throws RangeError if they were of others.
   */
  constructor(
    space: SearchSpace,
    start: SearchStart = BEGINNING,
    saved: SavedSearch | null = null,
    states = new GroupStates(space.create, space.scenario),
  ) {
    this.#space = space;
    this.#states = states;
    this.#run = new SearchedRun(states, space);
    const { codes } = this.#run;
    const codesOf = (texts: readonly string[]): number[] =>
      texts.map((text) => codes.fromText(text));
    this.#prefixLength = start.prefix.length;
    for (const chosen of start.prefix) this.#goOn({ chosen, backtrack: [], sleep: [] });
    for (const { chosen, backtrack, sleep } of saved ?? []) {
      const [code] = codesOf([chosen]);
      this.#goOn({ chosen: code!, backtrack: codesOf(backtrack), sleep: codesOf(sleep) });
    }
    this.#first = saved === null ? start.sleep : null;
  }

  get counts(): SearchCounts {
    return { schedules: this.#schedules, blocked: this.#blocked, steps: this.#steps };
  }

  /** The next schedule; `null` when there is none. The result is valid until the next call. */
  next(): SearchedRun | null {
    if (this.#states.isFull) this.#beginAnew();
    let sleep = this.#first ?? this.#goBack();
    this.#first = null;
    for (; sleep !== null; sleep = this.#goBack()) {
      const isWhole = this.#toTheEnd(sleep);
      this.#findMissed();
      if (isWhole) {
        this.#schedules += 1;
        return this.#run;
      }
      this.#blocked += 1;
    }
    return null;
  }

  /** May be called once `next` has returned for the first time. */
  save(): SavedSearch {
    const textOf = (code: number): string => this.#run.codes.textOf(code);
    return this.#nodes.slice(this.#prefixLength).map(({ chosen, backtrack, sleep }) => ({
      chosen: textOf(chosen),
      backtrack: backtrack.map(textOf),
      sleep: sleep.map(textOf),
    }));
  }

  /** Takes steps until none is left; false when all that are left sleep. */
  #toTheEnd(sleepHere: readonly number[]): boolean {
    let sleep = sleepHere;
    for (;;) {
      const enabled = this.#run.enabled();
      const chosen = enabled.find((code) => !sleep.includes(code));
      if (chosen === undefined) return enabled.length === 0;
      const { stepsMax = Infinity } = this.#space;
      if (this.#nodes.length >= stepsMax) {
        throw new EndlessScheduleError(stepsMax, this.#run.choices);
      }
      const node = { enabled, backtrack: [], sleep: [...sleep], chosen };
      this.#explore(node, chosen);
      this.#nodes.push(node);
      sleep = this.#descend(node);
    }
  }

  /** Leads to the last step at which something is left to be explored; null when there is none. */
  #goBack(): readonly number[] | null {
    while (this.#nodes.length > this.#prefixLength) {
      const node = this.#nodes.at(-1)!;
      if (!node.sleep.includes(node.chosen)) node.sleep.push(node.chosen);
      const next = node.backtrack.find((code) => !node.sleep.includes(code));
      if (next !== undefined) {
        node.chosen = next;
        this.#run.undoTo(this.#nodes.length - 1);
        return this.#descend(node);
      }
      this.#nodes.pop();
    }
    return null;
  }

  /** Takes a step that was chosen before this search began. @throws ImpossibleChoiceError where it is not possible. */
  #goOn(known: Omit<Node, 'enabled'>): void {
    const enabled = this.#run.enabled();
    if (!enabled.includes(known.chosen)) {
      throw new ImpossibleChoiceError(this.#run.codes.textOf(known.chosen), this.#run.length);
    }
    this.#nodes.push({ ...known, enabled });
    this.#take(known.chosen);
  }

  /** Forgets what members did in other schedules, and runs to where the search stands. */
  #beginAnew(): void {
    this.#states.forget();
    this.#run = new SearchedRun(this.#states, this.#space);
    for (const { chosen } of this.#nodes) this.#take(chosen);
  }

  /** Notes that `code` is to be explored at `node`, and with it whatever else its member could do there. */
  #explore({ enabled, backtrack }: Node, code: number): void {
    const { codes } = this.#run;
    const member = codes.memberOf(code);
    for (const each of enabled) {
      if (codes.memberOf(each) === member && !backtrack.includes(each)) backtrack.push(each);
    }
  }

  /** Takes the chosen step of the last node, and returns what sleeps after it: choices of others. */
  #descend({ chosen, sleep }: Node): readonly number[] {
    const { codes } = this.#run;
    const member = codes.memberOf(chosen);
    this.#take(chosen);
    this.#findRaceWith(this.#run.length - 1);
    return sleep.filter((code) => codes.memberOf(code) !== member);
  }

  #take(code: number): void {
    this.#run.take(code);
    this.#steps += 1;
  }

  /** Finds whether a step could have come before the one before it at the same member. */
  #findRaceWith(step: number): void {
    const { causality, taken } = this.#run;
    const before = causality.previousOf(step);
    const cause = causality.causeOf(step);
    if (before === NO_STEP || cause === NO_STEP) return;
    if (!this.#areInLine(before, taken[step]!)) this.#findRace(before, cause);
  }

  /** Whether `code` is the arrival that comes after that of step `before` on one reliable channel. */
  #areInLine(before: number, code: number): boolean {
    if (this.#space.channels !== 'reliable') return false;
    const { codes, taken } = this.#run;
    const other = taken[before]!;
    return (
      codes.isArrival(code) && codes.isArrival(other) && codes.pathOf(code) === codes.pathOf(other)
    );
  }

  /**
   * A step was caused by step `cause`, and `before` is the step before it at the same member. If `before` did
   * not happen before `cause`, that step could have come first: then one of the steps that lead to it is to be
   * explored where `before` was taken. What was possible there already is explored anyway.
   */
  #findRace(before: number, cause: number): void {
    const { causality, taken } = this.#run;
    if (before < this.#prefixLength || cause < before) return;
    if (causality.isBefore(before, cause)) return;
    const node = this.#nodes[before]!;
    const initials = causality.initialsAfter(before);
    if (initials.some((step) => node.backtrack.includes(taken[step]!))) return;
    this.#explore(node, taken[initials[0]!]!);
  }

  /**
   * Finds races with packets that are still under way to members that stopped: each packet might have arrived
   * in the place of that member's last step, and no step of this schedule shows that.
   */
  #findMissed(): void {
    const { causality, codes } = this.#run;
    for (const code of this.#run.missed()) {
      const last = causality.lastOf(codes.memberOf(code));
      if (last === NO_STEP || this.#areInLine(last, code)) continue;
      this.#findRace(last, this.#run.causeOf(code));
    }
  }
}

import type { Choice } from '../choice.ts';
import { type ChoiceBounds, choicesWithin } from './choice-bounds.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { comesEarlierOtherwise, type PlacedChoice, placeNext } from './schedule-shape.ts';

/** What a schedule is to come to. */
export interface Aim {
  /**
   * Whether a run has come to it. `isNews`: in its last step somebody delivered something, or failed; without that
   * nothing that stays broken can have been broken just now. The run may be gone on with to find out.
   */
  readonly isReached: (run: ChosenRun, isNews: boolean) => boolean;
  /** A number of choices below which a run cannot come to it; default 0. */
  readonly stepsMissing?: (run: ChosenRun) => number;
}

/** Which schedules are looked at. */
export interface ShortestBounds {
  /** The most choices of a schedule. */
  readonly lengthMax: number;
  readonly choices: ChoiceBounds;
  /** Asked before every choice, with the number of those that were taken so far; when it says no, the search ends. */
  readonly mayGoOn: (choicesTaken: number) => boolean;
  /** Is told each schedule before its last choice is taken: some ordering may not come back from that. */
  readonly onTry?: (choices: readonly Choice[]) => void;
}

export interface ShortestSearch {
  /** A schedule that reaches the aim, and of which there is no shorter one within the bounds; `null`: none was found. */
  readonly choices: readonly Choice[] | null;
  /** No schedule of at most this number of choices reaches it, unless it is the one that was found. */
  readonly provenLength: number;
}

/**
 * Looks for the shortest schedule that reaches an aim, within bounds: all schedules of one choice, of two, and so on
 * (iterative deepening, Korf 1985), each of them once, however its steps were mixed (schedule-shape.ts).
 * Nothing is kept but the schedule that it is in, and each run begins anew where the search goes back. `begin` makes
 * a run in which nothing has happened yet.
 */
export function findShortest(
  begin: () => ChosenRun,
  aim: Aim,
  bounds: ShortestBounds,
): ShortestSearch {
  const search = new Deepening(begin, aim, bounds);
  for (let length = 0; length <= bounds.lengthMax; length += 1) {
    const choices = search.ofLength(length);
    if (choices !== null) return { choices, provenLength: length };
    if (search.isStopped) return { choices: null, provenLength: length - 1 };
    // No schedule is as long as that, so that none is longer.
    if (!search.sawAny) break;
  }
  return { choices: null, provenLength: bounds.lengthMax };
}

class Deepening {
  readonly #begin: () => ChosenRun;
  readonly #aim: Aim;
  readonly #bounds: ShortestBounds;
  readonly #path: PlacedChoice[] = [];
  #taken = 0;
  isStopped = false;
  /** Whether there are schedules of the length that was looked at last, or may be but for what was left out. */
  sawAny = true;

  constructor(begin: () => ChosenRun, aim: Aim, bounds: ShortestBounds) {
    this.#begin = begin;
    this.#aim = aim;
    this.#bounds = bounds;
  }

  /** A schedule of `length` choices that reaches the aim; `null` where there is none, or the search was stopped. */
  ofLength(length: number): Choice[] | null {
    const run = this.#begin();
    this.sawAny = length === 0;
    if (length > 0) return this.#deepen(run, length);
    return this.#aim.isReached(run, eventsOf(run) > 0) ? [] : null;
  }

  #deepen(run: ChosenRun, left: number): Choice[] | null {
    if ((this.#aim.stepsMissing?.(run) ?? 0) > left) {
      this.sawAny = true;
      return null;
    }
    let here: ChosenRun | null = run;
    // All are listed before any is taken, since taking one changes the run.
    for (const next of this.#choicesAfter(run)) {
      here ??= this.#replay();
      const found = this.#take(here, next, left);
      if (found !== null || this.isStopped) return found;
      here = null;
    }
    return null;
  }

  /** Takes one choice more, and looks at every schedule that begins like this and has `left` choices from here on. */
  #take(run: ChosenRun, next: PlacedChoice, left: number): Choice[] | null {
    this.isStopped ||= !this.#bounds.mayGoOn(this.#taken);
    if (this.isStopped) return null;
    const before = eventsOf(run);
    this.#path.push(next);
    this.#bounds.onTry?.(this.#choices);
    run.take(next.choice);
    this.#taken += 1;
    const found = left > 1 ? this.#deepen(run, left - 1) : this.#judge(run, before);
    this.#path.pop();
    return found;
  }

  #judge(run: ChosenRun, eventsBefore: number): Choice[] | null {
    this.sawAny = true;
    return this.#aim.isReached(run, eventsOf(run) > eventsBefore) ? this.#choices : null;
  }

  get #choices(): Choice[] {
    return this.#path.map(({ choice }) => choice);
  }

  #choicesAfter(run: ChosenRun): PlacedChoice[] {
    return choicesWithin(this.#bounds.choices, run)
      .map((choice) => placeNext(run, choice))
      .filter((next) => !comesEarlierOtherwise(this.#path, next));
  }

  #replay(): ChosenRun {
    const run = this.#begin();
    for (const { choice } of this.#path) run.take(choice);
    this.#taken += this.#path.length;
    return run;
  }
}

/**
 * The number of deliveries and failures so far: it grows with each event that can break something for good.
 */
export function eventsOf({ members, failures }: ChosenRun): number {
  return members.reduce((sum, { record }) => sum + record.sequence.length, failures.length);
}

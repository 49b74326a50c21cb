import { type Fates, NO_FATES } from '../choices/fates.ts';
import {
  fatesBeyond,
  keyOfFates,
  mayGrow,
  mergeSeen,
  NOTHING_SEEN,
  type Seen,
} from './fate-plans.ts';
import type { Scope } from './scope.ts';
import {
  addScheduleTally,
  NO_TALLY,
  type PartProgress,
  type ScheduleTally,
  type SearchPart,
} from './search-part.ts';

/** The fewest parts into which a level is cut: enough to give every core of a machine several. */
const PARTS_MIN = 64;

/** How far the search of a scope has come: plain data, from which it goes on. */
export interface ScopeState {
  readonly scope: Scope;
  /** How many things go wrong in each of the schedules that are searched now. */
  readonly level: number;
  /** What may go wrong together at this level, and what its schedules showed. */
  readonly plans: readonly { readonly fates: Fates; readonly seen: Seen }[];
  /** The parts of this level that are left; `null` while it is not cut into parts. */
  readonly parts: readonly SearchPart[] | null;
  /** What came of all levels so far, and how many schedules of this level were judged. */
  readonly tally: ScheduleTally;
  readonly ofLevel: number;
  /** The first schedule that was seen to break something, and why the search was given up; `null` for neither. */
  readonly broken: readonly string[] | null;
  readonly givenUp: string | null;
}

export function beginScope(scope: Scope): ScopeState {
  return {
    scope,
    level: 0,
    plans: [{ fates: NO_FATES, seen: NOTHING_SEEN }],
    parts: null,
    tally: NO_TALLY,
    ofLevel: 0,
    broken: null,
    givenUp: null,
  };
}

/**
 * The search of one scope, level by level: schedules in which nothing goes wrong, then one thing, and so on. Parts
 * are given out to whoever has time, and come back with what was found; the sums do not depend on who did what when.
 */
export class ScopeSearch {
  readonly scope: Scope;
  #level: number;
  /** The plans of this level, by `keyOfFates`. */
  #plans: Map<string, { readonly fates: Fates; seen: Seen }>;
  #parts: Map<number, SearchPart> | null;
  readonly #taken = new Set<number>();
  #tally: ScheduleTally;
  #ofLevel: number;
  #broken: readonly string[] | null;
  #givenUp: string | null;

  constructor(state: ScopeState) {
    this.scope = state.scope;
    this.#level = state.level;
    this.#plans = new Map(state.plans.map((plan) => [keyOfFates(plan.fates), { ...plan }]));
    this.#parts = state.parts === null ? null : new Map(state.parts.entries());
    this.#tally = state.tally;
    this.#ofLevel = state.ofLevel;
    this.#broken = state.broken;
    this.#givenUp = state.givenUp;
  }

  get state(): ScopeState {
    return {
      scope: this.scope,
      level: this.#level,
      plans: [...this.#plans.values()],
      parts: this.#parts === null ? null : [...this.#parts.values()],
      tally: this.#tally,
      ofLevel: this.#ofLevel,
      broken: this.#broken,
      givenUp: this.#givenUp,
    };
  }

  get plans(): readonly Fates[] {
    return [...this.#plans.values()].map(({ fates }) => fates);
  }

  /** Whether nothing is left to be done: every schedule was judged, one broke something, or it was given up. */
  get isOver(): boolean {
    return this.#broken !== null || this.#givenUp !== null || this.#plans.size === 0;
  }

  /** Into how many parts each plan is to be cut now; 0: the level has its parts. */
  get partsPerPlan(): number {
    return this.#parts === null ? Math.ceil(PARTS_MIN / this.#plans.size) : 0;
  }

  beginLevel(parts: readonly SearchPart[]): void {
    this.#parts = new Map(parts.entries());
  }

  /** A part that nobody works at, with a number to bring it back under; `null` when there is none now. */
  take(): { readonly id: number; readonly part: SearchPart } | null {
    if (this.isOver) return null;
    for (const [id, part] of this.#parts ?? []) {
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return { id, part };
    }
    return null;
  }

  /** Notes how far the part numbered `id` has come; whoever took it goes on unless it is done. */
  note(id: number, { tally, seen, rest, broken, givenUp }: PartProgress): void {
    const part = this.#parts!.get(id)!;
    this.#tally = addScheduleTally(this.#tally, tally);
    this.#ofLevel += tally.schedules;
    const plan = this.#plans.get(keyOfFates(part.fates))!;
    plan.seen = mergeSeen(plan.seen, seen);
    this.#broken ??= broken;
    this.#givenUp ??= givenUp;
    if (rest !== null) {
      this.#parts!.set(id, rest);
      return;
    }
    this.#parts!.delete(id);
    this.#taken.delete(id);
    if (this.#parts!.size === 0 && !this.isOver) this.#endLevel();
  }

  /** Gives the part numbered `id` back, as whoever took it does not go on with it. */
  giveBack(id: number): void {
    this.#taken.delete(id);
  }

  #endLevel(): void {
    const next = new Map<string, { readonly fates: Fates; seen: Seen }>();
    for (const { fates, seen } of this.#plans.values()) {
      if (!mayGrow(fates, this.scope)) continue;
      for (const more of fatesBeyond(fates, seen, this.scope)) {
        next.set(keyOfFates(more), { fates: more, seen: NOTHING_SEEN });
      }
    }
    this.#plans = next;
    this.#parts = null;
    this.#level += 1;
    this.#ofLevel = 0;
  }
}

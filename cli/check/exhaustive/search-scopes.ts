import type { Estimate } from '../../../simulation/choices/search/estimate-schedules.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import {
  beginScope,
  ScopeSearch,
  type ScopeState,
} from '../../../simulation/exhaustive/scope-search.ts';
import { isWholeScope } from '../../../simulation/exhaustive/search-whole-scope.ts';
import type { ExhaustiveState, StateKeeper, WholeScope } from './exhaustive-state.ts';
import { ScopeHands, type ScopeHandsOptions } from './scope-hands.ts';
import { BeyondSearch, type DrawnOfScope, type TriedBeyond } from './search-beyond.ts';

/** Scopes that are estimated at more schedules than this are also looked into at random, by this number of schedules. */
const SCHEDULES_MANY = 10_000;
const DRAWN_MAX = 2_000;
/** No more than this goes into it where schedules take long, as a program's do. */
const DRAWING_MS_MAX = 5_000;
/** A scope of more schedules than this takes minutes: what is beyond its bounds is looked into meanwhile. */
const SCHEDULES_VERY_MANY = 1_000_000;
/** What is beyond the bounds gets as much time as the search itself took, but not less than this. */
const BEYOND_MS_MIN = 5_000;

export interface ScopesOptions extends ScopeHandsOptions {
  /** The scopes to search, the smaller ones first. */
  readonly scopes: readonly Scope[];
  /** When to stop, on the clock of `performance`. */
  readonly endMs: number;
  readonly keeper: StateKeeper;
  readonly onProgress: (progress: LevelProgress) => void;
  /** Whether more timers, and members that are late, are tried as well (search-beyond.ts); default: no. */
  readonly isBeyondSought?: boolean;
  /** Scopes with more faults or messages, of which schedules are drawn then as well; default: none. */
  readonly wider?: readonly Scope[];
}

/** How far a scope has come. */
export interface LevelProgress {
  readonly scope: Scope;
  /** How many things go wrong in the schedules that are searched now. */
  readonly level: number;
  readonly schedules: number;
  /** How many schedules all levels up to this one have; `null` while that is not known. */
  readonly estimate: Estimate | null;
  /** How many schedules of which scopes, with all that may go wrong in them, were drawn at random besides. */
  readonly drawn: readonly DrawnOfScope[];
}

/** What came of the search. */
export interface ScopesOutcome {
  readonly whole: readonly WholeScope[];
  /** The scope after these, with an estimate, if it broke something, was given up, or time ran out. */
  readonly stopped: (LevelProgress & { readonly state: ScopeState }) | null;
  /** How many schedules of scopes that were searched to their end were drawn, to let their timers go on. */
  readonly playedOn: number;
  readonly beyond: TriedBeyond;
}

/** Searches one scope after the other, up to the first that breaks something or does not end in time. */
export class ScopesSearch {
  readonly #options: ScopesOptions;
  readonly #hands: ScopeHands;
  readonly #beyond: BeyondSearch;
  readonly #beganMs = performance.now();
  #whole: WholeScope[];
  #current: ScopeSearch | null;
  #estimate: Estimate | null = null;
  readonly #drawn: DrawnOfScope[] = [];
  #playedOn = 0;
  /** A scope in which a schedule that was drawn broke something: that ends the search. */
  #foundByChance: ScopeState | null = null;

  constructor(options: ScopesOptions, { whole, current }: ExhaustiveState) {
    this.#options = options;
    this.#hands = new ScopeHands(options);
    this.#beyond = new BeyondSearch(this.#hands);
    this.#whole = [...whole];
    this.#current = current === null ? null : new ScopeSearch(current);
  }

  get state(): ExhaustiveState {
    return { whole: [...this.#whole], current: this.#current?.state ?? null };
  }

  get progress(): LevelProgress | null {
    return this.#current === null ? null : this.#progressOf(this.#current);
  }

  /** Throws `Failure`, `UnrepeatableError`, or the reason of the signal; the state is then as far as it came. */
  async run(): Promise<ScopesOutcome> {
    const { scopes } = this.#options;
    try {
      for (const scope of scopes.slice(this.#whole.length)) {
        this.#current ??= new ScopeSearch(beginScope(scope));
        const search = this.#current;
        await this.#searchScope(search);
        const { state } = search;
        if (isWholeScope(state)) {
          this.#whole.push({ scope, tally: state.tally });
          this.#current = null;
          if (state.tally.withTimersLeft > 0) await this.#playOn(scope, state.tally.schedules);
        }
        if (state.broken === null && this.#foundByChance !== null) {
          return this.#outcome(this.#foundByChance);
        }
        if (!isWholeScope(state)) return this.#outcome(state);
      }
      return this.#outcome(await this.#goBeyond());
    } finally {
      await this.#hands.end();
    }
  }

  /** Once all that was asked for is searched: the wider scope that broke something, if one did. */
  async #goBeyond(): Promise<ScopeState | null> {
    if (this.#options.isBeyondSought !== true || this.#mustStop) return null;
    const broken = await this.#beyond.draw(this.#drawnFrom, () => this.#mustStop);
    if (broken !== null) return broken;
    const nowMs = performance.now();
    const shareMs = Math.max(BEYOND_MS_MIN, nowMs - this.#beganMs);
    return this.#beyond.search(this.#whole, Math.min(this.#options.endMs, nowMs + shareMs));
  }

  /** The scopes beyond which, or in which, schedules are drawn at random. */
  get #drawnFrom(): readonly Scope[] {
    return [...this.#options.scopes, ...(this.#options.wider ?? [])];
  }

  #outcome(state: ScopeState | null): ScopesOutcome {
    const stopped = state && { ...this.#progressOf(new ScopeSearch(state)), state };
    const { tried } = this.#beyond;
    return { whole: this.#whole, stopped, playedOn: this.#playedOn, beyond: tried };
  }

  get #mustStop(): boolean {
    return this.#foundByChance !== null || performance.now() >= this.#options.endMs;
  }

  async #searchScope(search: ScopeSearch): Promise<void> {
    await this.#hands.search(search, {
      mustStop: () => this.#mustStop,
      onPart: () => this.#tell(search),
      besides: async () => {
        await this.#estimateLevel(search);
        await this.#drawWhereMany(search);
        await this.#drawBeyondWhereVeryMany(search);
      },
    });
  }

  /**
   * It is made right after the level was begun; where a level goes on from a file, it is made of the whole
   * level again.
   */
  async #estimateLevel(search: ScopeSearch): Promise<void> {
    this.#estimate = null;
    const { scope, plans, state } = search;
    const before = state.tally.schedules - state.ofLevel;
    const task = { task: 'estimate', scope, plans } as const;
    const { estimate } = await this.#hands.first.perform<'estimate'>(task, this.#options.signal);
    this.#estimate = estimate && { ...estimate, mean: before + estimate.mean };
  }

  /**
   * Where the search takes long, a fault that needs a crash, a loss or one more member waits behind all schedules that
   * have none: so once some are drawn of this scope and of each that comes after it. A search that goes on from a file
   * draws others.
   */
  async #drawWhereMany(search: ScopeSearch): Promise<void> {
    const isMany = this.#estimate === null || this.#estimate.mean > SCHEDULES_MANY;
    if (this.#drawn.length > 0 || !isMany) return;
    const seed = search.state.tally.schedules;
    for (const scope of this.#options.scopes.slice(this.#whole.length)) {
      if (this.#mustStop || search.isOver) return;
      this.#drawn.push({ scope, schedules: await this.#draw(scope, seed) });
    }
  }

  async #drawBeyondWhereVeryMany(search: ScopeSearch): Promise<void> {
    const isVeryMany = this.#estimate === null || this.#estimate.mean > SCHEDULES_VERY_MANY;
    if (this.#options.isBeyondSought !== true || !isVeryMany) return;
    const mustStop = (): boolean => this.#mustStop || search.isOver;
    this.#foundByChance ??= await this.#beyond.draw(this.#drawnFrom, mustStop);
  }

  /**
   * Where timers are left at the end of schedules, what is missing there may come later. So some are drawn, after the
   * search of the scope, and their timers go off for as long as something is missing.
   */
  async #playOn(scope: Scope, seed: number): Promise<void> {
    if (!this.#mustStop) this.#playedOn += await this.#draw(scope, seed);
  }

  /** Draws schedules of a scope, and gives how many. One that breaks something ends the search. */
  async #draw(scope: Scope, seed: number): Promise<number> {
    const sliceMs = Math.min(DRAWING_MS_MAX, this.#options.endMs - performance.now());
    const { drawn, broken } = await this.#hands.draw(scope, seed, DRAWN_MAX, sliceMs);
    if (broken !== null) this.#foundByChance = { ...beginScope(scope), broken };
    return drawn;
  }

  #tell(search: ScopeSearch): void {
    this.#options.keeper.note(() => this.state);
    this.#options.onProgress(this.#progressOf(search));
  }

  #progressOf({ scope, state }: ScopeSearch): LevelProgress {
    const { level, tally } = state;
    return {
      scope,
      level,
      schedules: tally.schedules,
      estimate: this.#estimate,
      drawn: this.#drawn,
    };
  }
}

import type { Estimate } from '../../../simulation/choices/search/estimate-schedules.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import {
  beginScope,
  ScopeSearch,
  type ScopeState,
} from '../../../simulation/exhaustive/scope-search.ts';
import { isWholeScope } from '../../../simulation/exhaustive/search-whole-scope.ts';
import type { OrderingSource } from '../../ordering/ordering-source.ts';
import { ExhaustiveHand } from './exhaustive-hand.ts';
import type { ExhaustiveState, StateKeeper, WholeScope } from './exhaustive-state.ts';

/** After this time a thread comes back and says what it found. */
const SLICE_MS = 300;
/** Scopes that are estimated at more schedules than this are also looked into at random, by this number of schedules. */
const SCHEDULES_MANY = 10_000;
const DRAWN_MAX = 2_000;
/** No more than this goes into it where schedules take long, as a program's do. */
const DRAWING_MS_MAX = 5_000;

export interface ScopesOptions {
  readonly source: OrderingSource;
  /** The scopes to search, the smaller ones first. */
  readonly scopes: readonly Scope[];
  readonly workers: number;
  readonly signal: AbortSignal;
  /** When to stop, on the clock of `performance`. */
  readonly endMs: number;
  readonly keeper: StateKeeper;
  readonly onProgress: (progress: LevelProgress) => void;
  readonly hangMs?: number;
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

export interface DrawnOfScope {
  readonly scope: Scope;
  readonly schedules: number;
}

/** What came of the search. */
export interface ScopesOutcome {
  readonly whole: readonly WholeScope[];
  /** The scope after these, with an estimate, if it broke something, was given up, or time ran out. */
  readonly stopped: (LevelProgress & { readonly state: ScopeState }) | null;
  /** How many schedules of scopes that were searched to their end were drawn, to let their timers go on. */
  readonly playedOn: number;
}

/** Searches one scope after the other, up to the first that breaks something or does not end in time. */
export class ScopesSearch {
  readonly #options: ScopesOptions;
  readonly #hands: ExhaustiveHand[] = [];
  #whole: WholeScope[];
  #current: ScopeSearch | null;
  #estimate: Estimate | null = null;
  readonly #drawn: DrawnOfScope[] = [];
  #playedOn = 0;
  /** A scope in which a schedule that was drawn broke something: that ends the search. */
  #foundByChance: ScopeState | null = null;

  constructor(options: ScopesOptions, { whole, current }: ExhaustiveState) {
    this.#options = options;
    this.#whole = [...whole];
    this.#current = current === null ? null : new ScopeSearch(current);
  }

  get state(): ExhaustiveState {
    return { whole: this.#whole, current: this.#current?.state ?? null };
  }

  get progress(): LevelProgress | null {
    return this.#current === null ? null : this.#progressOf(this.#current);
  }

  /** Throws `Failure`, `UnrepeatableError`, or the reason of the signal; the state is then as far as it came. */
  async run(): Promise<ScopesOutcome> {
    const { source, workers, hangMs, scopes } = this.#options;
    try {
      for (let hand = 0; hand < workers; hand += 1) {
        this.#hands.push(new ExhaustiveHand(source, hangMs === undefined ? {} : { hangMs }));
      }
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
      return this.#outcome(null);
    } finally {
      await Promise.all(this.#hands.map((hand) => hand.end()));
    }
  }

  #outcome(state: ScopeState | null): ScopesOutcome {
    const stopped = state && { ...this.#progressOf(new ScopeSearch(state)), state };
    return { whole: this.#whole, stopped, playedOn: this.#playedOn };
  }

  get #mustStop(): boolean {
    return this.#foundByChance !== null || performance.now() >= this.#options.endMs;
  }

  async #searchScope(search: ScopeSearch): Promise<void> {
    const { scope } = search;
    while (!search.isOver && !this.#mustStop) {
      this.#estimate = null;
      const { plans, partsPerPlan } = search;
      if (partsPerPlan > 0) {
        const task = { task: 'cut', scope, plans, partsPerPlan } as const;
        search.beginLevel((await this.#first.perform<'cut'>(task, this.#options.signal)).parts);
      }
      await Promise.all(this.#hands.map((hand) => this.#work(hand, search)));
    }
  }

  get #first(): ExhaustiveHand {
    return this.#hands[0]!;
  }

  async #work(hand: ExhaustiveHand, search: ScopeSearch): Promise<void> {
    const { signal } = this.#options;
    if (hand === this.#first) {
      await this.#estimateLevel(hand, search);
      await this.#drawWhereMany(hand, search);
    }
    for (let taken = search.take(); taken !== null; taken = search.take()) {
      const { id } = taken;
      for (let part = taken.part; ;) {
        const task = { task: 'search', scope: search.scope, part, sliceMs: SLICE_MS } as const;
        const { progress } = await hand.perform<'search'>(task, signal);
        search.note(id, progress);
        this.#tell(search);
        if (progress.rest === null) break;
        part = progress.rest;
        if (this.#mustStop || search.isOver) return search.giveBack(id);
      }
      if (this.#mustStop) return;
    }
  }

  /**
   * It is made right after the level was begun; where a level goes on from a file, it is made of the whole
   * level again.
   */
  async #estimateLevel(hand: ExhaustiveHand, search: ScopeSearch): Promise<void> {
    const { scope, plans, state } = search;
    const before = state.tally.schedules - state.ofLevel;
    const task = { task: 'estimate', scope, plans } as const;
    const { estimate } = await hand.perform<'estimate'>(task, this.#options.signal);
    this.#estimate = estimate && { ...estimate, mean: before + estimate.mean };
  }

  /**
   * Where the search takes long, a fault that needs a crash, a loss or one more member waits behind all schedules that
   * have none: so once some are drawn of this scope and of each that comes after it. A search that goes on from a file
   * draws others.
   */
  async #drawWhereMany(hand: ExhaustiveHand, search: ScopeSearch): Promise<void> {
    const isMany = this.#estimate === null || this.#estimate.mean > SCHEDULES_MANY;
    if (this.#drawn.length > 0 || !isMany) return;
    const seed = search.state.tally.schedules;
    for (const scope of this.#options.scopes.slice(this.#whole.length)) {
      if (this.#mustStop || search.isOver) return;
      this.#drawn.push({ scope, schedules: await this.#draw(hand, scope, seed) });
    }
  }

  /**
   * Where timers are left at the end of schedules, what is missing there may come later. So some are drawn, after the
   * search of the scope, and their timers go off for as long as something is missing.
   */
  async #playOn(scope: Scope, seed: number): Promise<void> {
    if (!this.#mustStop) this.#playedOn += await this.#draw(this.#first, scope, seed);
  }

  /** Draws schedules of a scope, and gives how many. One that breaks something ends the search. */
  async #draw(hand: ExhaustiveHand, scope: Scope, seed: number): Promise<number> {
    const sliceMs = Math.min(DRAWING_MS_MAX, this.#options.endMs - performance.now());
    const task = { task: 'draw', scope, seed, countMax: DRAWN_MAX, sliceMs } as const;
    const { drawn, broken } = await hand.perform<'draw'>(task, this.#options.signal);
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

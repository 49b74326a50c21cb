import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { ScopeSearch } from '../../../simulation/exhaustive/scope-search.ts';
import type { OrderingSource } from '../../ordering/ordering-source.ts';
import { ExhaustiveHand } from './exhaustive-hand.ts';

/** After this time a thread comes back and says what it found. */
const SLICE_MS = 300;

export interface ScopeHandsOptions {
  readonly source: OrderingSource;
  readonly workers: number;
  readonly signal: AbortSignal;
  readonly hangMs?: number;
}

/** What whoever has a scope searched wants to say or to know meanwhile. */
export interface SearchWatch {
  /** Asked after each part: when it says yes, the search is put down there. */
  readonly mustStop: () => boolean;
  /** Called after each part. */
  readonly onPart?: () => void;
  /** What the first thread does besides, once in each level, before it takes parts. */
  readonly besides?: () => Promise<void>;
}

/** The threads of an exhaustive search. */
export class ScopeHands {
  readonly #hands: readonly ExhaustiveHand[];
  readonly #signal: AbortSignal;

  constructor({ source, workers, signal, hangMs }: ScopeHandsOptions) {
    this.#signal = signal;
    const options = hangMs === undefined ? {} : { hangMs };
    this.#hands = Array.from({ length: workers }, () => new ExhaustiveHand(source, options));
  }

  /** The one that does what one thread does alone. */
  get first(): ExhaustiveHand {
    return this.#hands[0]!;
  }

  /** Searches a scope from where it stands until it is over or has to stop. Throws what `ExhaustiveHand.perform` does. */
  async search(search: ScopeSearch, watch: SearchWatch): Promise<void> {
    const { scope } = search;
    while (!search.isOver && !watch.mustStop()) {
      const { plans, partsPerPlan } = search;
      if (partsPerPlan > 0) {
        const task = { task: 'cut', scope, plans, partsPerPlan } as const;
        search.beginLevel((await this.first.perform<'cut'>(task, this.#signal)).parts);
      }
      await Promise.all(this.#hands.map((hand) => this.#work(hand, search, watch)));
    }
  }

  /** Draws `countMax` schedules of a scope, or as many as there is time for, up to one that breaks something. */
  async draw(
    scope: Scope,
    seed: number,
    countMax: number,
    sliceMs: number,
  ): Promise<{ readonly drawn: number; readonly broken: readonly string[] | null }> {
    const task = { task: 'draw', scope, seed, countMax, sliceMs } as const;
    return this.first.perform<'draw'>(task, this.#signal);
  }

  async end(): Promise<void> {
    await Promise.all(this.#hands.map((hand) => hand.end()));
  }

  async #work(hand: ExhaustiveHand, search: ScopeSearch, watch: SearchWatch): Promise<void> {
    if (hand === this.first) await watch.besides?.();
    for (let taken = search.take(); taken !== null; taken = search.take()) {
      const { id } = taken;
      for (let part = taken.part; ;) {
        const task = { task: 'search', scope: search.scope, part, sliceMs: SLICE_MS } as const;
        const { progress } = await hand.perform<'search'>(task, this.#signal);
        search.note(id, progress);
        watch.onPart?.();
        if (progress.rest === null) break;
        part = progress.rest;
        if (watch.mustStop() || search.isOver) return search.giveBack(id);
      }
      if (watch.mustStop()) return;
    }
  }
}

import {
  deeperScopes,
  drawnBeyond,
  type SearchedScope,
} from '../../../simulation/exhaustive/beyond-scopes.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import {
  beginScope,
  ScopeSearch,
  type ScopeState,
} from '../../../simulation/exhaustive/scope-search.ts';
import type { ScheduleTally } from '../../../simulation/exhaustive/search-part.ts';
import { isWholeScope } from '../../../simulation/exhaustive/search-whole-scope.ts';
import type { ScopeHands } from './scope-hands.ts';

/** How many schedules of each scope are drawn, and for how long at most where they take long. */
const DRAWN_MAX = 2_000;
const DRAWING_MS_MAX = 2_000;
/**
 * Of the time that is left, a wider scope gets one part in so many, or in as many as there are still to come: so that each
 * has its turn, and one that is small comes to its end.
 */
const SHARES_MAX = 4;

/** How many schedules of a scope were drawn at random. */
export interface DrawnOfScope {
  readonly scope: Scope;
  readonly schedules: number;
}

/** What was tried beyond the bounds that were asked for, and broke nothing. */
export interface TriedBeyond {
  /** Schedules that were drawn at random; each scope says what they may have. */
  readonly drawn: readonly DrawnOfScope[];
  /** Scopes that were searched, to their end or not. */
  readonly searched: readonly BeyondScope[];
}

export interface BeyondScope {
  readonly scope: Scope;
  readonly tally: ScheduleTally;
  readonly isWhole: boolean;
}

export const NOTHING_BEYOND: TriedBeyond = { drawn: [], searched: [] };

/**
 * Looks for what a student's ordering breaks only after several timers, or when a member is late, without being asked for
 * more than the defaults: first by drawing, which finds most of it in some tens of schedules and proves nothing, then
 * by searching wider scopes one after the other.
 */
export class BeyondSearch {
  readonly #hands: ScopeHands;
  readonly #drawn: DrawnOfScope[] = [];
  readonly #searched: BeyondScope[] = [];

  constructor(hands: ScopeHands) {
    this.#hands = hands;
  }

  get tried(): TriedBeyond {
    return { drawn: this.#drawn, searched: this.#searched };
  }

  /**
   * Draws schedules of each scope, with more timers and lateness, once: the next call goes on where this one had to stop.
   * A state whose schedule breaks something, in the scope beyond which it is; `null`: nothing was broken.
   */
  async draw(scopes: readonly Scope[], mustStop: () => boolean): Promise<ScopeState | null> {
    for (const scope of scopes.slice(this.#drawn.length)) {
      if (mustStop()) return null;
      const beyond = drawnBeyond(scope);
      const { drawn, broken } = await this.#hands.draw(beyond, 1, DRAWN_MAX, DRAWING_MS_MAX);
      this.#drawn.push({ scope: beyond, schedules: drawn });
      if (broken !== null) return { ...beginScope(scope), broken };
    }
    return null;
  }

  /** Searches wider scopes until `endMs`, on the clock of `performance`; gives one that broke something. */
  async search(whole: readonly SearchedScope[], endMs: number): Promise<ScopeState | null> {
    const deeper = deeperScopes(whole);
    for (const [index, scope] of deeper.entries()) {
      const nowMs = performance.now();
      const shares = Math.min(SHARES_MAX, deeper.length - index);
      const untilMs = nowMs + (endMs - nowMs) / shares;
      const search = new ScopeSearch(beginScope(scope));
      await this.#hands.search(search, { mustStop: () => performance.now() >= untilMs });
      const { state } = search;
      if (state.broken !== null) return state;
      if (state.tally.schedules === 0) continue;
      this.#searched.push({ scope, tally: state.tally, isWhole: isWholeScope(state) });
    }
    return null;
  }
}

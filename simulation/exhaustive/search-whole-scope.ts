import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Fates } from '../choices/fates.ts';
import type { Scope } from './scope.ts';
import { beginScope, ScopeSearch, type ScopeState } from './scope-search.ts';
import { ScopeKnowledge } from './scope-knowledge.ts';
import { type BrokenSchedule, partsOf, searchPart } from './search-part.ts';

/**
 * Searches a scope from its beginning, one part after the other, until it is over or `mayGoOn` says no;
 * returns how far it came. `isPassedOver`: see `searchPart`.
 */
export function searchWholeScope(
  entry: OrderingEntry,
  scope: Scope,
  mayGoOn: () => boolean = () => true,
  isPassedOver?: (broken: BrokenSchedule) => boolean,
): ScopeState {
  return searchScopeFurther(entry, beginScope(scope), mayGoOn, isPassedOver);
}

/** The same from where a search stood. */
export function searchScopeFurther(
  entry: OrderingEntry,
  state: ScopeState,
  mayGoOn: () => boolean = () => true,
  isPassedOver?: (broken: BrokenSchedule) => boolean,
): ScopeState {
  const search = new ScopeSearch(state);
  const { scope } = state;
  const knowledge = new ScopeKnowledge(entry, scope);
  while (!search.isOver && mayGoOn()) {
    const { plans, partsPerPlan } = search;
    if (partsPerPlan > 0) {
      const cut = (fates: Fates) => partsOf(entry, scope, fates, partsPerPlan, knowledge);
      search.beginLevel(plans.flatMap(cut));
    }
    const { id, part } = search.take()!;
    search.note(id, searchPart(entry, scope, part, mayGoOn, isPassedOver, knowledge));
    search.giveBack(id);
  }
  return search.state;
}

/** Whether every schedule of the scope was judged. */
export function isWholeScope({ plans, broken, givenUp }: ScopeState): boolean {
  return plans.length === 0 && broken === null && givenUp === null;
}

import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';

/**
 * The `create` for runs that are shown: each multicast is a message of its own, where by default several
 * share a pack.
 */
export function shownCreate({ create, createUnpacked }: OrderingEntry): Create {
  return createUnpacked ?? create;
}

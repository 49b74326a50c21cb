import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';

/** The ordering as it is shown: each multicast a message of its own, where by default several share one. */
export function shownCreate({ create, createUnpacked }: OrderingEntry): Create {
  return createUnpacked ?? create;
}

import type { OrderingEntry } from '../core/orderings/registry.ts';
import { orderingsOf } from '../custom/load-ordering.ts';

let loaded: Promise<ReadonlyMap<string, OrderingEntry>> | null = null;

/**
 * The orderings that can be run here: the registry, and in a laboratory that was started with one, the
 * ordering in a user's file (MPCOMM_ORDERING_FILE). They are loaded by the first call, then the same
 * for all.
 */
export function getOrderings(): Promise<ReadonlyMap<string, OrderingEntry>> {
  loaded ??= orderingsOf(process.env);
  return loaded;
}

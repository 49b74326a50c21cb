import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';

/**
 * Stands in for an ordering that this daemon does not have (it is older than the functions): the run
 * ends here at the first message, with a report that says so, instead of a silence.
 */
export function unknownOrdering(name: string): OrderingEntry {
  const refuse = (): never => {
    throw new Error(`this peer knows no ordering ${name}; it knows ${ORDERING_NAMES.join(', ')}`);
  };
  return {
    name,
    create: () => ({
      multicast: refuse,
      receive: refuse,
      advance: refuse,
      deadline: Infinity,
      held: 0,
    }),
    summary: 'unknown',
    guarantees: [],
    retransmits: false,
    survives: 'none',
  };
}

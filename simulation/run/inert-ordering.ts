import type { Ordering } from '../../core/ordering.ts';

/** Stands in for an ordering that could not be made. */
export const INERT: Ordering = {
  deadline: Infinity,
  held: 0,
  multicast: () => undefined,
  receive: () => undefined,
  advance: () => undefined,
};

import type { Create } from '../../core/ordering.ts';

/**
 * Hears of nobody else, and does not say that it sends again: nothing but its own deliveries can be judged,
 * and no order is between messages of one sender alone that nobody else has.
 */
export const create: Create = (_group, out) => ({
  deadline: Infinity,
  held: 0,
  multicast(_now, message) {
    out.multicast(message);
    out.deliver(message);
  },
  receive: () => undefined,
  advance: () => undefined,
});
export const guarantees = ['integrity', 'fifo', 'total'];

import type { Create } from '../../core/ordering.ts';

/**
 * Takes in nothing from others, and does not say that it sends lost messages again. Each peer delivers its
 * own messages alone, so that no two peers have a message in common, and no order between them can be judged.
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

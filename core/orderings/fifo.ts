import { reliable } from '../channels/reliable-link.ts';
import { create as createUnordered } from './unordered.ts';

/**
 * fifo: every message reaches everybody, each sender's in the order in which it multicast them.
 *
 * Rule: number the messages of each channel, hand them on in that order, send the lost ones again
 * (reliable-link.ts); between different senders nothing is promised.
 * Guarantees: integrity, validity, agreement, FIFO order.
 * Messages per multicast: n - 1, and at most n - 1 acknowledgements, which share datagrams. Latency: 1
 * communication step. Survives: none (a sender that dies midway has told some, not all). Source:
 * sliding window with selective repeat; Hadzilacos and Toueg, "Fault-tolerant broadcasts and related
 * problems" (1993), for the definition of FIFO broadcast.
 */
export const create = reliable(createUnordered);

import type { Message } from '../message.ts';
import type { Create, Group, Ordering, Out } from '../ordering.ts';

/**
 * unordered: delivers a message the moment it arrives, and never sends it again.
 *
 * Rule: deliver on arrival; one's own message, when it is multicast.
 * Guarantees: integrity and validity; a message that the network loses is lost, so no agreement.
 * Messages per multicast: n - 1. Latency: 1 communication step. Survives: none (nobody waits for
 * the crashed, but what one sent last may have reached some only).
 * Source: the published experiments of the MPComm courses; the absence of a protocol.
 */
class Unordered implements Ordering {
  readonly deadline = Infinity;
  readonly held = 0;
  readonly #out: Out;

  constructor(out: Out) {
    this.#out = out;
  }

  multicast(_now: number, message: Message): void {
    this.#out.multicast(message);
    this.#out.deliver(message);
  }

  receive(_now: number, _from: number, message: Message): void {
    this.#out.deliver(message);
  }

  advance(): void {
    // Nothing is ever scheduled.
  }
}

export const create: Create = (_group: Group, out: Out) => new Unordered(out);

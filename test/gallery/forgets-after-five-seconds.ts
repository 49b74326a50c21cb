import { Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** Private to the gallery: orderings of different kinds never meet. */
const ACKNOWLEDGEMENT = 244;
const RETRY_US = 200_000;
const REMEMBERED_US = 5_000_000;

interface Unacknowledged {
  readonly message: Message;
  readonly to: number;
  retryAtUs: number;
}

/**
 * A message is sent again until it is acknowledged, and its receiver remembers for five seconds that it had it: a copy that
 * takes longer is delivered once more. No timer of the receiver's is about that, only what its clock reads.
 */
class ForgetsAfterFiveSeconds implements Ordering {
  readonly held = 0;
  readonly #group: Group;
  readonly #out: Out;
  readonly #sent = new Map<string, Unacknowledged>();
  readonly #hadAtUs = new Map<string, number>();

  constructor(group: Group, out: Out) {
    this.#group = group;
    this.#out = out;
  }

  get deadline(): number {
    return Math.min(Infinity, ...[...this.#sent.values()].map(({ retryAtUs }) => retryAtUs));
  }

  multicast(now: number, message: Message): void {
    for (let to = 0; to < this.#group.size; to += 1) {
      if (to === this.#group.self) continue;
      this.#sent.set(`${to}.${message.sequence}`, { message, to, retryAtUs: now + RETRY_US });
      this.#out.send(to, message);
    }
    this.#out.deliver(message);
  }

  receive(now: number, from: number, message: Message): void {
    const { kind, sender, sequence } = message;
    if (kind === ACKNOWLEDGEMENT) {
      this.#sent.delete(`${from}.${sequence}`);
      return;
    }
    this.#out.send(from, new Message(ACKNOWLEDGEMENT, this.#group.self, sequence));
    for (const [name, atUs] of this.#hadAtUs) {
      if (now - atUs > REMEMBERED_US) this.#hadAtUs.delete(name);
    }
    const name = `${sender}.${sequence}`;
    if (this.#hadAtUs.has(name)) return;
    this.#hadAtUs.set(name, now);
    this.#out.deliver(message);
  }

  advance(now: number): void {
    for (const each of this.#sent.values()) {
      if (each.retryAtUs > now) continue;
      each.retryAtUs = now + RETRY_US;
      this.#out.send(each.to, each.message);
    }
  }
}

export const create = (group: Group, out: Out): Ordering => new ForgetsAfterFiveSeconds(group, out);
export const guarantees = ['integrity', 'validity', 'agreement'];
export const retransmits = true;

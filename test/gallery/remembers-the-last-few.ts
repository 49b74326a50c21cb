import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

const ACKNOWLEDGEMENT = 200;
const RESEND_US = 200_000;
/** How many messages of a sender it remembers to have delivered. */
const REMEMBERED_MAX = 32;

/** Sends again what was not acknowledged, and takes a message for new that it delivered a while ago. */
class RemembersTheLastFew implements Ordering {
  deadline = Infinity;
  readonly held = 0;
  readonly #out: Out;
  readonly #others: readonly number[];
  /** Own messages, each with the members that have not acknowledged it. */
  readonly #unacknowledged = new Map<number, { message: Message; awaited: Set<number> }>();
  readonly #delivered: number[][];

  constructor({ self, size }: Group, out: Out) {
    this.#out = out;
    const members = Array.from({ length: size }, (_, member) => member);
    this.#others = members.filter((member) => member !== self);
    this.#delivered = members.map(() => []);
  }

  multicast(now: number, message: Message): void {
    this.#unacknowledged.set(message.sequence, { message, awaited: new Set(this.#others) });
    this.deadline = Math.min(this.deadline, now + RESEND_US);
    this.#out.multicast(message);
    this.#out.deliver(message);
  }

  receive(_now: number, from: number, message: Message): void {
    const { kind, sender, sequence } = message;
    if (kind === ACKNOWLEDGEMENT) {
      const entry = this.#unacknowledged.get(sequence);
      entry?.awaited.delete(from);
      if (entry?.awaited.size === 0) this.#unacknowledged.delete(sequence);
      return;
    }
    this.#out.send(from, new Message(ACKNOWLEDGEMENT, sender, sequence));
    const delivered = this.#delivered[sender]!;
    if (delivered.includes(sequence)) return;
    delivered.push(sequence);
    if (delivered.length > REMEMBERED_MAX) delivered.shift();
    this.#out.deliver(message);
  }

  advance(now: number): void {
    for (const { message, awaited } of this.#unacknowledged.values()) {
      const { sender, sequence, payload } = message;
      for (const to of awaited) {
        this.#out.send(to, new Message(Kind.data, sender, sequence, payload));
      }
    }
    this.deadline = this.#unacknowledged.size > 0 ? now + RESEND_US : Infinity;
  }
}

export const create = (group: Group, out: Out): Ordering => new RemembersTheLastFew(group, out);
export const guarantees = ['integrity', 'validity', 'agreement'] as const;
export const retransmits = true;

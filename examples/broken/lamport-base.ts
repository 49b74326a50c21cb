import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** Private to the gallery: orderings of different kinds never meet. */
const ACK = 240;

export interface Entry {
  readonly message: Message;
  readonly acknowledgedBy: Set<number>;
}

/**
 * Lamport's total order with acknowledgements from everybody, in its plainest form, over FIFO channels.
 * It is right; each broken ordering of the gallery changes one step of it.
 */
export class LamportBase implements Ordering {
  deadline = Infinity;
  protected readonly group: Group;
  protected readonly out: Out;
  protected queue: Entry[] = [];
  protected clock = 0;
  readonly #early = new Map<string, Set<number>>();

  constructor(group: Group, out: Out) {
    this.group = group;
    this.out = out;
  }

  get held(): number {
    return this.queue.length;
  }

  multicast(_now: number, message: Message): void {
    const stamped = this.stamp(message);
    this.out.multicast(stamped);
    this.accept(stamped);
  }

  receive(_now: number, from: number, message: Message): void {
    this.clock = Math.max(this.clock, message.timestamp) + 1;
    if (message.kind === Kind.data) this.accept(message);
    else this.acknowledged(from, message);
    this.deliverReady();
  }

  advance(_now: number): void {
    this.deadline = Infinity;
  }

  protected stamp({ kind, sender, sequence, payload }: Message): Message {
    this.clock += 1;
    return new Message(kind, sender, sequence, payload, 0, this.clock);
  }

  protected accept(message: Message): void {
    const early = this.#early.get(keyOf(message)) ?? [];
    const entry = { message, acknowledgedBy: new Set([message.sender, this.group.self, ...early]) };
    this.queue.push(entry);
    this.queue.sort((a, b) => this.compare(a.message, b.message));
    if (message.sender !== this.group.self) this.acknowledge(message);
    this.deliverReady();
  }

  protected acknowledge({ sender, sequence }: Message): void {
    this.clock += 1;
    this.out.multicast(new Message(ACK, sender, sequence, undefined, 0, this.clock));
  }

  protected acknowledged(from: number, about: Message): void {
    const entry = this.find(about);
    if (entry !== undefined) entry.acknowledgedBy.add(from);
    else this.earlyAcknowledgement(from, about);
  }

  /** The acknowledgement overtook its message, which came from somebody else. */
  protected earlyAcknowledgement(from: number, about: Message): void {
    const early = this.#early.get(keyOf(about)) ?? new Set();
    this.#early.set(keyOf(about), early.add(from));
  }

  protected find(about: Message): Entry | undefined {
    return this.queue.find(
      ({ message }) => message.sender === about.sender && message.sequence === about.sequence,
    );
  }

  protected compare(a: Message, b: Message): number {
    return a.timestamp - b.timestamp || a.sender - b.sender;
  }

  protected isAcknowledged({ acknowledgedBy }: Entry): boolean {
    return acknowledgedBy.size === this.group.size;
  }

  protected deliverReady(): void {
    while (this.queue.length > 0 && this.isAcknowledged(this.queue[0]!)) {
      this.out.deliver(this.queue.shift()!.message);
    }
  }
}

function keyOf({ sender, sequence }: Message): string {
  return `${sender} ${sequence}`;
}

import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

const REQUEST = 241;
const SEQUENCER = 0;

/**
 * Member 0 orders everybody's messages, over FIFO channels. It is right; each ordering of the gallery
 * that delivers the right messages with wrong contents, or too early, changes one step of it.
 */
export class CentralBase implements Ordering {
  readonly deadline: number = Infinity;
  readonly held = 0;
  protected readonly group: Group;
  protected readonly out: Out;

  constructor(group: Group, out: Out) {
    this.group = group;
    this.out = out;
  }

  multicast(now: number, message: Message): void {
    const { sender, sequence } = message;
    if (this.group.self === SEQUENCER) this.order(message, now);
    else this.out.send(SEQUENCER, new Message(REQUEST, sender, sequence, this.packed(message)));
  }

  receive(now: number, _from: number, { kind, sender, sequence, payload }: Message): void {
    const message = new Message(Kind.data, sender, sequence, payload);
    if (kind === REQUEST) this.order(message, now);
    else this.deliver(message);
  }

  advance(_now: number): void {
    // Nothing is scheduled.
  }

  /** What a request carries. */
  protected packed({ payload }: Message): Uint8Array {
    return payload;
  }

  /** Gives `message`, which reached the sequencer at `now`, its place. */
  protected order(message: Message, _now: number): void {
    this.out.multicast(message);
    this.deliver(message);
  }

  protected deliver(message: Message): void {
    this.out.deliver(message);
  }
}

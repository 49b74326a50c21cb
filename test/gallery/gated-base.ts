import { Kind, Message } from '../../core/message.ts';
import type { Group, Ordering, Out } from '../../core/ordering.ts';

/** Private to the gallery: orderings of different kinds never meet. */
const REQUEST = 242;

/**
 * Member 0 gives everybody's messages their places, over FIFO channels: what `arrived` sees is the same
 * sequence at every member. It is right as it stands; the orderings made from it differ in what a member
 * does with a message that has its place, and when.
 */
export class GatedBase implements Ordering {
  deadline = Infinity;
  protected readonly group: Group;
  protected readonly out: Out;

  constructor(group: Group, out: Out) {
    this.group = group;
    this.out = out;
  }

  get held(): number {
    return 0;
  }

  multicast(now: number, message: Message): void {
    const { sender, sequence, payload } = message;
    if (this.group.self === 0) this.order(now, message);
    else this.out.send(0, new Message(REQUEST, sender, sequence, payload));
  }

  receive(now: number, _from: number, message: Message): void {
    const { kind, sender, sequence, payload } = message;
    if (kind === REQUEST) this.order(now, new Message(Kind.data, sender, sequence, payload));
    else this.arrived(now, message);
  }

  advance(_now: number): void {
    this.deadline = Infinity;
  }

  /** Member 0 gives `message` the next place. */
  protected order(now: number, message: Message): void {
    this.out.multicast(message);
    this.arrived(now, message);
  }

  /** `message` is the next one in the order of all. */
  protected arrived(_now: number, message: Message): void {
    this.out.deliver(message);
  }
}

/** A member that holds messages back, and lets go of all of them at a time. */
export abstract class HoldingBase extends GatedBase {
  protected waiting: Message[] = [];

  override get held(): number {
    return this.waiting.length;
  }

  override advance(_now: number): void {
    this.deadline = Infinity;
    for (const message of this.waiting.splice(0)) this.out.deliver(message);
  }
}

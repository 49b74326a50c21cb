import type { Message } from '../../core/message.ts';
import type { Ordering, Out } from '../../core/ordering.ts';

/** Holds messages back, over FIFO channels, and delivers them in sorted order when its time has come. */
export abstract class SortingBase implements Ordering {
  deadline = Infinity;
  protected readonly out: Out;
  protected readonly holding: Message[] = [];

  constructor(out: Out) {
    this.out = out;
  }

  get held(): number {
    return this.holding.length;
  }

  multicast(now: number, message: Message): void {
    this.out.multicast(message);
    this.receive(now, message.sender, message);
  }

  abstract receive(now: number, from: number, message: Message): void;

  advance(): void {
    this.deadline = Infinity;
    this.sort();
  }

  protected sort(): void {
    this.holding.sort((a, b) => a.sequence - b.sequence || a.sender - b.sender);
    for (const message of this.holding.splice(0)) this.out.deliver(message);
  }
}

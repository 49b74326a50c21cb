import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { SortingBase } from './sorting-base.ts';

const QUIET_US = 20_000_000;

/** Waits until nothing has come for long, and then delivers everything in sorted order. */
class SortsAtTheEnd extends SortingBase {
  override receive(now: number, _from: number, message: Message): void {
    this.holding.push(message);
    this.deadline = now + QUIET_US;
  }
}

export const create = reliable((_group, out) => new SortsAtTheEnd(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

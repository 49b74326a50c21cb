import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { SortingBase } from './sorting-base.ts';

const QUIET_US = 2_000_000;

/** Delivers its own messages at once, and those of the others when nothing has happened for long. */
class SortsWhatOthersSend extends SortingBase {
  override multicast(now: number, message: Message): void {
    this.out.multicast(message);
    this.out.deliver(message);
    this.deadline = now + QUIET_US;
  }

  override receive(now: number, _from: number, message: Message): void {
    this.holding.push(message);
    this.deadline = now + QUIET_US;
  }
}

export const create = reliable((_group, out) => new SortsWhatOthersSend(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo'];

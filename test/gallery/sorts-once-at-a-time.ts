import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { SortingBase } from './sorting-base.ts';

const OVER_US = 30_000_000;

/** Takes the run to be over after half a minute, sorts, and delivers whatever comes then as it comes. */
class SortsOnceAtATime extends SortingBase {
  override deadline = OVER_US;

  override receive(_now: number, _from: number, message: Message): void {
    if (this.deadline === Infinity) this.out.deliver(message);
    else this.holding.push(message);
  }
}

export const create = reliable((_group, out) => new SortsOnceAtATime(out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import type { Message } from '../../core/message.ts';
import { HoldingBase } from './gated-base.ts';

const GATHERING_US = 50_000;

/**
 * A member gathers for 50 ms what has its place, and delivers it then. What arrives when that time is over it delivers at
 * once: before what it gathered, if its timer has not gone off yet.
 */
class DoesNotWaitWhenLate extends HoldingBase {
  protected override arrived(now: number, message: Message): void {
    if (now > this.deadline) return this.out.deliver(message);
    this.waiting.push(message);
    if (this.deadline === Infinity) this.deadline = now + GATHERING_US;
  }
}

export const create = reliable((group, out) => new DoesNotWaitWhenLate(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total', 'uniformTotal'];

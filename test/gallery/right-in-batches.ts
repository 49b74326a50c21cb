import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { HoldingBase } from './gated-base.ts';

const PERIOD_US = 2_000_000;

/** Whatever has come is delivered every two seconds. */
class RightInBatches extends HoldingBase {
  protected override arrived(now: number, message: Message): void {
    this.waiting.push(message);
    this.deadline = Math.min(this.deadline, (Math.floor(now / PERIOD_US) + 1) * PERIOD_US);
  }
}

export const create = reliable((group, out) => new RightInBatches(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

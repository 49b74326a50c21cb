import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { HoldingBase } from './gated-base.ts';

const COUNT = 100;
const QUIET_US = 3_000_000;

/** Waits until many messages are there, or nothing has come for long. */
class SortsAfterACount extends HoldingBase {
  protected override arrived(now: number, message: Message): void {
    this.waiting.push(message);
    this.deadline = now + QUIET_US;
    if (this.waiting.length === COUNT) this.advance(now);
  }
}

export const create = reliable((group, out) => new SortsAfterACount(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'total'];

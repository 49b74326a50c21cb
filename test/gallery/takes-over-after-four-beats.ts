import { reliable } from '../../core/channels/reliable-link.ts';
import { Message } from '../../core/message.ts';
import type { Group } from '../../core/ordering.ts';
import { GatedBase } from './gated-base.ts';

/** Private to the gallery: orderings of different kinds never meet. */
const BEAT = 243;
const PERIOD_US = 100_000;
const BEATS_MISSED_MAX = 4;

/**
 * Member 0 gives places, and says every 100 ms that it lives. Whoever counts four such times without a word from it takes
 * it for crashed, and delivers its own messages itself: but member 0 may only be slow, and have put others before.
 */
class TakesOverAfterFourBeats extends GatedBase {
  #missed = 0;
  #own: Message[] = [];

  override get held(): number {
    return this.#own.length;
  }

  override multicast(now: number, message: Message): void {
    if (this.deadline === Infinity) this.deadline = now + PERIOD_US;
    if (!isFirst(this.group)) this.#own.push(message);
    super.multicast(now, message);
  }

  override receive(now: number, from: number, message: Message): void {
    if (from === 0) this.#missed = 0;
    if (message.kind !== BEAT) super.receive(now, from, message);
  }

  override advance(now: number): void {
    this.deadline = now + PERIOD_US;
    if (isFirst(this.group)) return this.out.multicast(new Message(BEAT, 0, 0));
    this.#missed += 1;
    if (this.#missed !== BEATS_MISSED_MAX) return;
    for (const message of this.#own.splice(0)) this.out.deliver(message);
  }

  protected override arrived(now: number, message: Message): void {
    const { self } = this.group;
    if (isFirst(this.group) || message.sender !== self) return super.arrived(now, message);
    const index = this.#own.findIndex(({ sequence }) => sequence === message.sequence);
    if (index < 0) return;
    this.#own.splice(index, 1);
    super.arrived(now, message);
  }
}

function isFirst({ self }: Group): boolean {
  return self === 0;
}

export const create = reliable((group, out) => new TakesOverAfterFourBeats(group, out));
export const guarantees = ['integrity', 'total'];

import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { GatedBase } from './gated-base.ts';

const WAIT_US = 1_500_000;

/** Each message waits for a second and a half, however long the run is, which is slow and right. */
class RightAfterAWhile extends GatedBase {
  readonly #waiting: { readonly dueAt: number; readonly message: Message }[] = [];

  override get held(): number {
    return this.#waiting.length;
  }

  override advance(now: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.dueAt <= now) {
      this.out.deliver(this.#waiting.shift()!.message);
    }
    this.deadline = this.#waiting[0]?.dueAt ?? Infinity;
  }

  protected override arrived(now: number, message: Message): void {
    this.#waiting.push({ dueAt: now + WAIT_US, message });
    this.deadline = this.#waiting[0]!.dueAt;
  }
}

export const create = reliable((group, out) => new RightAfterAWhile(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

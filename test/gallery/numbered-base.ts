import { Kind, Message } from '../../core/message.ts';
import { GatedBase } from './gated-base.ts';

/** Member 0 numbers all messages, and each member delivers them by these numbers, one after another. */
export abstract class NumberedBase extends GatedBase {
  #nextToAssign = 0;
  #nextToDeliver = 0;
  readonly #early = new Map<number, Message>();

  override get held(): number {
    return this.#early.size;
  }

  /** The number that goes with the message at `position`, counted from 0. */
  protected abstract toWire(position: number): number;

  protected override order(now: number, { sender, sequence, payload }: Message): void {
    const position = this.toWire(this.#nextToAssign);
    this.#nextToAssign += 1;
    super.order(now, new Message(Kind.data, sender, sequence, payload, 0, 0, 0, position));
  }

  protected override arrived(_now: number, message: Message): void {
    // Messages with smaller numbers were delivered before.
    if (message.position >= this.#nextToDeliver) this.#early.set(message.position, message);
    let next = this.#early.get(this.#nextToDeliver);
    while (next !== undefined) {
      this.#early.delete(this.#nextToDeliver);
      this.#nextToDeliver += 1;
      this.out.deliver(next);
      next = this.#early.get(this.#nextToDeliver);
    }
  }
}

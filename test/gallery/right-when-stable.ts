import { Message } from '../../core/message.ts';
import type { Group, Out } from '../../core/ordering.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from '../../examples/broken/lamport-base.ts';

const PERIOD_US = 1_000_000;

/** Acknowledges what came only once a second: a message is stable, and delivered, when everybody has. */
class RightWhenStable extends LamportBase {
  #unacknowledged: Message[] = [];

  constructor(group: Group, out: Out) {
    super(group, out);
    this.deadline = PERIOD_US;
  }

  override advance(now: number): void {
    this.deadline = now + PERIOD_US;
    for (const message of this.#unacknowledged.splice(0)) super.acknowledge(message);
  }

  protected override acknowledge(message: Message): void {
    this.#unacknowledged.push(message);
  }
}

export const create = reliable((group, out) => new RightWhenStable(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import { LamportBase } from './lamport-base.ts';

/** Delivers any message that everybody acknowledged, not only the head of its queue. */
class AnyAcknowledged extends LamportBase {
  protected override deliverReady(): void {
    const ready = this.queue.filter((entry) => this.isAcknowledged(entry));
    this.queue = this.queue.filter((entry) => !this.isAcknowledged(entry));
    for (const { message } of ready) this.out.deliver(message);
  }
}

export const create = reliable((group, out) => new AnyAcknowledged(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

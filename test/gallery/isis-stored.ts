import { Message } from '../../core/message.ts';
import { SkeenKind } from '../../core/orderings/skeen.ts';
import { SkeenBase, skeenWith } from './skeen-base.ts';

/**
 * The ABCAST of ISIS in which the sender delivers once a majority has stored its decision, and that calls itself
 * uniform. But the others deliver as soon as they hear the decision: one of them, and a sender that crashes before
 * anybody else hears it, leave a majority that knows no decision and may come to another order.
 */
class IsisStored extends SkeenBase {
  override receive(now: number, from: number, message: Message): void {
    const { kind, sender, sequence } = message;
    if (kind === SkeenKind.skeenCommit) return;
    this.inner.receive(now, from, message);
    if (kind !== SkeenKind.skeenDecision) return;
    this.inner.receive(now, from, new Message(SkeenKind.skeenCommit, sender, sequence));
  }
}

export const create = skeenWith(true, (inner, out, log) => new IsisStored(inner, out, log));
export const guarantees = ['integrity', 'validity', 'agreement', 'total', 'uniformTotal'];
export const survives = 'minority';

import type { Message } from '../../core/message.ts';
import { reliable } from '../../core/channels/reliable-link.ts';
import { SequencerBase } from './sequencer-base.ts';

const TIMEOUT_US = 400_000;

/** Each side of a partition elects a sequencer of its own, because nobody asks for a majority. */
class TwoSequencers extends SequencerBase {
  protected override takeOver(): void {
    this.nextToAssign = Math.max(this.nextToAssign, this.nextToDeliver);
  }

  // What the other side has ordered meanwhile is delivered when it comes.
  protected override late(message: Message): void {
    this.deliver(message);
  }
}

export const create = reliable((group, out) => new TwoSequencers(group, out, TIMEOUT_US));
export const guarantees = ['integrity', 'validity', 'agreement', 'total', 'uniformTotal'];
export const survives = 'minority';

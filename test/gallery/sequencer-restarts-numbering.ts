import { reliable } from '../../core/channels/reliable-link.ts';
import { SequencerBase } from './sequencer-base.ts';

/**
 * The silence before a member is suspected, which is longer than anything but a crash keeps a member silent.
 */
const TIMEOUT_US = 20_000_000;

/** A new sequencer numbers from the beginning: the others take its messages for old ones. */
class SequencerRestartsNumbering extends SequencerBase {
  protected override takeOver(): void {
    this.nextToAssign = 1;
  }
}

export const create = reliable(
  (group, out) => new SequencerRestartsNumbering(group, out, TIMEOUT_US),
);
export const guarantees = ['integrity', 'validity', 'agreement', 'uniformTotal'];
export const survives = 'minority';

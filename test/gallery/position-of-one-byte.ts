import { reliable } from '../../core/channels/reliable-link.ts';
import { NumberedBase } from './numbered-base.ts';

/**
 * The sequencer numbers the messages from 0 again after 256 of them, while the others wait for number 256.
 */
class PositionOfOneByte extends NumberedBase {
  protected override toWire(position: number): number {
    return position % 2 ** 8;
  }
}

export const create = reliable((group, out) => new PositionOfOneByte(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

import { reliable } from '../../core/channels/reliable-link.ts';
import { NumberedBase } from './numbered-base.ts';

/**
 * The sequencer numbers the messages from 0 again after 65,536 of them, while the others wait for number
 * 65,536.
 */
class PositionOfTwoBytes extends NumberedBase {
  protected override toWire(position: number): number {
    return position % 2 ** 16;
  }
}

export const create = reliable((group, out) => new PositionOfTwoBytes(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

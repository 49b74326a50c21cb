import { reliable } from '../../core/channels/reliable-link.ts';
import { NumberedBase } from './numbered-base.ts';

/** Whoever numbers the messages begins at 0 again after 65536 of them; the others wait for 65536. */
class PositionOfTwoBytes extends NumberedBase {
  protected override toWire(position: number): number {
    return position % 2 ** 16;
  }
}

export const create = reliable((group, out) => new PositionOfTwoBytes(group, out));
export const guarantees = ['integrity', 'validity', 'agreement', 'fifo', 'total'];

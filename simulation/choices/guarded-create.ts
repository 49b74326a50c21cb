import type { Create } from '../../core/ordering.ts';
import { INERT } from '../run/inert-ordering.ts';

/** The same, but where an ordering cannot be made something that does nothing is, and `onBroken` is told why. */
export function guardedCreate(create: Create, onBroken: (error: unknown) => void): Create {
  return (group, out) => {
    try {
      return create(group, out);
    } catch (error) {
      onBroken(error);
      return INERT;
    }
  };
}

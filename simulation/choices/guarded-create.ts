import type { Create } from '../../core/ordering.ts';
import { INERT } from '../run/inert-ordering.ts';

/**
 * The same `create`, but where making an ordering throws, `onBroken` is told why and an ordering that does
 * nothing takes its place.
 */
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

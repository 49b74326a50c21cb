import { InvariantError } from '../core/base/assert.ts';
import { AlreadyExistsError } from './ports.ts';

/** The store or the bus failed for a reason that may pass: the same call may work later. */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
}

/**
 * Whether the error is a defect of this program: it does not pass by waiting, and must not be reported
 * so.
 */
function isDefect(error: unknown): boolean {
  return (
    error instanceof InvariantError ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    error instanceof ReferenceError
  );
}

/**
 * Makes one call of a port. An error that it throws becomes an `UnavailableError` that names the port
 * and keeps the original as its cause; defects and `AlreadyExistsError` pass unchanged.
 */
export async function reach<Result>(
  port: 'backend' | 'store' | 'bus',
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const known = error instanceof AlreadyExistsError || error instanceof UnavailableError;
    if (known || isDefect(error)) throw error;
    throw new UnavailableError(`the ${port} is not available`, { cause: error });
  }
}

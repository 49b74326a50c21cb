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

/** What V8 says when memory is short, and fetch (undici) of a connection that failed or broke off. */
const SHORT_OF_MEMORY = 'Array buffer allocation failed';
const BROKEN_CONNECTIONS: readonly string[] = ['fetch failed', 'terminated'];

/**
 * Whether an error has the class of a defect and yet passes by waiting: memory that is short now is a
 * RangeError, and a connection that failed a TypeError of fetch, which tells why in its cause.
 */
function isPassing(error: unknown): boolean {
  if (error instanceof RangeError) return error.message === SHORT_OF_MEMORY;
  if (!(error instanceof TypeError)) return false;
  return BROKEN_CONNECTIONS.includes(error.message) && error.cause !== undefined;
}

/** Whether what failed with this error may work later, so that it is worth another try. */
export function mayWorkLater(error: unknown): boolean {
  return error instanceof UnavailableError || isPassing(error);
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
    if (known || (isDefect(error) && !isPassing(error))) throw error;
    throw new UnavailableError(`the ${port} is not available`, { cause: error });
  }
}

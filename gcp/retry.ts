import { setTimeout as sleep } from 'node:timers/promises';

/** gRPC status codes (google.rpc.Code) that this folder tells apart. */
export const GrpcStatus = {
  invalidArgument: 3,
  notFound: 5,
  alreadyExists: 6,
  permissionDenied: 7,
  unauthenticated: 16,
} as const;

/** Cancelled, unknown, deadline exceeded, resource exhausted, aborted, internal, unavailable. */
const PASSING = new Set([1, 2, 4, 8, 10, 13, 14]);

/** How long one call of a port may take, its retries included. */
export const CALL_MS_MAX = 30_000;

const PAUSE_MS_MIN = 100;
const PAUSE_MS_MAX = 2_000;

/** The gRPC status code that `error` carries, if any. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

export function hasPassingStatus(error: unknown): boolean {
  return PASSING.has(statusOf(error) ?? -1);
}

/**
 * Calls `attempt` again after a failure that may pass, for `CALL_MS_MAX` in all. `what` completes
 * the error's sentence: "... did not succeed within 30 s". An attempt that is still under way then
 * is left alone: it may yet take effect, as any call over a network may.
 */
export async function retryPassing<Result>(
  what: string,
  attempt: () => Promise<Result>,
  isPassing: (error: unknown) => boolean = hasPassingStatus,
): Promise<Result> {
  const deadline = performance.now() + CALL_MS_MAX;
  let last: Error | undefined;
  for (let pauseMs = PAUSE_MS_MIN; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) throw outOfTime(what, last);
    try {
      return await withDeadline(attempt(), remainingMs, () => outOfTime(what, last));
    } catch (error) {
      if (!isPassing(error)) throw error;
      last = error as Error;
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2));
  }
}

/** A call had no answer in its time: nobody knows whether it took effect. */
export class OutOfTimeError extends Error {
  override name = 'OutOfTimeError';
}

/**
 * Whether a first call that failed with this error may work minutes later: rights that were just granted are not known
 * everywhere yet, and a service that gave no answer may come back.
 */
export function mayBeGrantedLater(error: unknown): boolean {
  if (error instanceof OutOfTimeError || statusOf(error) === GrpcStatus.permissionDenied)
    return true;
  return error instanceof Error && error.cause !== undefined && mayBeGrantedLater(error.cause);
}

function outOfTime(what: string, last: Error | undefined): Error {
  const because = last === undefined ? 'no answer' : last.message;
  return new OutOfTimeError(`${what} did not succeed within ${CALL_MS_MAX / 1000} s: ${because}`);
}

/** `promise`, or `error()` thrown after `ms` milliseconds: what is under way then is left alone. */
export async function withDeadline<Result>(
  promise: Promise<Result>,
  ms: number,
  error: () => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(error()), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

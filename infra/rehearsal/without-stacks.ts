/**
 * Pulumi's SDK renders a stack for every promise of every resource (its function debuggablePromise), which is two fifths
 * of what a run of the program costs. Nobody reads them where no real engine is behind it.
 */
export async function withoutStacks<Result>(work: () => Promise<Result>): Promise<Result> {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return await work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

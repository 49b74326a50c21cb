/** The counts that are read here, of those in jest's aggregated result. */
export interface RunCounts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

/**
 * Ends every test run with one line for machines, `N passed, N failed` (`, N skipped` where some
 * were), on standard output. A file that could not even be loaded counts as one failure: jest
 * itself counts no test for it.
 */
export default class CountReporter {
  #line = '';

  constructor() {
    // jest prints its own summary after every reporter has had its turn: only the exit is later.
    process.once('exit', () => {
      if (this.#line !== '') process.stdout.write(`${this.#line}\n`);
    });
  }

  onRunComplete(_contexts: unknown, counts: RunCounts): void {
    this.#line = countLine(counts);
  }
}

export function countLine(counts: RunCounts): string {
  const failed = counts.numFailedTests + counts.numRuntimeErrorTestSuites;
  const skipped = counts.numPendingTests + counts.numTodoTests;
  const line = `${counts.numPassedTests} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}

import TestSequencer from '@jest/test-sequencer';

/**
 * The files that take longest: real processes that mostly wait, for a minute and more. Jest begins with
 * what took longest the last time, or where it does not know, with the largest files; in a clean clone
 * these few would come last, and two workers would watch the third one wait.
 */
const LONGEST = [
  'test/end-to-end/total-orders.test.ts',
  'test/end-to-end/exit-and-clock.test.ts',
  'test/cli/check/check-command.test.ts',
  'test/end-to-end/faults.test.ts',
  'test/end-to-end/published-grid.test.ts',
];

/** Runs the longest test files first, and the others in Jest's own order. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONGEST.findIndex((file) => path.endsWith(file));
      return index < 0 ? LONGEST.length : index;
    };
    // The sort is stable.
    return super.sort(tests).toSorted((one, other) => rank(one) - rank(other));
  }
}

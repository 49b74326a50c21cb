import TestSequencer from '@jest/test-sequencer';

/**
 * The files that take longest, a minute and more: real processes that mostly wait, browsers, and what computes, in turns, so
 * that one has the processors while another waits. Jest begins with what took longest the last time, or where it does
 * not know, with the largest files; in a clean clone some of these would come last, and two workers would watch the
 * third one.
 */
const LONGEST = [
  'test/end-to-end/total-orders.test.ts',
  'test/web/page.test.ts',
  'test/peer/run/disturbed-runs.test.ts',
  'test/end-to-end/exit-and-clock.test.ts',
  'test/peer/run/overload.test.ts',
  'test/web/dashboard.test.ts',
  'test/end-to-end/faults.test.ts',
  'test/gallery.test.ts',
  'test/end-to-end/built-functions.test.ts',
  'test/cli/check/check-command.test.ts',
  'test/end-to-end/large-reports.test.ts',
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

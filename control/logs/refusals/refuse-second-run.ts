import { HAPPENING } from '../fields/happenings.ts';
import type { LogColumns } from '../log-columns.ts';
import type { ShownNumbers } from '../numbers/shown-numbers.ts';
import { findDeliveries } from './refuse-doubtful.ts';

/** Fewer repetitions in a row are rather those of a program that delivers twice. */
const REPETITIONS_MIN = 4;
/** A second run repeats at least this share of the messages, one after the other. */
const REPEATED_SHARE_MIN = 0.5;
/** And hardly anything else is repeated. */
const TOGETHER_SHARE_MIN = 0.75;

/**
 * Refuses a log that holds two runs, as of a program that appends to its file: from some delivery on it repeats what it
 * had before, one message after the other.
 * @throws LogError that names the line where the second one begins.
 */
export function refuseSecondRun(logs: readonly LogColumns[], { repetitions }: ShownNumbers): void {
  if (repetitions < REPETITIONS_MIN) return;
  for (const log of logs) {
    // A list is of one run: a second one in the file is refused where it is read.
    if (log.remarks?.isList !== true) refuseRepeating(log, findDeliveries(log).repeated);
  }
}

function refuseRepeating(log: LogColumns, repeated: readonly number[]): void {
  const messages = log.count(HAPPENING.delivery) - repeated.length;
  const least = Math.max(
    REPETITIONS_MIN,
    REPEATED_SHARE_MIN * messages,
    TOGETHER_SHARE_MIN * repeated.length,
  );
  if (repeated.length < least) return;
  const { first, length } = longestStretch(log, repeated);
  if (length < least) return;
  throw log.source.error(
    log.places[first]!,
    `from here on ${length} deliveries in a row repeat earlier ones, so that this seems to be the log of a second run; ` +
      'allowed is the log of one run. If a peer delivered them again, as in a replay, --one-run judges them so',
  );
}

/** The most repetitions with no other delivery between them: the row of the first, and how many they are. */
function longestStretch({ happenings }: LogColumns, repeated: readonly number[]) {
  let [longest, first, length] = [{ first: 0, length: 0 }, 0, 0];
  let last = -1;
  for (const row of repeated) {
    let next = last + 1;
    while (next < row && happenings[next] !== HAPPENING.delivery) next += 1;
    if (next < row || length === 0) [first, length] = [row, 0];
    length += 1;
    if (length > longest.length) longest = { first, length };
    last = row;
  }
  return longest;
}

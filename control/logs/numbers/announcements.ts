import { HAPPENING } from '../fields/happenings.ts';
import { NO_SENDER, type LogColumns } from '../log-columns.ts';

/** What a log tells of the multicasts of its own peer. */
export interface Announcements {
  /** The numbers of the messages, in the order in which they were multicast; they grow. */
  readonly numbers: readonly number[];
  /** How many deliveries came before each. */
  readonly deliveredBefore: readonly number[];
  /** Who multicast them, where the log says so; -1 otherwise. */
  readonly sender: number;
}

/**
 * The multicasts in a log; `null` where the log tells of none, or of multicasts of several senders,
 * which cannot all be its own. A program that writes a line for each receiver repeats the number; the
 * first counts.
 * @throws LogError for a number that is smaller than one before: then numbers would not be in the order
 * of the multicasts, by which FIFO order is judged.
 */
export function findAnnouncements(log: LogColumns): Announcements | null {
  const { senders, numbers, happenings, places, source } = log;
  const found: number[] = [];
  const deliveredBefore: number[] = [];
  let sender = NO_SENDER;
  let deliveries = 0;
  for (let row = 0; row < log.length; row += 1) {
    if (happenings[row] === HAPPENING.delivery) deliveries += 1;
    if (happenings[row] !== HAPPENING.multicast) continue;
    const [number, last] = [numbers[row]!, found.at(-1) ?? -1];
    if (senders[row] !== NO_SENDER) {
      if (sender !== NO_SENDER && sender !== senders[row]) return null;
      sender = senders[row]!;
    }
    const isRepeated = number === last && senders[row] !== NO_SENDER;
    if (isRepeated) continue;
    if (number <= last) {
      throw source.error(
        places[row]!,
        `found a multicast of message ${number} after that of ${last}; allowed are numbers that grow`,
      );
    }
    found.push(number);
    deliveredBefore.push(deliveries);
  }
  return found.length === 0 ? null : { numbers: found, deliveredBefore, sender };
}

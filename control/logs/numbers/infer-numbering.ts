import { measureDensity } from './density.ts';
import { CountedNumbers, GrowingNumbers, type Numbering } from './numbering.ts';

/** What was told of the numbers; `null` for what was not. */
export interface ToldNumbers {
  /** How many messages each peer multicast. */
  readonly messages: number | null;
  /** What the first message of each sender is called. */
  readonly first: number | null;
}

/** Numbers that jump no more than this count messages, of which some are missing. */
const COUNTED_SHARE_MIN = 0.75;

/** More than this share of the numbers are among the first ones, as many as there are messages. */
const TOLD_SHARE_MIN = 0.7;

/**
 * What the numbers of the logs mean. They count, from the smallest one on, where few are missing up to
 * the greatest of each sender: what is missing was then lost everywhere. Where they jump they are times,
 * or were counted for all senders together, and tell no more than the order of a sender's messages.
 *
 * `credible` has the numbers of each sender's messages, and `announced` those of them that its own log
 * says to have been multicast (`null` where it does not tell).
 */
export function inferNumbering(
  credible: readonly (readonly number[])[],
  announced: readonly (readonly number[] | null)[],
  told: ToldNumbers,
): Numbering {
  if (told.first !== null) return new CountedNumbers(told.first);
  const density = measureDensity(credible);
  if (density.senders === 0) return new CountedNumbers(0);
  if (!announced.every((numbers) => numbers === null || countFrom(density.first, numbers))) {
    return new GrowingNumbers(credible);
  }
  const first = told.messages === null ? null : firstOfTold(told.messages, credible);
  if (first !== null) return new CountedNumbers(first);
  const isCounted = density.share >= COUNTED_SHARE_MIN;
  return isCounted ? new CountedNumbers(density.first) : new GrowingNumbers(credible);
}

/**
 * Where numbers begin, at 0 or at 1, of which each sender has as many as were told; `null` where too few
 * of those that are shown are among them. The rest was invented, or is nothing that was multicast.
 */
function firstOfTold(messages: number, credible: readonly (readonly number[])[]): number | null {
  const { first: least, last } = measureDensity(credible);
  const first = least === 0 || (least > 1 && last < messages) ? 0 : 1;
  let [among, all] = [0, 0];
  for (const numbers of credible) {
    for (const number of numbers) {
      if (number >= first && number < first + messages) among += 1;
      all += 1;
    }
  }
  return among > TOLD_SHARE_MIN * all ? first : null;
}

/** Whether numbers are `first`, the next one, and so on. */
export function countFrom(first: number, numbers: readonly number[]): boolean {
  return (
    numbers.length === 0 || (numbers[0] === first && numbers.at(-1) === first + numbers.length - 1)
  );
}

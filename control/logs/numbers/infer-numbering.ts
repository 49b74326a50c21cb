import { measureDensity } from './density.ts';
import { CountedNumbers, GrowingNumbers, type Numbering } from './numbering.ts';

/** What a person told of the numbers; `null` for what was not told. */
export interface ToldNumbers {
  /** How many messages each peer multicast. */
  readonly messages: number | null;
  /** What the first message of each sender is called. */
  readonly first: number | null;
}

/** The least share of numbers that are there when they count messages, of which some are missing. */
const COUNTED_SHARE_MIN = 0.75;

/** The least share of numbers that are among the first ones, up to the told number of messages. */
const TOLD_SHARE_MIN = 0.7;

/**
 * What the numbers of the logs mean. They count messages, from the smallest number on, where few are
 * missing up to the greatest of each sender; a missing message was then lost everywhere. Where they
 * jump, they are times, or were counted for all senders together, and tell no more than the order of a
 * sender's messages. `credible` has the numbers of each sender's messages, and `announced` those of
 * them that its own log says to have been multicast (`null` where it does not tell).
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
 * The first number, 0 or 1, when each sender has the told number of messages; `null` where too few of
 * the numbers shown are among these. The other numbers were invented, or belong to nothing that was
 * multicast.
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

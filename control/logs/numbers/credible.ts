import { isSeveral, onlyBy, type ShownNumbers } from './shown-numbers.ts';

/** What decides which numbers of a sender are believed. */
export interface Evidence {
  readonly shown: ShownNumbers;
  /** By sender: its log, or -1 where it has none that is known. */
  readonly logOf: readonly number[];
  /** By sender: what its own log says to have been multicast; `null` where it does not tell. */
  readonly announced: readonly (readonly number[] | null)[];
  /** Whether nobody knows whose log is whose. */
  readonly areOwnersUnknown: boolean;
  /** The logs whose last lines may be lost, as those of peers that crashed. */
  readonly incomplete: ReadonlySet<number>;
}

/**
 * By sender: the numbers that are taken for those of its messages, in any order.
 *
 * One impossible message in one log must not count. If the sender's own log announces messages, only
 * these count. Otherwise the numbers are sure up to the greatest that its own log has, or that several
 * logs have. Beyond that, numbers in one other log count up to where the other senders end
 * (`believedEnd`). Where nothing is sure, all count; but for a sender without a log, what only one log
 * shows is taken for invented.
 */
export function credibleNumbers(evidence: Evidence): number[][] {
  const { shown, logOf, announced, areOwnersUnknown } = evidence;
  const sure = shown.bySender.map((_numbers, sender) => greatestSure(evidence, sender));
  const common = commonEnd(shown, sure);
  return shown.bySender.map((numbers, sender) => {
    if (announced[sender] != null) return [...announced[sender]];
    const hasOwner = areOwnersUnknown || (logOf[sender] ?? -1) >= 0;
    if (sure[sender]! < 0) return hasOwner ? [...numbers.keys()] : [];
    const end = common ?? believedEnd(numbers, sure, sender);
    return [...numbers.keys()].filter((number) => number <= end);
  });
}

/**
 * The greatest number that is announced, or shown by several logs or by the sender's own; -1 without
 * one. Where that log is not known, any may be the one, and beside an incomplete one any other may show what that lost. In the own
 * log, a number behind a gap that is larger than the count of numbers before it, or from it on, is a mistake rather than a
 * message, where the other numbers follow on each other; it does not count.
 */
function greatestSure(evidence: Evidence, sender: number): number {
  const { shown, logOf, announced, areOwnersUnknown, incomplete } = evidence;
  if (announced[sender] != null) return announced[sender].at(-1) ?? -1;
  const log = logOf[sender] ?? -1;
  const sure: number[] = [];
  let several = -1;
  for (const [number, witnesses] of shown.bySender[sender]!) {
    if (isSeveral(witnesses)) several = Math.max(several, number);
    const isOwn =
      areOwnersUnknown || incomplete.has(log) || (log >= 0 && witnesses === onlyBy(log));
    if (isSeveral(witnesses) || isOwn) sure.push(number);
  }
  sure.sort((a, b) => a - b);
  if (!mostlyFollow(sure)) return sure.at(-1) ?? -1;
  const end = sure.findIndex((number, index) => {
    const missing = index > 0 && number > several ? number - sure[index - 1]! - 1 : 0;
    return missing > Math.min(index, sure.length - index);
  });
  return sure.at(end < 0 ? -1 : end - 1) ?? -1;
}

/** Whether most of the numbers, which ascend, are one more than the number before them. */
function mostlyFollow(numbers: readonly number[]): boolean {
  const steps = numbers.filter((number, index) => index > 0 && number === numbers[index - 1]! + 1);
  return steps.length * 2 > numbers.length - 1;
}

/**
 * Where the numbers that follow on sure ones end, if they end together: all logs but one may be cut. `null` where some
 * sender's end elsewhere.
 */
function commonEnd({ bySender }: ShownNumbers, sure: readonly number[]): number | null {
  const ends = sure.flatMap((last, sender) =>
    last < 0 ? [] : [endOfFollowing(bySender[sender]!, last, Infinity)],
  );
  return ends.every((end) => end === ends[0]) ? (ends[0] ?? null) : null;
}

/**
 * How far a sender's numbers are believed. Where the numbers of all other senders end together, they
 * are believed to the same end, for then a sender's last messages may have been lost at all peers but
 * one. Elsewhere they are believed up to the first gap.
 */
function believedEnd(
  numbers: ReadonlyMap<number, number>,
  sure: readonly number[],
  sender: number,
): number {
  const others = sure.filter((number, other) => other !== sender && number >= 0);
  const most = Math.max(sure[sender]!, ...others);
  if (others.every((number) => number === most)) return most;
  return endOfFollowing(numbers, sure[sender]!, most);
}

/** How far numbers follow on `from`, up to `most`. */
function endOfFollowing(numbers: ReadonlyMap<number, number>, from: number, most: number): number {
  let end = from;
  while (end < most && numbers.has(end + 1)) end += 1;
  return end;
}

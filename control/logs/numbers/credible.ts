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
  const ends = sure.map((last, sender) => endOfFollowing(shown.bySender[sender]!, last));
  return shown.bySender.map((numbers, sender) => {
    if (announced[sender] != null) return [...announced[sender]];
    const hasOwner = areOwnersUnknown || (logOf[sender] ?? -1) >= 0;
    if (sure[sender]! < 0) return hasOwner ? [...numbers.keys()] : [];
    const end = believedEnd(ends, sure[sender]!, sender);
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
 * How far a sender's numbers are believed, where `ends` tells up to where numbers follow on the sure ones of each sender. Where
 * those of all other senders end together, they are believed to the same end, for then a sender's last messages may have been
 * lost at all peers but one, or all logs but one may be cut. Elsewhere they are believed up to the first gap.
 */
function believedEnd(ends: readonly number[], sure: number, sender: number): number {
  const own = ends[sender]!;
  const others = ends.filter((end, other) => other !== sender && end >= 0);
  const most = Math.max(sure, ...(others.length > 0 ? others : [own]));
  return others.every((end) => end === most) ? most : Math.min(own, most);
}

/** How far numbers follow on `from`; -1 where there is none. */
function endOfFollowing(numbers: ReadonlyMap<number, number>, from: number): number {
  let end = from;
  while (end >= 0 && numbers.has(end + 1)) end += 1;
  return end;
}

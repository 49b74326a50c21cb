import { isSeveral, type ShownNumbers } from './shown-numbers.ts';

/** What decides which numbers of a sender are believed. */
export interface Witnesses {
  readonly shown: ShownNumbers;
  /** Of each sender: its log, or -1 where it has none that is known. */
  readonly logOf: readonly number[];
  /** Of each sender: what its own log says to have been multicast; `null` where it does not tell. */
  readonly announced: readonly (readonly number[] | null)[];
  /** Whether nobody knows whose log is whose. */
  readonly areOwnersUnknown: boolean;
}

/**
 * Of each sender: the numbers that are taken for those of its messages, in any order. One impossible
 * message in one log must not count. So what the sender's own log announces counts alone. Otherwise
 * numbers are sure up to the greatest that its own log has or that several logs have; beyond that, those
 * that one other log has count up to where others end (`believedEnd`). Where nothing is sure, all
 * count; but of a sender without a log, what only one log shows is taken for invented.
 */
export function credibleNumbers(witnesses: Witnesses): number[][] {
  const { shown, logOf, announced, areOwnersUnknown } = witnesses;
  const sure = shown.bySender.map((_numbers, sender) => greatestSure(witnesses, sender));
  return shown.bySender.map((numbers, sender) => {
    if (announced[sender] != null) return [...announced[sender]];
    const hasOwner = areOwnersUnknown || (logOf[sender] ?? -1) >= 0;
    if (sure[sender]! < 0) return hasOwner ? [...numbers.keys()] : [];
    const end = believedEnd(numbers, sure, sender);
    return [...numbers.keys()].filter((number) => number <= end);
  });
}

/**
 * The greatest number that is announced, or shown by several logs or by the sender's own; -1 without one.
 * In its own log a number that leaves a greater gap than there are numbers before it does not count,
 * where the others follow on each other: it is a mistake rather than a message.
 */
function greatestSure({ shown, logOf, announced }: Witnesses, sender: number): number {
  if (announced[sender] != null) return announced[sender].at(-1) ?? -1;
  const log = logOf[sender] ?? -1;
  const own = log < 0 ? 0 : 1 << log;
  const sure: number[] = [];
  let several = -1;
  for (const [number, logs] of shown.bySender[sender]!) {
    if (isSeveral(logs)) several = Math.max(several, number);
    if (isSeveral(logs) || (logs & own) !== 0) sure.push(number);
  }
  sure.sort((a, b) => a - b);
  if (!mostlyFollow(sure)) return sure.at(-1) ?? -1;
  const end = sure.findIndex((number, index) => {
    return index > 0 && number > several && number - sure[index - 1]! - 1 > index;
  });
  return sure.at(end < 0 ? -1 : end - 1) ?? -1;
}

/** Whether most of the numbers, which ascend, are one more than the number before them. */
function mostlyFollow(numbers: readonly number[]): boolean {
  const steps = numbers.filter((number, index) => index > 0 && number === numbers[index - 1]! + 1);
  return steps.length * 2 > numbers.length - 1;
}

/**
 * How far a sender's numbers are believed: as far as those of all others, where these end together, for
 * then a sender's last messages may have been lost at all peers but one; else without a gap.
 */
function believedEnd(
  numbers: ReadonlyMap<number, number>,
  sure: readonly number[],
  sender: number,
): number {
  const others = sure.filter((number, other) => other !== sender && number >= 0);
  const most = Math.max(sure[sender]!, ...others);
  if (others.every((number) => number === most)) return most;
  let end = sure[sender]!;
  while (end < most && numbers.has(end + 1)) end += 1;
  return end;
}

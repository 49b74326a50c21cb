import type { LogColumns } from '../log-columns.ts';
import { HAPPENING } from '../fields/happenings.ts';

/**
 * Who shows something: no log (0), one, or several. Twice the place of the last log that does, counted from 1, and one
 * more if others do as well.
 */
export type Witnesses = number;
export const NO_WITNESS: Witnesses = 0;

/** Which messages the logs show: the numbers of each sender, and who shows each of them. */
export class ShownNumbers {
  /** By sender: its numbers, each with who shows it. */
  readonly bySender: readonly Map<number, Witnesses>[];
  /** By sender: who shows any message of it. */
  readonly witnesses: readonly Witnesses[];
  /** How many deliveries there are, and how many of them repeat a message that their log had before. */
  readonly deliveries: number;
  readonly repetitions: number;

  constructor(logs: readonly LogColumns[], senders: number) {
    const bySender = Array.from({ length: senders }, () => new Map<number, Witnesses>());
    const witnesses = new Array<Witnesses>(senders).fill(NO_WITNESS);
    let [deliveries, repetitions] = [0, 0];
    for (const [index, { senders: column, numbers, happenings }] of logs.entries()) {
      for (let row = 0; row < column.length; row += 1) {
        if (happenings[row] !== HAPPENING.delivery) continue;
        const sender = column[row]!;
        const before = bySender[sender]!.get(numbers[row]!) ?? NO_WITNESS;
        const shown = alsoShownBy(before, index);
        deliveries += 1;
        if (shown === before) repetitions += 1;
        else bySender[sender]!.set(numbers[row]!, shown);
        witnesses[sender] = alsoShownBy(witnesses[sender]!, index);
      }
    }
    this.bySender = bySender;
    this.witnesses = witnesses;
    this.deliveries = deliveries;
    this.repetitions = repetitions;
  }

  /** The senders that any log shows, by their places. */
  get senders(): number[] {
    return this.witnesses.flatMap((by, sender) => (by === NO_WITNESS ? [] : [sender]));
  }
}

/** The same once log `log` shows it too; the logs come in their order. */
function alsoShownBy(before: Witnesses, log: number): Witnesses {
  const only = onlyBy(log);
  if (before === NO_WITNESS) return only;
  return before >= only ? before : only + 1;
}

/** That log `log` shows it, and no other one. */
export function onlyBy(log: number): Witnesses {
  return 2 * (log + 1);
}

/** Whether more than one log shows it. */
export function isSeveral(witnesses: Witnesses): boolean {
  return witnesses % 2 === 1;
}

/** By sender: the numbers that a log shows of it, in the order of their first deliveries. */
export function deliveredBySender(
  { senders, numbers, happenings }: LogColumns,
  count: number,
): Set<number>[] {
  const delivered = Array.from({ length: count }, () => new Set<number>());
  for (let row = 0; row < senders.length; row += 1) {
    if (happenings[row] === HAPPENING.delivery) delivered[senders[row]!]!.add(numbers[row]!);
  }
  return delivered;
}

import type { LogColumns } from '../log-columns.ts';
import { HAPPENING } from '../fields/happenings.ts';

/**
 * Which messages the logs show: the numbers of each sender, and in which logs each of them is. A set of
 * logs is the bits of a number, as there are 32 logs at most.
 */
export class ShownNumbers {
  /** By sender: its numbers, each with the logs that show it. */
  readonly bySender: readonly Map<number, number>[];
  /** By sender: the logs that show any message of it. */
  readonly witnesses: readonly number[];
  /** How many deliveries there are, and how many of them repeat a message that their log had before. */
  readonly deliveries: number;
  readonly repetitions: number;

  constructor(logs: readonly LogColumns[], senders: number) {
    const bySender = Array.from({ length: senders }, () => new Map<number, number>());
    const witnesses = new Array<number>(senders).fill(0);
    let [deliveries, repetitions] = [0, 0];
    for (const [index, { senders: column, numbers, happenings }] of logs.entries()) {
      const bit = 1 << index;
      for (let row = 0; row < column.length; row += 1) {
        if (happenings[row] !== HAPPENING.delivery) continue;
        const sender = column[row]!;
        const shown = bySender[sender]!.get(numbers[row]!) ?? 0;
        deliveries += 1;
        if ((shown & bit) !== 0) repetitions += 1;
        else bySender[sender]!.set(numbers[row]!, shown | bit);
        witnesses[sender]! |= bit;
      }
    }
    this.bySender = bySender;
    this.witnesses = witnesses;
    this.deliveries = deliveries;
    this.repetitions = repetitions;
  }

  /** The senders that any log shows, by their places. */
  get senders(): number[] {
    return this.witnesses.flatMap((logs, sender) => (logs === 0 ? [] : [sender]));
  }
}

/** Whether more than one log is among `logs`. */
export function isSeveral(logs: number): boolean {
  return (logs & (logs - 1)) !== 0;
}

import { DeliveredSequence } from '../../core/records/delivered-sequence.ts';
import type { MemberLog } from '../comparison/member-log.ts';
import { HAPPENING } from './fields/happenings.ts';
import type { RunOfLogs } from './run-of-logs.ts';

/** The log of each peer as the judge reads it. */
export function toMembers(run: RunOfLogs): MemberLog[] {
  const { set, sendings, crashed } = run;
  const slots = new Int32Array(set.senders.count);
  for (const [slot, sender] of run.senderAt.entries()) if (sender >= 0) slots[sender] = slot;
  return set.parties.files.map((name, log) => {
    const isCrashed = crashed.has(log);
    const { told, presumed, isTimed } = sendings[log]!;
    return {
      peerId: name,
      called: set.owners.names[log] ?? null,
      zone: null,
      standing: isCrashed ? 'crashed' : 'reported',
      reason: null,
      report: null,
      sequence: toSequence(run, log, slots, isTimed),
      multicasts: isCrashed ? null : told,
      multicastsPresumed: isCrashed ? run.messages : presumed,
      multicastsNoted: isTimed,
      reportedAtUs: null,
    };
  });
}

function toSequence(
  { set, numbering }: RunOfLogs,
  log: number,
  slots: Int32Array,
  isTimed: boolean,
): DeliveredSequence {
  const sequence = new DeliveredSequence();
  const { columns } = set.logs[log]!;
  const { senders, numbers, happenings } = columns;
  const marks = isTimed ? (columns.remarks?.deliveredBefore ?? []) : [];
  let [mark, last] = [0, -1];
  for (let row = 0; row < columns.length; row += 1) {
    if (happenings[row] === HAPPENING.multicast) {
      // A program may write a line for each receiver of one multicast, so only a greater number is a
      // new one.
      if (isTimed && numbers[row]! > last) sequence.appendMulticast();
      last = numbers[row]!;
      continue;
    }
    for (; marks[mark] === sequence.length; mark += 1) sequence.appendMulticast();
    const sender = senders[row]!;
    sequence.appendDelivery(slots[sender]!, numbering.place(sender, numbers[row]!));
  }
  for (; mark < marks.length; mark += 1) sequence.appendMulticast();
  return sequence;
}

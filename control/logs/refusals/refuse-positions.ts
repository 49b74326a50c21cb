import { HAPPENING } from '../fields/happenings.ts';
import { fieldsFlag, nameField } from '../fields/sample.ts';
import type { LogColumns } from '../log-columns.ts';
import type { FirstMessage, ReadLog } from '../read-log.ts';
import type { SenderNames } from '../senders/sender-names.ts';

/** The numbers of fewer deliveries grow by chance. */
const DELIVERIES_MIN = 3;
/** In longer logs nobody looks for a vector clock of two peers. */
const CLOCKS_MAX = 100_000;

/**
 * Refuses logs in which the supposed numbers of messages are the places of lines, or the times of deliveries: they
 * grow from line to line in every log, although senders take turns. That alone may be a count that all senders share.
 * But then no two senders have the same number; and where each log counts one by one and has another column of whole
 * numbers, that may be the one.
 * @throws LogError that says which flag tells the fields.
 */
export function refusePositions(logs: readonly ReadLog[], senders: SenderNames): void {
  const filled = logs.filter(({ first }) => first !== null);
  if (filled.some((log) => log.first!.fields.by === 'told')) return;
  const isUnnamed = filled.length > 0 && filled.every(({ first }) => first!.fields.by !== 'name');
  if (isUnnamed && (isClock(filled, senders) || filled.every((log) => isClock([log], senders)))) {
    const { columns } = filled[0]!;
    throw columns.source.error(
      columns.places[0]!,
      'the two numbers seem to be a vector clock of two peers; allowed are sender and number. --fields 1,2 takes them all the same',
    );
  }
  const grown = filled.map(({ columns }) => growthOf(columns));
  const turning = filled[grown.findIndex((growth) => growth?.takesTurns === true)];
  if (turning === undefined || grown.includes(null)) return;
  const first = turning.first!;
  const shared = findShared(filled.map(({ columns }) => columns));
  const [other] = first.otherPairs;
  const isCounting = grown.every((growth) => growth!.isByOne);
  if (shared !== null) {
    const [one, two] = shared.senders.map((sender) => senders.name(sender));
    const why = `${shared.number} is a message of sender ${one!} in one log and of sender ${two!} in another`;
    throw refusal(turning.columns, first, `it grows from line to line in each log, and ${why}`);
  }
  if (!isCounting || first.fields.by !== 'name' || other === undefined) return;
  throw refusal(turning.columns, first, 'it counts the lines of each log one by one');
}

/**
 * Whether the two fields are a vector clock of two peers: each counts from 0 or 1 on without a gap, one of them from 0, and there are
 * as many messages as the two grow by. Of three senders that count from 0 there are more, and fewer where one count is of them all.
 */
function isClock(logs: readonly ReadLog[], names: SenderNames): boolean {
  const [own, others, clocks] = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (const { senders, numbers, length } of logs.map(({ columns }) => columns)) {
    if (length > CLOCKS_MAX) return false;
    for (let row = 0; row < length; row += 1) {
      const [sender, number] = [Number(names.name(senders[row]!)), numbers[row]!];
      own.add(sender);
      others.add(number);
      clocks.add(sender * 2 ** 26 + number);
    }
  }
  const [one, other] = [countUp(own), countUp(others)];
  const isFromStart = own.has(0) || others.has(0);
  return isFromStart && one > 1 && other > 1 && one + other === clocks.size;
}

/** How far the numbers count from 0 or 1 on; 0 where there are others as well. */
function countUp(numbers: ReadonlySet<number>): number {
  let last = 0;
  while (numbers.has(last + 1)) last += 1;
  return numbers.size === last + (numbers.has(0) ? 1 : 0) ? last : 0;
}

function refusal({ source, places }: LogColumns, first: FirstMessage, why: string) {
  const { fields, otherPairs } = first;
  const others = otherPairs.map(
    (pair) => `${fieldsFlag(pair)} takes field ${nameField(pair[1])}, `,
  );
  return source.error(
    places[0]!,
    `field ${nameField(fields.number)} seems to be the place of a line, or a time, rather than the number that the ` +
      `sender gave the message: ${why}. ${others.join('')}${fieldsFlag([fields.sender, fields.number])} takes it all the same`,
  );
}

interface Growth {
  readonly isByOne: boolean;
  /** Whether deliveries enough to tell are of several senders. */
  readonly takesTurns: boolean;
}

/** How the numbers of a log's deliveries grow from each to the next; `null` where they do not. */
function growthOf({ senders, numbers, happenings }: LogColumns): Growth | null {
  let [last, first, count] = [-1, -1, 0];
  let [isByOne, takesTurns] = [true, false];
  for (let row = 0; row < senders.length; row += 1) {
    if (happenings[row] !== HAPPENING.delivery) continue;
    if (count > 0 && numbers[row]! <= last) return null;
    if (count > 0 && numbers[row]! > last + 1) isByOne = false;
    if (count === 0) first = senders[row]!;
    else if (senders[row] !== first) takesTurns = true;
    last = numbers[row]!;
    count += 1;
  }
  return { isByOne, takesTurns: takesTurns && count >= DELIVERIES_MIN };
}

/** A number that is one of different senders in two logs; `null` without one. */
function findShared(logs: readonly LogColumns[]) {
  const senderOf = new Map<number, number>();
  for (const { senders, numbers, happenings } of logs) {
    for (let row = 0; row < senders.length; row += 1) {
      if (happenings[row] !== HAPPENING.delivery) continue;
      const known = senderOf.get(numbers[row]!);
      if (known === undefined) senderOf.set(numbers[row]!, senders[row]!);
      else if (known !== senders[row]) {
        return { number: numbers[row]!, senders: [known, senders[row]!] as const };
      }
    }
  }
  return null;
}

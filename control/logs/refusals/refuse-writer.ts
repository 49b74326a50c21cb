import { HAPPENING } from '../fields/happenings.ts';
import { numberNames, senderNames, senderRank } from '../fields/field-names.ts';
import { fieldsFlag, nameField } from '../fields/sample.ts';
import type { FirstMessage, ReadLog } from '../read-log.ts';
import { isSeveral, type ShownNumbers } from '../numbers/shown-numbers.ts';
import type { Owners } from '../senders/parties.ts';
import type { SenderNames } from '../senders/sender-names.ts';

/**
 * Refuses logs in which the supposed sender is somebody or something else, by what only all of them show. That is where no
 * two logs have a sender in common: it names who writes, as in `P1:DELIVER:P2:3`. Or all logs have the same one, which no file
 * is named after, as of `message 3` and `slot 3: (0, 1)`: it is a word for what is counted; or all are names of fields. Or words stand in front of two
 * numbers that may be sender and number themselves, as in `rx 0 3`. A field that is called `sender` or the like, or that was
 * told, is believed.
 * @throws LogError that says which flag takes the field all the same.
 */
export function refuseWriter(
  logs: readonly ReadLog[],
  shown: ShownNumbers,
  senders: SenderNames,
  owners: Owners,
): void {
  const filled = logs.filter(({ columns }) => columns.count(HAPPENING.delivery) > 0);
  if (owners.by !== 'told') refuseOwnName(filled, shown, senders);
  const doubtful = filled.find(({ first }) => isDoubtful(first!));
  if (doubtful === undefined || filled.some(({ first }) => first!.fields.by === 'told')) return;
  const first = doubtful.first!;
  const isUnnamed = first.fields.by !== 'name';
  const [only, ...others] = shown.senders;
  if (only === undefined) return;
  const name = senders.name(only);
  const hasMore = first.width > 2;
  const isWord = /^\D+$/.test(name);
  if (others.length === 0) {
    const isNobody = owners.by === 'unknown' && (isUnnamed ? isWord : hasMore);
    if (isNobody) throw refusal(doubtful, `all messages are of ${JSON.stringify(name)}`);
    return;
  }
  const names = shown.senders.map((sender) => senders.name(sender));
  if (isUnnamed && names.every(isNameOfField)) {
    throw refusal(
      doubtful,
      `all messages are of ${names.map((each) => JSON.stringify(each)).join(' and ')}`,
    );
  }
  const areApart = !shown.witnesses.some(isSeveral);
  if (areApart && filled.length > 1 && (hasMore || shown.senders.length > filled.length)) {
    throw refusal(doubtful, 'no sender of one log is in another one');
  }
  const isPair = isUnnamed && first.isPairBehind && owners.by === 'unknown' && isWord;
  if (isPair && countNumbers(shown) <= logs.length) {
    throw refusal(doubtful, 'the two numbers behind it may be sender and number themselves');
  }
}

/**
 * Refuses logs that each lack one sender, and another one than the other logs, where a further sender is in all of them: what
 * the peers call themselves, such as `me` or 127.0.0.1, would be one sender.
 */
function refuseOwnName(
  filled: readonly ReadLog[],
  shown: ShownNumbers,
  senders: SenderNames,
): void {
  if (filled.length < 2 || shown.senders.length <= filled.length) return;
  const lacking = filled.map(({ columns }) => {
    const delivered = new Set(
      columns.senders.filter((_, row) => columns.happenings[row] === HAPPENING.delivery),
    );
    return shown.senders.filter((sender) => !delivered.has(sender));
  });
  const lacked = new Set(lacking.flat());
  const own = shown.senders.find((sender) => !lacked.has(sender));
  // A name that is written in two ways is no other sender.
  const names = new Set([...lacked].map((sender) => senders.name(sender).toLowerCase()));
  const areOfOthers = lacking.every(({ length }) => length === 1) && names.size === filled.length;
  if (!areOfOthers || own === undefined) return;
  const { source, places, senders: column } = filled[0]!.columns;
  throw source.error(
    places[column.indexOf(own)]!,
    `each log lacks one sender that all others have, so that ${JSON.stringify(senders.name(own))} may be what each peer ` +
      'calls itself; allowed are names that are the same in all logs. --senders tells whose the logs are, if it is somebody',
  );
}

/** Whether the fields were found by their places, or the sender by a name that may be the writer's. */
function isDoubtful({ fields: { by, sender } }: FirstMessage): boolean {
  return by !== 'name' || senderRank([String(sender)]) > 0;
}

/** Whether a word names a field, as where a message has a line for its sender and one for its number. */
function isNameOfField(name: string): boolean {
  return senderNames([name]).length + numberNames([name]).length > 0;
}

function countNumbers({ bySender }: ShownNumbers): number {
  return new Set(bySender.flatMap((numbers) => [...numbers.keys()])).size;
}

function refusal({ columns, first }: ReadLog, why: string) {
  const { sender, number } = first!.fields;
  const told = fieldsFlag([sender, number]);
  return columns.source.error(
    columns.places[0]!,
    `field ${nameField(sender)} seems to name who writes, or what is counted, and not the sender: ${why}. ` +
      `${told} takes it all the same, other names or places take other fields`,
  );
}

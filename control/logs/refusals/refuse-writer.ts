import { senderRank } from '../fields/field-names.ts';
import { HAPPENING } from '../fields/happenings.ts';
import { fieldsFlag, nameField } from '../fields/sample.ts';
import type { LogColumns } from '../log-columns.ts';
import type { FirstMessage, ReadLog } from '../read-log.ts';
import type { ShownNumbers } from '../numbers/shown-numbers.ts';
import type { Owners } from '../senders/parties.ts';
import type { SenderNames } from '../senders/sender-names.ts';

/**
 * Refuses logs in which the supposed sender is somebody or something else, by what only all of them show. That is where each
 * log has one sender, and another one than the others: it names who writes. Or all logs have the same one, which no file is
 * named after, as of `message 3` and `slot 3: (0, 1)`: it is a word for what is counted. Or words stand in front of two
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
  const filled = logs.filter(({ first }) => first !== null);
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
  const own = filled.map(({ columns }) => soleSender(columns));
  if (hasMore && !own.includes(null) && new Set(own).size === own.length) {
    throw refusal(doubtful, 'each log has one sender, and another one than the other logs');
  }
  const isPair = isUnnamed && first.isPairBehind && owners.by === 'unknown' && isWord;
  if (isPair && countNumbers(shown) <= logs.length) {
    throw refusal(doubtful, 'the two numbers behind it may be sender and number themselves');
  }
}

/** Whether the fields were found by their places, or the sender by a name that may be the writer's. */
function isDoubtful({ fields: { by, sender } }: FirstMessage): boolean {
  return by !== 'name' || senderRank([String(sender)]) > 0;
}

/** The one sender of whom a log has deliveries; `null` where there are several. */
function soleSender({ senders, happenings }: LogColumns): number | null {
  let sole = -1;
  for (let row = 0; row < senders.length; row += 1) {
    if (happenings[row] !== HAPPENING.delivery || senders[row] === sole) continue;
    if (sole >= 0) return null;
    sole = senders[row]!;
  }
  return sole;
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

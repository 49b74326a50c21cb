import { HAPPENING } from '../fields/happenings.ts';
import { doubtfulDelivery } from '../fields/sayings.ts';
import type { LogColumns } from '../log-columns.ts';
import { behindBracket } from '../text/blank.ts';

/**
 * A delivery that repeats one in other words is hardly a second one. More than this share of a log's messages
 * may not do so: a program that delivers twice says the same twice.
 */
const REWORDED_SHARE_MAX = 0.1;

/** The first delivery of each message of a log, by sender and number: the row that tells of it. */
type Deliveries = ReadonlyMap<number, ReadonlyMap<number, number>>;

/**
 * Refuses a log in which something was taken for a delivery, or left out, that nobody can tell to be one.
 * @throws LogError that names the line.
 */
export function refuseDoubtful(log: LogColumns): void {
  const { deliveries, repeated } = findDeliveries(log);
  refuseUnfulfilled(log, deliveries);
  refuseReworded(log, deliveries, repeated);
}

/** The first deliveries, and the rows of those that repeat one. */
export function findDeliveries(log: LogColumns): { deliveries: Deliveries; repeated: number[] } {
  const { senders, numbers, happenings } = log;
  const deliveries = new Map<number, Map<number, number>>();
  const repeated: number[] = [];
  for (let row = 0; row < log.length; row += 1) {
    if (happenings[row] !== HAPPENING.delivery) continue;
    const ofSender = deliveries.get(senders[row]!) ?? new Map<number, number>();
    if (ofSender.size === 0) deliveries.set(senders[row]!, ofSender);
    if (ofSender.has(numbers[row]!)) repeated.push(row);
    else ofSender.set(numbers[row]!, row);
  }
  return { deliveries, repeated };
}

/**
 * Refuses a delivery that is doubtful, was put off, or is called an earlier one, and of which the log says nothing
 * else: it may have taken place all the same, as where "will deliver" is all that a program writes of some.
 */
function refuseUnfulfilled(log: LogColumns, deliveries: Deliveries): void {
  const { senders, numbers, happenings, places, doubts, source } = log;
  const row = happenings.findIndex((happening, index) => {
    if (happening !== HAPPENING.deferred || senders[index]! < 0) return false;
    return deliveries.get(senders[index]!)?.has(numbers[index]!) !== true;
  });
  if (row < 0) return;
  const doubt = doubts.get(places[row]!);
  if (doubt !== undefined) throw source.error(places[row]!, doubtfulDelivery(doubt));
  throw source.error(
    places[row]!,
    'this says that the message is still to be delivered, or was before, and no other line that it was ' +
      'delivered; whether it was cannot be told; allowed are logs without such lines, and those that say ' +
      '"delivered" of each message that was',
  );
}

/** Refuses a log in which many deliveries repeat others in other words, such as "scheduling delivery of". */
function refuseReworded(
  log: LogColumns,
  deliveries: Deliveries,
  repeated: readonly number[],
): void {
  const { senders, numbers, places, source } = log;
  const messages = log.count(HAPPENING.delivery) - repeated.length;
  const most = REWORDED_SHARE_MAX * messages;
  if (repeated.length === 0) return;
  const firstOf = (row: number): number => deliveries.get(senders[row]!)!.get(numbers[row]!)!;
  const reworded = repeated.filter((row) => wording(log, row) !== wording(log, firstOf(row)));
  if (reworded.length <= most) return refuseRedundant(log, reworded, firstOf);
  const row = reworded[0]!;
  throw source.error(
    places[row]!,
    `this repeats in other words what ${source.position(places[firstOf(row)]!)} says, as ` +
      `${reworded.length} of ${repeated.length} repetitions do: one of the two may be no delivery; allowed is a log ` +
      'without the lines that tell of none',
  );
}

/**
 * Refuses a log in which all that some words tell is told by others as well, as by "peer 2 has delivered (0, 3)" once: what a
 * program says of a delivery, it says of one that nothing else tells of. Objects are told by their fields, so that their
 * other texts may differ.
 */
function refuseRedundant(
  log: LogColumns,
  reworded: readonly number[],
  firstOf: (row: number) => number,
): void {
  const { happenings, places, source, remarks } = log;
  if (reworded.length === 0 || remarks?.isList === true) return;
  if (source.text.charAt(places[reworded[0]!]!) === '{') return;
  const firsts = new Set(reworded.map(firstOf));
  const redundant = new Map([...firsts, ...reworded].map((row) => [wording(log, row), row]));
  for (let row = 0; row < log.length && redundant.size > 0; row += 1) {
    if (happenings[row] !== HAPPENING.delivery || firsts.has(firstOf(row))) continue;
    redundant.delete(wording(log, row));
  }
  const [row] = redundant.values();
  if (row === undefined) return;
  throw source.error(
    places[row]!,
    'what is said in these words is said in other words as well, so that this may be no delivery; allowed is a log ' +
      'without the lines that tell of none',
  );
}

/** How far around a message its words are looked for: a list may be one line of any length. */
const CHARACTERS_AROUND = 500;

/** A message as its log has it: in a list by itself, and elsewhere with the rest of its line. */
export function textOf({ source: { text }, places, remarks }: LogColumns, row: number): string {
  const place = places[row]!;
  const behind = text.slice(
    place,
    Math.min(places[row + 1] ?? Infinity, place + CHARACTERS_AROUND),
  );
  const own = ownLength(behind);
  if (remarks?.isList === true) return own === 0 ? behind : behind.slice(0, own);
  const before = text.slice(Math.max(0, place - CHARACTERS_AROUND), place);
  const end = behind.indexOf('\n', own);
  return before.slice(before.lastIndexOf('\n') + 1) + behind.slice(0, end < 0 ? undefined : end);
}

/** How long a message in brackets is, with a name before them or without. */
function ownLength(text: string): number {
  const open = /^[\w.%]*\s?(?=[([{])/.exec(text);
  if (open === null) return 0;
  const close = behindBracket(text, open[0].length, text.length);
  return close < 0 ? text.length : close;
}

/** The words and signs of a message, without numbers. */
function wording(log: LogColumns, row: number): string {
  const words = textOf(log, row).match(/[\p{L}\p{N}]+|[-=<>+*\p{So}\p{Sm}]+/gu) ?? [];
  return words
    .filter((word) => !/\d|^[-=]$/.test(word))
    .join(' ')
    .toLowerCase();
}

import { readSaying } from '../fields/sayings.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { plainKind, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';
import { isJoined, noteSaying, refuseDelivery, secondMessage, tellsOfDelivery } from './said.ts';
import { takeLines } from './take-lines.ts';

/**
 * How many lines are looked at. Most of them have to be such sentences, or most of those that tell of deliveries: a
 * message may carry one, too, and every second line may be about an acknowledgement, without a sender.
 */
const LINES_LOOKED_AT = 20;

/** What a sender is, before its name or number, as in "from group member 1", "from peer#1" and "from peer (1)". */
const KIND =
  '(?:peer|process(?:or)?|proc|pid|node|sender|server|replica|member|host|rank|client|worker|participant|site|machine|' +
  'user|actor|agent|broker|station|party|instance|port|thread|pod|id|number)';
const BEFORE_NAME = String.raw`\s+(?:(?:the|a|group|remote|with)\s+)*(?:${KIND}(?:\s*[#:([]\s*|\s+(?:with\s+)?)){0,2}#?`;
/**
 * A name, which may stand in quotes, an address of IPv6 in brackets, or one as Python prints it. What follows it belongs to no
 * name, so that none is cut short: of `a+` and `a++` the beginning is the same.
 */
const NAME = String.raw`(?:["']([^"'\n]+)["']|\((["'][^"'\n]+["'],\s*\d+)\)|\/?(\[[\w:.%]+\](?::\d+)?|[\p{L}\p{N}_](?:[\p{L}\p{N}_.:%@/-]*[\p{L}\p{N}_])?)(?=$|[\s,;:!?.()\]}"'’|<>-]))`;

/**
 * Whom a message is from, in words. Where two of these name different ones, as in "message 3 of P1 from P2", one may be a
 * relay. Of somebody are messages where nothing else says whose they are, and "message 3 of 12" is a count.
 */
const SENDERS = [
  String.raw`\b(?:from|sender|origin)${BEFORE_NAME}${NAME}`,
  String.raw`\b(?:sen[dt]|(?:multi|broad)cast|created|issued|originated)\s+by${BEFORE_NAME}${NAME}`,
  String.raw`\bof(?=\s+(?:\p{L}+\p{N}|(?:the\s+)?${KIND}\b))${BEFORE_NAME}${NAME}`,
  String.raw`(?<![\p{L}\p{N}_.-])([\p{L}\p{N}_][\p{L}\p{N}_.-]*)['’]s\s+(?:message|msg|m\d)`,
].map((pattern) => new RegExp(pattern, 'giu'));
/** What names a sender where nothing else does; by whom it was delivered is another matter. */
const OTHERWISE = [
  String.raw`\b(?<!\b(?:deliver(?:ed|y)|received|processed|handled)\s+)by${BEFORE_NAME}${NAME}`,
  String.raw`\b${KIND}\s+#?([\p{L}_]*\d+)(?=[\s,;|]+(?:message|msg|seq)\s+#?\d)`,
].map((pattern) => new RegExp(pattern, 'iu'));

const NO = String.raw`(?:[\s_-]*(?:with\s+)?(?:number|no|nr|num|id)\b\.?)?`;
/** A sequence number, which is sure to be that of a message. */
const SEQUENCE = [new RegExp(String.raw`\bseq(?:uence)?${NO}\s*[:=#]?\s*#?(\d+)\b(?![.,]\d)`, 'i')];
const MAY_HAVE_SEQUENCE = /seq/i;
/** The number of a message, but not its size; other words for a message need "from" behind their number. */
const COUNTED = [
  String.raw`\b(?:message|msg|number)${NO}\s*[-:=#]?\s*#?(\d+)\b(?![.,]\d)(?!\s*(?:bytes?|octets?|[km]?b)\b)`,
  String.raw`\b(?:m|packet|update|request|event|operation|op|command|datagram|multicast|broadcast|item|data|deliver\w*)${NO}[\s_#:-]*(\d+)\s+(?=(?:sent\s+)?(?:from|by|of)\s)`,
].map((pattern) => new RegExp(pattern, 'i'));

/** What a person calls the cells of a sentence: the third is a second number, which may be a place. */
const CELLS = ['sender', 'seq', 'message'];

/** Lines that say in words which message of whom was delivered. */
export const SENTENCES: Form = {
  title: 'sentences such as "delivered message 3 from peer 0"',

  recognises({ text }, at) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT).map(({ start, end }) => {
      return text.slice(start, end);
    });
    const telling = lines.filter(tellsOfDelivery);
    return [lines, telling].some((some) => {
      const sentences = some.filter((line) => findMessage(line) !== null);
      return sentences.length * 2 > some.length;
    });
  },

  read(source, at, take) {
    const row = new Row(source);
    const leftOut = takeLines(source, at, row, take, (line) => readLine(row, source, line));
    return remarks('sentences with "message ... from ..."', { leftOut });
  },
};

/** A part of a sentence, by its places in the line. */
interface Part {
  readonly start: number;
  readonly end: number;
}

/** A message that a sentence tells of: from where to where, its sender, and its numbers, of which the first counts. */
interface Told extends Part {
  readonly sender: Part;
  /** Another one whom the sentence names as well; `null` without one. */
  readonly rival: Part | null;
  readonly numbers: readonly Part[];
}

/** Finds the message of a sentence; `null` where it has none. */
function findMessage(text: string): Told | null {
  const named = SENDERS.flatMap((pattern) => [...text.matchAll(pattern)].map(foundBy));
  const sender = named[0] ?? firstOf(OTHERWISE, text);
  if (sender === null) return null;
  const { start, end } = sender.whole;
  const number = findNumber(text, sender.whole);
  if (number === null) return null;
  const first = Math.min(start, number.whole.start);
  const last = Math.max(end, number.part.end);
  const sequence = MAY_HAVE_SEQUENCE.test(text) ? findSequence(text, last) : null;
  const counted = sequence ?? number.part;
  const numbers = counted.start === number.part.start ? [counted] : [counted, number.part];
  const rival = findRival(text, last, named);
  return { start: first, end: Math.max(last, counted.end), sender: sender.part, rival, numbers };
}

/** A name like that of the first sender, but for its figures, that stands before what the message carries. */
function findRival(text: string, last: number, [first, ...others]: readonly Found[]): Part | null {
  const end = carriedFrom(text, last);
  const name = ({ part }: Found) => text.slice(part.start, part.end).toLowerCase();
  const shape = (found: Found) => name(found).replace(/\d+/g, '0');
  const rival = others.find((other) => {
    return name(other) !== name(first!) && shape(other) === shape(first!) && other.part.end <= end;
  });
  return rival?.part ?? null;
}

/** The number in a sentence, whoever it is of; "number" may be that of the sender, too, which does not count. */
function findNumber(text: string, { start, end }: Part): Found | null {
  const number = firstOf(COUNTED, text);
  if (number !== null && (number.part.end <= start || number.part.start >= end)) return number;
  // "From" stays, because a number may be told by it.
  const named = start + text.slice(start).search(/\s/);
  const rest = text.slice(0, named) + ' '.repeat(end - named) + text.slice(end);
  return firstOf(COUNTED, rest) ?? firstOf(SEQUENCE, rest);
}

/** The sequence number before `last`, or behind it unless what the message carries begins before, with a colon or in quotes. */
function findSequence(text: string, last: number): Part | null {
  return firstOf(SEQUENCE, text.slice(0, carriedFrom(text, last)))?.part ?? null;
}

/** Where begins what the message carries: behind `last`, with a colon or in quotes. */
function carriedFrom(text: string, last: number): number {
  const carried = text.slice(last).search(/[:"'`]/);
  return carried < 0 ? text.length : last + carried;
}

/** What a pattern matches, and what one of its groups has. */
interface Found {
  readonly whole: Part;
  readonly part: Part;
}

/** What the first pattern finds that finds anything. */
function firstOf(patterns: readonly RegExp[], text: string): Found | null {
  for (const pattern of patterns) {
    const match = pattern.exec(text);
    if (match !== null) return foundBy(match);
  }
  return null;
}

function foundBy(match: RegExpExecArray): Found {
  const part = match.slice(1).find((group) => group !== undefined)!;
  const start = match.index + match[0].lastIndexOf(part);
  const whole = { start: match.index, end: match.index + match[0].length };
  return { whole, part: { start, end: start + part.length } };
}

/** Reads the message of a sentence; false where it tells of none. */
function readLine(row: Row, source: LogText, line: Line): boolean {
  const { start, end } = line;
  const text = source.text.slice(start, end);
  const told = findMessage(text);
  if (told === null) {
    refuseDelivery(source, line, LACKING);
    return false;
  }
  row.begin(start, CELLS);
  for (const part of [told.sender, ...told.numbers]) {
    const [from, to] = [start + part.start, start + part.end];
    row.add(plainKind(source.text, from, to), from, to);
  }
  row.end = end;
  refuseSecond(source, start, text, told.end);
  if (told.rival !== null) throw secondSender(source, start, told, told.rival);
  noteSaying(row, readSaying(text, told.start, told.end));
  return true;
}

function secondSender(source: LogText, start: number, { sender }: Told, rival: Part) {
  const [one, other] = [sender, rival].map((part) => source.found(start + part.start));
  return source.error(
    start + rival.start,
    `found ${other!} besides ${one!}, so that either may be the sender and the other one a relay; allowed is one of them`,
  );
}

const LACKING = 'found a delivery without a message and a sender; allowed is one in each';

/** Refuses a sentence that tells of the delivery of a second message, or joins one by "and", behind the first. */
function refuseSecond(source: LogText, start: number, text: string, from: number): void {
  const behind = text.slice(from);
  if (!/\d/.test(behind)) return;
  const second = findMessage(behind);
  if (second === null) return;
  const between = behind.slice(0, second.start);
  if (isJoined(between) || /\bdeliver/i.test(between)) {
    throw secondMessage(source, start + from + second.start);
  }
}

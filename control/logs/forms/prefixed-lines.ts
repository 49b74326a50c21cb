import { happeningOf, HAPPENING } from '../fields/happenings.ts';
import { doubtfulDelivery, readSaying, sayingOf, type Saying } from '../fields/sayings.ts';
import { behindBracket } from '../text/blank.ts';
import { LiteralScanner } from '../text/literal-scanner.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { Row } from '../text/row.ts';
import { namesMessage } from './assignments.ts';
import { remarks, type Form } from './form.ts';
import { isJoined, noteSaying, refuseDelivery, secondMessage } from './said.ts';
import { takeLines } from './take-lines.ts';

/** How many lines are searched for a first message. */
const LINES_LOOKED_AT = 50;
/** Where nothing is said of messages, at least one of this number of lines has one. */
const MESSAGES_IN_LINES = 8;

/**
 * How a message begins inside a line: brackets with a sender and a number, or with named values, with
 * or without a name before them.
 */
const MESSAGE =
  /[([{]\s*(?:\d+|"[^"\n]*"|'[^'\n]*'|:?[A-Za-z_][\w.@-]*(?::\d+)?|\d+(?:\.\d+){3}(?::\d+)?)\s*,\s*["']?\d|(?:\b[A-Za-z_][\w.]*)?(?:[({[]|\s\{)\s*["']?[A-Za-z_]\w*["']?\s*[:=]/g;

/** What stands before a clock in brackets, which has numbers as a message has them: `vc=[1, 0, 2]`, `VC [1, 0, 2]`, `deliver P0 [1, 0]`. */
const CLOCK =
  /(?:\b(?:v|vcs?|ts)|clock|stamp|vector|lamport)["']?\s*(?:[=:]\s*)?[([{]$|\bdeliver\w*\s+[^\s:([{]*\d[^\s:([{]*\s+\[$/i;
const CLOCK_NAME_MAX = 30;

/** One named number in brackets, as in `[L=17]`: a message has two. */
const ONE_VALUE = /^[([{]\s*\w+\s*[:=]\s*\d+\s*[)\]}]$/;
const ONE_VALUE_MAX = 40;

/** Lines with a message in each, behind a text that a logging library or a sentence put there. */
export const PREFIXED_LINES: Form = {
  title: 'lines with a message in brackets behind other words, such as "12:00:01 delivered (0, 3)"',

  recognises(source, at) {
    const lines = firstLines(source.text, startOfLine(source.text, at), LINES_LOOKED_AT);
    const found = lines.flatMap((line) => {
      const messages = findMessages(source, line);
      if (messages.length === 0 || namesMessage(withoutMessages(source, line, messages))) return [];
      return [sayingOf(source.text.slice(line.start, line.end)).word];
    });
    // One of many lines may have another pair in it, as "shape: (12, 2)" above a table.
    const isSaid = found.some((word) => word !== '');
    return found.length > 0 && (isSaid || found.length * MESSAGES_IN_LINES > lines.length);
  },

  read(source, at, take) {
    const row = new Row(source);
    const scanner = new LiteralScanner(source, at);
    const leftOut = takeLines(source, at, row, take, (line) => readLine(row, scanner, line));
    return remarks('lines with a message in brackets behind other words', { leftOut });
  },
};

/** Reads the message of a line; false where it has none. */
function readLine(row: Row, scanner: LiteralScanner, line: Line): boolean {
  const { source } = row;
  const messages = findMessages(source, line);
  const [only] = messages;
  if (only === undefined) {
    refuseDelivery(source, line, LACKING);
    return false;
  }
  const { message, saying } =
    messages.length === 1
      ? { message: only, saying: readSection(source.text, line.start, only, line.end) }
      : chooseMessage(source, line, messages);
  scanner.at = message.start;
  scanner.readMessage(row);
  noteSaying(row, saying);
  return true;
}

const LACKING = 'found a delivery without a message in brackets; allowed is one in each';

/** Where a message stands in its line. A word before its brackets that says what happened is none of it. */
interface Place {
  readonly start: number;
  /** Where the words before it end. */
  readonly open: number;
  readonly end: number;
}

interface Chosen {
  readonly message: Place;
  readonly saying: Saying;
}

/**
 * Of several messages in a line the one that is said to be delivered, else the first of which anything is said.
 * What a line says of a message stands between the one before and this one.
 */
function chooseMessage(source: LogText, line: Line, messages: readonly Place[]): Chosen {
  const { text } = source;
  const told: Chosen[] = [];
  for (const [index, message] of messages.entries()) {
    const from = messages[index - 1]?.end ?? line.start;
    const head = text.slice(from, message.open);
    if (sayingOf(head).word === '') continue;
    const to = messages[index + 1]?.start ?? line.end;
    const saying = readSection(text, from, message, to);
    // In "(0, 3) delivered after (0, 2)" either may be meant.
    if (index > 0 && isDelivery(saying) && RELATING.test(head)) {
      throw source.error(message.start, doubtfulDelivery(`it says ${quote(head)}`));
    }
    told.push({ message, saying });
  }
  const [first, second] = told.filter(({ saying }) => isDelivery(saying));
  if (second !== undefined) throw secondMessage(source, second.message.start);
  if (first !== undefined) {
    refuseJoined(source, messages, first.message);
    return first;
  }
  const [other] = told;
  const behind = text.slice(messages.at(-1)!.end, line.end);
  if (other !== undefined && !isDelivery(sayingOf(behind))) return other;
  throw source.error(
    messages[0]!.start,
    'found two messages in a line that says of neither to be delivered; allowed is one',
  );
}

/** Words by which a sentence names a message beside the one that it is about. */
const RELATING = /\b(?:after|since|than|behind|following|while|with|by|from)\s*$/i;

/**
 * Refuses a message of the same shape right behind the delivered one, since it may have been delivered as well,
 * as in "delivered (0, 0), (1, 0)".
 */
function refuseJoined(source: LogText, messages: readonly Place[], delivered: Place): void {
  const next = messages[messages.indexOf(delivered) + 1];
  if (next === undefined) return;
  const between = source.text.slice(delivered.end, next.open);
  const [one, other] = [delivered, next].map(({ open, end }) => {
    return source.text.slice(open, end).trim().replace(/\w+/g, 'x');
  });
  if (one === other && isJoined(between)) {
    throw secondMessage(source, next.start);
  }
}

/** What the text from `from` to `to` says of the message in it; what the message holds says nothing. */
function readSection(text: string, from: number, { open, end }: Place, to: number): Saying {
  const section = text.slice(from, open) + ' '.repeat(end - open) + text.slice(end, to);
  return readSaying(section, open - from, end - from);
}

function isDelivery({ word }: Saying): boolean {
  return happeningOf(word) === HAPPENING.delivery;
}

function quote(head: string): string {
  return JSON.stringify(head.trim());
}

/** The messages of a line; brackets inside one begin no other one. */
function findMessages({ text }: LogText, { start, end }: Line): Place[] {
  const line = text.slice(start, end);
  const places: Place[] = [];
  MESSAGE.lastIndex = 0;
  for (let match = MESSAGE.exec(line); match !== null; match = MESSAGE.exec(line)) {
    const at = start + match.index;
    if (at < (places.at(-1)?.end ?? 0)) continue;
    const bracket = at + match[0].search(/[([{]/);
    if (CLOCK.test(text.slice(Math.max(start, bracket - CLOCK_NAME_MAX), bracket + 1))) continue;
    const close = closeOf(text, bracket, end);
    if (ONE_VALUE.test(text.slice(bracket, Math.min(close, bracket + ONE_VALUE_MAX)))) continue;
    const isWord = happeningOf(text.slice(at, bracket).trim()) !== HAPPENING.unsaid;
    places.push({ start: at, open: isWord ? bracket : at, end: close });
  }
  return places;
}

/** What a line has beside its messages in brackets. */
function withoutMessages({ text }: LogText, { start, end }: Line, messages: readonly Place[]) {
  const starts = [start, ...messages.map((message) => message.end)];
  return starts.map((from, index) => text.slice(from, messages[index]?.start ?? end)).join(' ');
}

/** The place behind the bracket that closes the one at `open`, or behind that one where none does in the line. */
function closeOf(text: string, open: number, end: number): number {
  const close = behindBracket(text, open, end);
  return close < 0 ? open + 1 : close;
}

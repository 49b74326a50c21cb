import { lastHappening } from '../fields/happenings.ts';
import { LiteralScanner } from '../text/literal-scanner.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';
import { takeLines } from './take-lines.ts';

/** How many lines are searched for a first message. */
const LINES_LOOKED_AT = 50;

/**
 * How a message begins inside a line: brackets with a sender and a number, or with named values, with
 * or without a name before them.
 */
const MESSAGE =
  /[([]\s*(?:\d+|"[^"\n]*"|'[^'\n]*'|[A-Za-z_]\w*)\s*,\s*["']?\d|(?:\b[A-Za-z_][\w.]*)?(?:[({[]|\s\{)\s*["']?[A-Za-z_]\w*["']?\s*[:=]/g;

/** Lines with a message in each, behind a text that a logging library or a sentence put there. */
export const PREFIXED_LINES: Form = {
  title: 'lines with a message in brackets behind other words, such as "12:00:01 delivered (0, 3)"',
  example: '12:00:01 INFO delivered (0, 0)\n12:00:02 INFO delivered (1, 0)',

  recognises({ text }, at) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT);
    return lines.some((line) => findMessages(text, line).length > 0);
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
  const places = findMessages(source.text, line);
  if (places.length === 0) {
    if (!saysDelivery(source, line.start, line.end)) return false;
    throw source.error(line.start, LACKING);
  }
  const place =
    places.length === 1
      ? places[0]!
      : (places.find((each) => saysDelivery(source, line.start, each)) ?? places[0]!);
  scanner.at = place;
  scanner.readMessage(row);
  // The word may be the message's own, as in `deliver(0, 3)`; else it stands before it.
  if (lastHappening(row.word) === '') row.word = lastHappening(source.text, line.start, place);
  if (row.word !== '' || places.every((other) => other < scanner.at)) return true;
  const message =
    'found two messages in a line that says of neither to be delivered; allowed is one';
  throw source.error(place, message);
}

const LACKING = 'found a delivery without a message in brackets; allowed is one in each';

function saysDelivery(source: LogText, start: number, end: number): boolean {
  return /\bdeliver/i.test(source.text.slice(start, end));
}

function findMessages(text: string, { start, end }: Line): number[] {
  const line = text.slice(start, end);
  const places: number[] = [];
  MESSAGE.lastIndex = 0;
  for (let match = MESSAGE.exec(line); match !== null; match = MESSAGE.exec(line)) {
    places.push(start + match.index);
  }
  return places;
}

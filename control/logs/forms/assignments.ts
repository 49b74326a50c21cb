import { numberNames, senderNames } from '../fields/field-names.ts';
import { lastHappening } from '../fields/happenings.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { plainKind, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';
import { takeLines } from './take-lines.ts';

const LINES_LOOKED_AT = 50;

/** `name=value`, `name: value` or `name="value"`. */
const ASSIGNMENT =
  /(?<![\w.])([A-Za-z_][\w.-]*)(?:\s?=\s?|:\s+|:(?=["']))(?:"([^"\n]*)"|'([^'\n]*)'|([^\s,;|()[\]{}]+))/g;

/** Lines with `name=value` for each field, as logfmt has them and many programs print them. */
export const ASSIGNMENTS: Form = {
  title: 'lines with named values, such as "deliver sender=0 seq=3"',
  example: 'deliver sender=0 seq=0\ndeliver sender=1 seq=0',

  recognises({ text }, at) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT);
    return lines.some(({ start, end }) => {
      const names = [...text.slice(start, end).matchAll(ASSIGNMENT)].map((match) => match[1]!);
      return senderNames(names).length > 0 && numberNames(names).length > 0;
    });
  },

  read(source, at, take) {
    const row = new Row(source);
    const leftOut = takeLines(source, at, row, take, (line) => readLine(row, source, line));
    return remarks('lines with named values', { leftOut });
  },
};

/** Refuses a line that names both a sender and a number twice: all but one of its messages would be overlooked. */
function refuseSecond(row: Row, source: LogText): void {
  const names: string[] = [];
  const repeated: number[] = [];
  for (let place = 0; row.has(place); place += 1) {
    if (names.includes(row.name(place))) repeated.push(place);
    else names.push(row.name(place));
  }
  const again = repeated.map((place) => row.name(place));
  if (senderNames(again).length === 0 || numberNames(again).length === 0) return;
  throw source.error(row.start(repeated[0]!), 'found a second message in the line; allowed is one');
}

/** Reads the named values of a line; false where there are fewer than two. */
function readLine(row: Row, source: LogText, line: Line): boolean {
  const text = source.text.slice(line.start, line.end);
  row.begin(line.start);
  for (const match of text.matchAll(ASSIGNMENT)) {
    if (row.count === 0) row.word = lastHappening(text.slice(0, match.index));
    const value = match[2] ?? match[3] ?? match[4]!;
    const quotes = match[4] === undefined ? 1 : 0;
    const end = line.start + match.index + match[0].length - quotes;
    const name = line.start + match.index;
    const start = end - value.length;
    row.add(plainKind(source.text, start, end), start, end, name, name + match[1]!.length);
  }
  row.end = line.end;
  refuseSecond(row, source);
  if (row.count >= 2) return true;
  if (!/\bdeliver/i.test(text)) return false;
  throw source.error(line.start, 'a delivery without named values; allowed are some in each');
}

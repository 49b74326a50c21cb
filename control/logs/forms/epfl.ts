import { DELIMITERS, readCells, type Delimiter } from '../text/cells.ts';
import { firstLines, lineBehind, nextLine, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { CELL, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';

const LINES = '"b NUMBER" for a broadcast, or "d SENDER NUMBER" for a delivery';

/** How many lines are looked at to tell these logs from those of senders that are called a, b, c and d. */
const LINES_LOOKED_AT = 100;

const BEGINNING = /^\s*[bd](?:[\s,;|]|$)/i;

/**
 * The output of the projects of the course Distributed Algorithms at EPFL (github.com/LPD-EPFL/CS451):
 * a line for each broadcast of the peer's own and for each delivery, in the order in which they
 * happened, so that causal order can be judged. There may be commas instead of the spaces.
 */
export const EPFL: Form = {
  title: 'lines "b NUMBER" and "d SENDER NUMBER", as at EPFL',

  recognises({ text }, at) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT);
    return lines.every(({ start, end }) => BEGINNING.test(text.slice(start, end)));
  },

  read(source, at, take) {
    const row = new Row(source);
    let line = nextLine(source.text, startOfLine(source.text, at));
    const delimiter = line === null ? ' ' : delimiterOf(source, line);
    while (line !== null) {
      readLine(row, source, line, delimiter);
      if (!take(row)) break;
      line = lineBehind(source.text, line.end);
    }
    return remarks('lines "b NUMBER" and "d SENDER NUMBER"');
  },
};

/** The delimiter behind the letter of a line. */
function delimiterOf({ text }: LogText, { start, end }: Line): Delimiter {
  const behind = text.slice(start, end).trim().charAt(1);
  return DELIMITERS.find((delimiter) => delimiter === behind) ?? ' ';
}

function readLine(row: Row, source: LogText, line: Line, delimiter: Delimiter): void {
  row.begin(line.start);
  readCells(row, line, delimiter);
  const letter = row.raw(0).toLowerCase();
  const cells = letter === 'd' ? 3 : letter === 'b' ? 2 : 0;
  if (cells === 0) throw source.unexpected(row.start(0), LINES);
  if (row.count < cells) throw source.unexpected(line.end, LINES);
  if (row.count > cells) throw source.unexpected(row.start(cells), `the end of a line ${LINES}`);
  if (row.kind(cells - 1) !== CELL.whole) {
    throw source.unexpected(row.start(cells - 1), 'a number, a whole one from 0');
  }
  row.preamble = 1;
  row.word = letter === 'd' ? 'deliver' : 'broadcast';
}

import { isIdentity, numberNames, senderNames } from '../fields/field-names.ts';
import { DELIMITER_NAMES, DELIMITERS, readCells, type Delimiter } from '../text/cells.ts';
import { firstLines, lineBehind, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { CELL, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';

/** A header and what parts its cells. */
interface Header {
  readonly names: readonly string[];
  readonly delimiter: Delimiter;
  readonly line: Line;
}

/** What frames a table and parts its header from its rows, what counts them below, and what tells Excel the delimiter. */
const FRAME =
  /^(?=.*[-=\u2500\u2501\u2550]{2})[-+|:=\s\u2500-\u257f]+$|^\s*\(?\d+ rows?\b|^"?sep=.\W*$/i;

/** Columns under a header that names them: comma-separated values (RFC 4180), and their relatives. */
export const CSV: Form = {
  title: 'CSV with a header, with commas, semicolons, tabs, bars or spaces between the cells',

  recognises(source, at) {
    return findHeader(source, at) !== null;
  },

  read(source, at, take) {
    const { names, delimiter, line: first } = findHeader(source, at)!;
    const row = new Row(source);
    let line = rowFrom(source, lineBehind(source.text, first.end));
    while (line !== null) {
      row.begin(line.start, names);
      readCells(row, line, delimiter, delimiter !== ' ');
      checkWidth(row, source, names);
      checkSwallowed(row, line, delimiter);
      if (!take(row)) break;
      line = rowFrom(source, lineBehind(source.text, row.end));
    }
    return remarks(`a header, and ${DELIMITER_NAMES[delimiter]} between the cells`);
  },
};

/** The line, or the first one behind it, that is no part of the frame of a table; `null` at the end. */
function rowFrom({ text }: LogText, from: Line | null): Line | null {
  let line = from;
  while (line !== null && FRAME.test(text.slice(line.start, line.end))) {
    line = lineBehind(text, line.end);
  }
  return line;
}

function findHeader(source: LogText, at: number): Header | null {
  const [line] = firstLines(source.text, startOfLine(source.text, at), 1);
  const first = rowFrom(source, line ?? null);
  if (first === null) return null;
  const second = rowFrom(source, lineBehind(source.text, first.end));
  for (const delimiter of DELIMITERS) {
    const names = readNames(source, first, delimiter);
    if (names === null) continue;
    const fitsSecond = second !== null && fits(source, second, names, delimiter);
    if (!fitsSecond && !namesMessages(names)) continue;
    const isIndexed = !fitsSecond && hasIndex(source, first, names, delimiter);
    return { names: isIndexed ? ['', ...names] : names, delimiter, line: first };
  }
  return null;
}

/** The cells of a header, which are words; `null` where they are anything else. */
function readNames(source: LogText, line: Line, delimiter: Delimiter): string[] | null {
  const row = readRow(source, line, delimiter);
  if (row === null || row.count < 2) return null;
  const names: string[] = [];
  for (let index = 0; row.has(index); index += 1) {
    // A console calls the places of rows "(index)", and a unit may stand behind a name, as in "delay (ms)".
    const name = row.raw(index).replace(/^\(index\)$/, '');
    if (name !== '' && (row.kind(index) !== CELL.text || !NAME.test(name))) return null;
    names.push(name);
  }
  return names.filter((name) => name !== '').length < 2 ? null : names;
}

const NAME = /^[\p{L}_][^:=()[\]{}]*(?:\([^:=()[\]{}]*\)|\[[^:=()[\]{}]*\])?$/u;

/** Whether the first line under a header has the same number of cells, and a number or the identity of a message among them. */
function fits(
  source: LogText,
  line: Line,
  names: readonly string[],
  delimiter: Delimiter,
): boolean {
  const row = readRow(source, line, delimiter);
  if (row === null || row.count !== names.length) return false;
  return names.some((name, index) => {
    if (!row.has(index)) return false;
    return row.kind(index) === CELL.whole || isIdentity(name, row.raw(index));
  });
}

/** How many rows have to count for a column without a name, and how many are looked at. */
const [INDEX_ROWS_MIN, INDEX_ROWS_LOOKED_AT] = [4, 20];

/** Whether rows have one more cell than the header names, which counts them in front, as pandas and R print their tables. */
function hasIndex(
  source: LogText,
  header: Line,
  names: readonly string[],
  delimiter: Delimiter,
): boolean {
  const [, ...rows] = firstLines(source.text, header.start, INDEX_ROWS_LOOKED_AT + 1);
  const counts = rows.map((line) => {
    const row = readRow(source, line, delimiter);
    const isWider = row?.count === names.length + 1 && row.kind(names.length) !== CELL.nothing;
    return isWider && row.kind(0) === CELL.whole ? row.whole(0) : NaN;
  });
  const [first = NaN] = counts;
  return (
    counts.length >= INDEX_ROWS_MIN &&
    (first === 0 || first === 1) &&
    counts.every((count, index) => count === first + index)
  );
}

/** Whether a header names a sender and a number, as only a header does. */
function namesMessages(names: readonly string[]): boolean {
  return senderNames(names).length > 0 && numberNames(names).length > 0;
}

function readRow(source: LogText, line: Line, delimiter: Delimiter): Row | null {
  const row = new Row(source);
  row.begin(line.start);
  try {
    readCells(row, line, delimiter, delimiter !== ' ');
  } catch {
    return null;
  }
  return row;
}

/**
 * Refuses cells beyond the header, which would mean that the columns are not those that it names. Empty
 * ones mean nothing.
 */
function checkWidth(row: Row, source: LogText, names: readonly string[]): void {
  const isEmpty = row.has(names.length) && row.kind(names.length) === CELL.nothing;
  if (row.count <= names.length || (row.count === names.length + 1 && isEmpty)) return;
  const [cells, columns] = [row.count, names.length];
  throw source.error(row.at, `found ${cells} cells; the header has ${columns}`);
}

/**
 * Refuses a cell in quotes that runs on over what looks like another row: its quote was hardly meant to begin a cell,
 * and the messages in it would be overlooked.
 */
function checkSwallowed(row: Row, line: Line, delimiter: Delimiter): void {
  const { source } = row;
  if (row.end <= line.end) return;
  const kinds = Array.from({ length: row.count }, (_, index) => row.has(index) && row.kind(index));
  let inner = lineBehind(source.text, line.end);
  for (; inner !== null && inner.start < row.end;) {
    const cells = source.text.slice(inner.start, inner.end).split(delimiter);
    const isRow = kinds.every((kind, index) => {
      return kind !== CELL.whole || /^\s*"?\d+(?:\.0*)?"?\s*$/.test(cells[index] ?? '');
    });
    if (isRow && cells.length >= row.count) {
      throw source.error(
        inner.start,
        'a cell in quotes that began before holds what looks like another row; allowed are quotes that end before it',
      );
    }
    inner = lineBehind(source.text, inner.end);
  }
}

import { happeningOf, HAPPENING } from '../fields/happenings.ts';
import { endOfLine } from './blank.ts';
import { trimmedEnd, type Line } from './lines.ts';
import { isDigit, isSpace, type LogText } from './log-text.ts';
import { CELL, plainKind, type Row } from './row.ts';

/** What may stand between the cells of a line; a space stands for any white space. */
export const DELIMITERS = ['\t', ';', ',', '|', ' '] as const;
export type Delimiter = (typeof DELIMITERS)[number];

/** What people call these delimiters. */
export const DELIMITER_NAMES: Readonly<Record<Delimiter, string>> = {
  '\t': 'tabs',
  ';': 'semicolons',
  ',': 'commas',
  '|': 'bars',
  ' ': 'spaces',
};

/**
 * Reads the cells of a line onto the end of the row. A cell in double quotes may hold the delimiter and,
 * as `""`, a quote (RFC 4180). Where cells run on, it may hold line feeds as well, and the row ends where the
 * line of its last quote does. White space around a cell does not belong to it.
 */
export function readCells(row: Row, line: Line, delimiter: Delimiter, runOn = false): void {
  const { source } = row;
  let [at, end] = [line.start, line.end];
  while (at <= end) {
    at = skipSpace(source.text, at, end, delimiter);
    if (at >= end && delimiter === ' ') break;
    if (!isQuoted(source.text, at, end, delimiter)) at = readPlain(row, at, end, delimiter);
    else {
      const close = closingQuote(source, at, runOn ? source.text.length : end);
      if (close > end) end = trimmedEnd(source.text, close, endOfLine(source.text, close));
      at = readQuoted(row, at, close, end, delimiter);
    }
  }
  row.end = end;
}

const HASH = 35;
const LETTER_M = 109;
/** The bit in which large and small letters differ. */
const LOWER_CASE = 32;

/** Reads a cell without quotes and gives the place behind its delimiter. */
function readPlain(row: Row, start: number, end: number, delimiter: Delimiter): number {
  const { text } = row.source;
  const code = delimiter.charCodeAt(0);
  let at = start;
  let digits = 0;
  for (; at < end; at += 1) {
    const next = text.charCodeAt(at);
    if (next === code || (delimiter === ' ' && isSpace(next))) break;
    if (isDigit(next)) digits += 1;
  }
  const next = at + 1;
  let last = at;
  while (last > start && isSpace(text.charCodeAt(last - 1))) last -= 1;
  // In "0: 3" and "alice: 3" the colon belongs to neither cell.
  if (delimiter === ' ' && last - start > 1 && text.charAt(last - 1) === ':') last -= 1;
  const from = delimiter === ' ' && isSigned(row, start) ? start + 1 : start;
  const isWhole = digits > 0 && digits === last - from;
  row.add(isWhole ? CELL.whole : plainKind(text, from, last), from, last);
  return next;
}

/**
 * Whether a number stands behind a sign of which the cell is without, as in "alice #3" and "p1 m3". Of "1 #3 alice" the first
 * may be a place, and of "deliver m1 3" the sender is m1.
 */
function isSigned(row: Row, start: number): boolean {
  const { text } = row.source;
  const sign = text.charCodeAt(start);
  if (sign !== HASH && (sign | LOWER_CASE) !== LETTER_M) return false;
  const last = row.count - 1;
  if (!row.has(last) || !isDigit(text.charCodeAt(start + 1))) return false;
  if (sign === HASH) return row.kind(last) === CELL.text;
  if (row.kind(last) === CELL.text) return happeningOf(row.raw(last)) === HAPPENING.unsaid;
  return row.has(last - 1) && happeningOf(row.raw(last - 1)) !== HAPPENING.unsaid;
}

/** Reads a cell in quotes, which are at `start` and `close`, and gives the place behind its delimiter. */
function readQuoted(
  row: Row,
  start: number,
  close: number,
  end: number,
  delimiter: Delimiter,
): number {
  const { source } = row;
  const kind = plainKind(source.text, start + 1, close);
  row.add(kind, start + 1, close);
  const at = skipSpace(source.text, close + 1, end, delimiter);
  const isDelimited =
    source.text.startsWith(delimiter, at) || (delimiter === ' ' && at > close + 1);
  if (at >= end) return end + 1;
  if (!isDelimited) {
    throw source.unexpected(at, `${DELIMITER_NAMES[delimiter]} between the cells of a line`);
  }
  return delimiter === ' ' ? at : at + 1;
}

/** Where the quote that began at `start` ends; a doubled quote belongs to the cell. */
function closingQuote(source: LogText, start: number, end: number): number {
  const { text } = source;
  const quote = text.charAt(start);
  for (let at = start + 1; at < end; at += 1) {
    if (text.charAt(at) !== quote) continue;
    if (text.charAt(at + 1) !== quote) return at;
    at += 1;
  }
  const where = end === text.length ? 'is never closed' : 'does not end on its line';
  throw source.error(start, `a quote begins here that ${where}`);
}

/** A double quote begins a cell; a single one, and any between words, only if it ends on the line. */
function isQuoted(text: string, at: number, end: number, delimiter: Delimiter): boolean {
  if (at >= end) return false;
  const quote = text.charAt(at);
  if (quote !== '"' && quote !== "'") return false;
  if (quote === '"' && delimiter !== ' ') return true;
  const close = text.indexOf(quote, at + 1);
  return close >= 0 && close < end;
}

function skipSpace(text: string, from: number, end: number, delimiter: Delimiter): number {
  let at = from;
  const tab = delimiter === '\t' ? 9 : -1;
  while (at < end && isSpace(text.charCodeAt(at)) && text.charCodeAt(at) !== tab) at += 1;
  return at;
}

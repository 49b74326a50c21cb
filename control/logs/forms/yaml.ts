import { lineBehind, nextLine, startOfLine, trimmedEnd, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { CELL, plainKind, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';

/** `- name: value`, `- - value`, or a further `name: value` and `- value` that is indented. */
const ITEM = /^ *- +(?=- +|[A-Za-z_][\w.-]*:(?: |$))/;
const FIELD = /^(?:(["']?)([A-Za-z_][\w.-]*)\1:|-)(?: +|$)/;
const NAME_OF_LIST = /^[A-Za-z_][\w.-]*:\s*$/;
const DOCUMENT = /^---\s*$/;

/**
 * A list of YAML with a message in each of its items, in lines of their own. Values are plain ones: what is nested
 * deeper is refused, since which of its fields count cannot be told from the lines.
 */
export const YAML: Form = {
  title: 'a list of YAML, such as "- sender: 0" with "  seq: 3" under it',

  recognises(source, at) {
    const first = firstItem(source, at);
    if (first === null) return false;
    const second = lineBehind(source.text, first.end);
    const indent = fieldsOf(source.text, first);
    if (second === null || indent === null) return false;
    const depth = indentOf(source.text, second);
    const next = source.text.slice(second.start + depth, second.end);
    return depth === indent - first.start && FIELD.test(next);
  },

  read(source, at, take) {
    const row = new Row(source);
    let line = firstItem(source, at);
    const indent = indentOf(source.text, line!);
    while (line !== null) {
      line = readItem(row, source, line, indent);
      if (!take(row)) break;
    }
    return remarks('a list of YAML', { isList: true });
  },
};

/** The line of the first item, behind a name of the list and the sign of a document. */
function firstItem(source: LogText, at: number): Line | null {
  let line = nextLine(source.text, startOfLine(source.text, at));
  for (const pattern of [DOCUMENT, NAME_OF_LIST]) {
    if (line !== null && pattern.test(source.text.slice(line.start, line.end))) {
      line = lineBehind(source.text, line.end);
    }
  }
  return line !== null && fieldsOf(source.text, line) !== null ? line : null;
}

/** Where the fields of the item begin that begins in a line; `null` where none does. */
function fieldsOf(text: string, { start, end }: Line): number | null {
  const match = ITEM.exec(text.slice(start, end));
  return match === null ? null : start + match[0].length;
}

/** How many characters of white space a line begins with. */
function indentOf(text: string, { start, end }: Line): number {
  return text.slice(start, end).search(/\S/);
}

/** Reads an item into the row, and gives the line behind it. */
function readItem(row: Row, source: LogText, first: Line, indent: number): Line | null {
  const { text } = source;
  const fields = fieldsOf(text, first);
  const at = first.start + indentOf(text, first);
  if (fields === null || at - first.start !== indent) throw source.unexpected(at, WANTED);
  row.begin(at);
  readField(row, source, fields, first.end);
  row.end = first.end;
  const depth = fields - first.start;
  for (;;) {
    const line = lineBehind(text, row.end);
    if (line === null) return null;
    const from = line.start + indentOf(text, line);
    if (from - line.start <= indent) return line;
    if (from - line.start !== depth) throw source.unexpected(from, WANTED);
    readField(row, source, from, line.end);
    row.end = line.end;
  }
}

const WANTED =
  'an item such as "- sender: 0", or one of its fields under the one before, such as "seq: 3"';

function readField(row: Row, source: LogText, at: number, end: number): void {
  const { text } = source;
  const match = FIELD.exec(text.slice(at, end));
  if (match === null) throw source.unexpected(at, WANTED);
  const [whole, quote, name] = match;
  const named = at + (quote?.length ?? 0);
  let [from, to] = [at + whole.length, end];
  const comment = text.slice(from, to).search(/ #/);
  const isQuoted = /["']/.test(text.charAt(from));
  if (comment >= 0 && !isQuoted) to = from + comment;
  to = trimmedEnd(text, from, to);
  const isWhole = isQuoted && to > from + 1 && text.charAt(to - 1) === text.charAt(from);
  if (isWhole) [from, to] = [from + 1, to - 1];
  const isNested = !isWhole && /^(?:[[{&*!|>]|- |$)/.test(text.slice(from, to));
  const kind = isNested ? CELL.nested : plainKind(text, from, to);
  if (name === undefined) row.add(kind, from, to);
  else row.add(kind, from, to, named, named + name.length);
}

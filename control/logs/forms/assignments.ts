import {
  happeningNames,
  isIdentity,
  numberNames,
  numberRank,
  senderNames,
  senderRank,
} from '../fields/field-names.ts';
import { happeningOf, HAPPENING } from '../fields/happenings.ts';
import { readSaying, type Saying } from '../fields/sayings.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { plainKind, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';
import { noteSaying, refuseDelivery, secondMessage } from './said.ts';
import { takeLines } from './take-lines.ts';

const LINES_LOOKED_AT = 50;

/** `name=value`, `name: value`, `name:3` or `name="value"`; in `deliver: sender=0` the value is no `sender=0`. */
const ASSIGNMENT =
  /(?<![\w.])([A-Za-z_][\w.-]*)(\s?=\s?|:\s+(?![A-Za-z_][\w.-]*(?:\s?=|:\s))|:(?=["'\d]))(?:"([^"\n]*)"|'([^'\n]*)'|(<[^\s<>]*>|[^\s,;|()[\]{}<>]+))/g;

/** A named value, by its places in the line. */
interface Assignment {
  readonly name: string;
  readonly at: number;
  /** Where the value stands, without its quotes, and where the whole ends. */
  readonly start: number;
  readonly valueEnd: number;
  readonly end: number;
}

/** Lines with `name=value` for each field, as logfmt has them and many programs print them. */
export const ASSIGNMENTS: Form = {
  title: 'lines with named values, such as "deliver sender=0 seq=3"',

  recognises({ text }, at, told) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT);
    return lines.some(({ start, end }) => {
      const values = valuesOf(text.slice(start, end));
      const names = values.map(([name]) => name);
      const areThere = senderNames(names).length > 0 && numberNames(names).length > 0;
      const areTold = told?.every((name) => names.includes(name)) === true;
      return areThere || areTold || values.some(([name, value]) => isIdentity(name, value));
    });
  },

  read(source, at, take) {
    const row = new Row(source);
    const leftOut = takeLines(source, at, row, take, (line) => readLine(row, source, line));
    return remarks('lines with named values', { leftOut });
  },
};

/**
 * Whether a text names a sender and a number by names that are sure to be theirs: brackets beside these are something
 * else, as in `sender=0 seq=3 view=[0, 1, 2]`.
 */
export function namesMessage(text: string): boolean {
  const names = valuesOf(text).map(([name]) => name);
  return senderRank(names) === 0 && numberRank(names) === 0;
}

function valuesOf(line: string): [name: string, value: string][] {
  return assignmentsOf(line).map(({ name, start, valueEnd }) => [
    name,
    line.slice(start, valueEnd),
  ]);
}

function assignmentsOf(line: string): Assignment[] {
  return [...line.matchAll(ASSIGNMENT)].flatMap((match) => {
    const [whole, name, sign, ...values] = match;
    const value = values.find((each) => each !== undefined)!;
    const isQuoted = values[2] === undefined;
    // A word behind a colon may belong to a sentence, as in "WARN: cannot deliver sender=2 seq=3".
    const isWord =
      sign!.startsWith(':') && !isQuoted && !/\d/.test(value) && roleOf(name!) === 'other';
    if (isWord) return [];
    const end = match.index + whole.length;
    const valueEnd = end - (isQuoted ? 1 : 0);
    const start = valueEnd - value.length;
    return [{ name: name!, at: match.index, start, valueEnd, end }];
  });
}

/** What a named value is to a message: `message` for its sender or number, `happening` for what happened. */
type Role = 'message' | 'happening' | 'other';

/** The roles of the names looked up so far, of which a log has few. */
const roles = new Map<string, Role>();
const ROLES_MAX = 10_000;

function roleOf(name: string): Role {
  const known = roles.get(name);
  if (known !== undefined) return known;
  const isOfMessage = senderNames([name]).length > 0 || numberNames([name]).length > 0;
  const isVerb = happeningOf(name) !== HAPPENING.unsaid;
  const isHappening = happeningNames([name]).length > 0;
  const role = isVerb ? 'other' : isOfMessage ? 'message' : isHappening ? 'happening' : 'other';
  if (roles.size < ROLES_MAX) roles.set(name, role);
  return role;
}

/** Refuses a line that names both a sender and a number twice: all but one of its messages would be overlooked. */
function refuseSecond(row: Row, source: LogText): void {
  const names: string[] = [];
  const repeated: number[] = [];
  for (let place = 0; row.has(place); place += 1) {
    if (names.includes(row.name(place))) repeated.push(place);
    else names.push(row.name(place));
  }
  if (repeated.length < 2) return;
  const again = repeated.map((place) => row.name(place));
  if (senderNames(again).length === 0 || numberNames(again).length === 0) return;
  throw secondMessage(source, row.start(repeated[0]!));
}

/** Reads the named values of a line; false where there are fewer than two. */
function readLine(row: Row, source: LogText, line: Line): boolean {
  const text = source.text.slice(line.start, line.end);
  const assignments = assignmentsOf(text);
  row.begin(line.start);
  for (const { name, at, start, valueEnd } of assignments) {
    const [from, to] = [line.start + start, line.start + valueEnd];
    const named = line.start + at;
    row.add(plainKind(source.text, from, to), from, to, named, named + name.length);
  }
  row.end = line.end;
  refuseSecond(row, source);
  const isIdentified = row.count === 1 && isIdentity(row.name(0), row.raw(0));
  if (row.count < 2 && !isIdentified) {
    refuseDelivery(source, line, LACKING);
    return false;
  }
  noteSaying(row, sayingBeside(text, assignments));
  return true;
}

const LACKING = 'a delivery without named values; allowed are some in each';

/** What the words beside the named values say. */
function sayingBeside(text: string, assignments: readonly Assignment[]): Saying {
  const message = assignments.filter(({ name }) => roleOf(name) === 'message');
  const [first, last] = [message[0] ?? assignments[0]!, message.at(-1) ?? assignments.at(-1)!];
  let [plain, at] = ['', 0];
  for (const { at: from, end } of assignments) {
    plain += text.slice(at, from) + ' '.repeat(end - from);
    at = end;
  }
  plain += text.slice(at);
  return readSaying(plain, first.at, last.end);
}

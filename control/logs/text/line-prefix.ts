import { firstLines, startOfLine } from './lines.ts';
import type { LogText } from './log-text.ts';

/** What may stand before what a line says, each with what a person calls it. */
const PREFIXES: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /\[?\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?)?\]?:?(?=[ \t])/y,
    'a time',
  ],
  [/\[?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?: ?[AP]M)?\]?:?(?=[ \t])/y, 'a time'],
  [/\[?\d{8}T\d{4,6}(?:[.,]\d+)?Z?\]?:?(?=[ \t])/y, 'a time'],
  [/\[\d{1,2}\/[A-Z][a-z]{2}\/\d{4}(?::\d{2}){3} [+-]\d{4}\](?=[ \t])/y, 'a time'],
  [
    /(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}(?: [A-Z]{3,4})? \d{4}:?(?=[ \t])/y,
    'a time',
  ],
  [/[A-Z], \[[-\dT:.]+ #\d+\] +[A-Z]+ -- [\w.-]*:(?=[ \t])/y, 'a time'],
  [
    /(?:T?\+\d[\d:.]*|\+?\d+(?:\.\d+)?(?=[a-z\u00b5]))(?:ns|us|\u00b5s|ms|s)?:?(?=[ \t])/y,
    'a time',
  ],
  [
    /(?:<\d{1,3}>)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d{2}:\d{2}:\d{2}(?:\.\d+)? [\w.-]+ [\w./-]+(?:\[\d+\])?:(?=[ \t])/y,
    'a time and a name',
  ],
  [
    /(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d{2}:\d{2}:\d{2}(?:\.\d+)?(?=[ \t])/y,
    'a time',
  ],
  [/std(?:out|err) [FP](?=[ \t])/y, 'a stream'],
  [/\[?(?:trace|debug|info|notice|warn|warning|error|critical) ?\]?:?(?=[ \t])/iy, 'a severity'],
  [/[([]?[\w-]*thread-\d+(?: \([\w.]+\))?[)\]]?:?(?=[ \t])/iy, 'a thread'],
  [/(?:--?|\*|\|)(?=[ \t])/y, 'a sign'],
  [/(?:\d+[.)]|<\d+>|@\d+|\[ *(?:[A-Za-z]+[=:] ?)?\d+(?:\.\d+)?\]):?(?=[ \t])/y, 'a number'],
  [
    /(?:\[\d+(?:[ ,]+\d+)+\]:?|(?:t|ts|time|clock|lamport|lc|l)=\d+(?:\.\d+)?)(?=[ \t])/iy,
    'a clock',
  ],
  [/[\w/-]+\.[a-z]+:\d+:?(?=[ \t])/y, 'a place in a program'],
  [/[A-Za-z_][\w.]*:[\w<>]+:\d+(?=[ \t])/y, 'a name'],
  [/\[?[A-Za-z][\w./:# -]*\]:?(?=[ \t])/y, 'a name in brackets'],
  [/[A-Za-z][\w.-]*(?: \d+)?[ \t]*\|(?=[ \t])/y, 'a name and a bar'],
  [/[\w.-]+ [\w./-]+\[\d+\]:(?=[ \t])/y, 'a name and a process'],
  [/\w[\w.-]*(?: \d+)?:?(?=[ \t]+(?:deliver|rec[ev]|--? ))/iy, 'a name'],
  [
    /(?![\w-]*(?:deliver|dlvr|recv|receiv|sen[dt]|cast|msg|message|seq|from|src|origin))[A-Za-z][\w.-]*:(?=[ \t])/iy,
    'a name and a colon',
  ],
];

/** How many lines are looked at to find out whether all of them begin alike. */
const LINES_LOOKED_AT = 50;

/** More than these do not stand before one line. */
const PREFIXES_MAX = 9;

/** A log without what stands before its lines. */
export interface BareLog {
  readonly source: LogText;
  /** What was taken off, such as `a time, and a name and a bar`. */
  readonly what: string;
}

/**
 * The log without times, severities and the writer's name before its lines, each replaced by spaces; `null` where its
 * lines have none in common. A name has to be the same in all lines: another one in each may be the sender's.
 */
export function withoutPrefixes(source: LogText, at: number): BareLog | null {
  const from = startOfLine(source.text, at);
  const begins = firstLines(source.text, from, LINES_LOOKED_AT).map(({ start }) => start);
  const found: (typeof PREFIXES)[number][] = [];
  const names: (string | null)[] = [];
  let places = begins.map((start) => skipSpaces(source.text, start));
  while (found.length < PREFIXES_MAX) {
    const next = PREFIXES.find((prefix) => isCommon(source.text, places, prefix));
    if (next === undefined) break;
    const first = matchAt(next[0], source.text, places[0]!);
    found.push(next);
    names.push(isName(next) ? first : null);
    places = places.map((place) => {
      return skipSpaces(source.text, place + matchAt(next[0], source.text, place).length);
    });
  }
  if (found.length === 0) return null;
  const lines = source.text.slice(from).split('\n');
  const bare = lines.map((line) => blank(line, found, names)).join('\n');
  const what = [...new Set(found.map(([, each]) => each))].join(', and ');
  return { source: source.replaced(source.text.slice(0, from) + bare), what };
}

function isName([, what]: (typeof PREFIXES)[number]): boolean {
  return what.startsWith('a name');
}

/** Whether a prefix stands at all places: a name has to be the same one, and a number must not fall. */
function isCommon(
  text: string,
  places: readonly number[],
  prefix: (typeof PREFIXES)[number],
): boolean {
  const found = places.map((place) => matchAt(prefix[0], text, place));
  if (!found.every((each) => each !== '' && (!isName(prefix) || each === found[0]))) return false;
  // A number that falls may be that of a peer: several may have written the file.
  const numbers =
    prefix[1] === 'a number' ? found.map((each) => Number(/[\d.]+/.exec(each)![0])) : [];
  return numbers.every((number, index) => index === 0 || number >= numbers[index - 1]!);
}

/** A line with spaces for the prefixes at its beginning; as it is where they are not there. */
function blank(
  line: string,
  prefixes: readonly (typeof PREFIXES)[number][],
  names: readonly (string | null)[],
): string {
  let at = skipSpaces(line, 0);
  for (const [index, [pattern]] of prefixes.entries()) {
    const found = matchAt(pattern, line, at);
    if (found === '' || (names[index] !== null && names[index] !== found)) return line;
    at = skipSpaces(line, at + found.length);
  }
  return ' '.repeat(at) + line.slice(at);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function skipSpaces(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

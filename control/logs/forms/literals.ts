import { behindBracket, endOfLine, restOfLine, skipBlank, skipBrackets } from '../text/blank.ts';
import { nextLine } from '../text/lines.ts';
import { LiteralScanner } from '../text/literal-scanner.ts';
import { LogError, type LogText } from '../text/log-text.ts';
import { Row } from '../text/row.ts';
import { remarks, type Form, type Take } from './form.ts';

/** `deque([`, `array([` and the like, around a list. */
const WRAPPER = /(?:[A-Za-z_][\w.]*!?)\s*\((?=\s*[[(])/y;

/** The names that Scala and Kotlin print before the brackets of a list, as in `List(Message(0,1), Message(1,0))`. */
const LIST_NAME =
  /(?:List|Vector|Seq|Array|ArraySeq|ArrayBuffer|ListBuffer|Buffer|Queue|ArrayDeque)(?=\(\s*(?:[A-Za-z_][\w.]*)?[({[])/y;

/** A name or a sentence before a list, such as `log = ` or `Peer 0 delivered: `. */
const LABEL =
  /(?:[^[\](){}\n"']|\[\d+\]){1,120}[=:]\s*(?=\[\s*(?:[[({"']|[A-Za-z_][\w.]*[({]|\]|$))/my;

/** The type of a list in front of it: `[]main.Msg{`, `Any[`, `vec![`, `@[`. */
const TYPE = /(?:\[\]\*?[\w.]+(?=\{\s*[\w.&]*\{)|@(?=[[(])|(?:[A-Za-z_][\w.]*)!?(?=\[\s*[[({]))/y;

/** What stands behind a wrapped list, such as `, maxlen=100`. */
const ARGUMENTS = /(?:\s*,\s*\w+\s*=\s*(?:[\w.]+|'[^'\n]*'|"[^"\n]*"|\[[^[\]\n]*\]))*/y;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/**
 * Messages as values of a programming language, in a list or one after the other: JSON, lines of JSON
 * (NDJSON), Python's lists of tuples, lists, dictionaries, dataclasses and named tuples.
 */
export const LITERALS: Form = {
  title:
    'a list, or a line for each, of tuples, lists, objects, dictionaries or Message(sender=0, seq=1)',

  recognises(source, at) {
    const { text } = source;
    const begins = [LABEL, LIST_NAME, TYPE, BEGINNING].some((pattern) =>
      matchesAt(pattern, text, at),
    );
    return begins && !standsAmongWords(source, at);
  },

  read(source, at, take) {
    const scanner = new LiteralScanner(source, at);
    scanner.match(LABEL);
    const closing: string[] = [];
    if (scanner.match(LIST_NAME) === '') scanner.match(TYPE);
    const begin = scanner.at;
    while (scanner.match(WRAPPER) !== '') closing.push(')');
    const first = skipBlank(source.text, scanner.at);
    const isList = beginsList(source, first);
    // What is around a message, as in "Some((0, 1))", belongs to it.
    if (!isList) scanner.at = begin;
    const what = describe(source.text, isList ? skipBlank(source.text, first + 1) : first);
    if (!isList) {
      readRest(scanner, source, take);
      return remarks(`${what}, one after the other`);
    }
    if (!readList(scanner, source, take)) return remarks(`a list of ${what}`, { isList: true });
    for (const bracket of closing) {
      scanner.match(ARGUMENTS);
      if (!scanner.accept(bracket)) throw scanner.unexpected(`"${bracket}"`);
    }
    for (const sign of [';', '.']) scanner.accept(sign);
    if (scanner.peek() !== '') throw scanner.unexpected(NOTHING_MORE);
    return remarks(`a list of ${what}`, { isList: true });
  },
};

const NOTHING_MORE = 'nothing after the list: a file is the log of one peer, of one run';

/**
 * How messages or lists of them begin. Behind a bracket stands another one, a string, a number with a
 * comma or a bracket behind it, or a name with brackets or a value; not, as in `[INFO]` or
 * `[12:00:01]`, what somebody put into brackets in front of a line.
 */
const BEGINNING = new RegExp(
  [
    String.raw`[[(]\s*(?:[[({\])"'<]|-?[\d.]+\s*(?:[,)\]]\s*(?:$|[^\sa-zA-Z])|,)|$)`,
    String.raw`[[(]\s*[A-Za-z_][\w.]*\s*(?:[({[=]|:\s)`,
    String.raw`[%#]?\{`,
    String.raw`[[(]\s*[%#][\w.]*\{|#\w+\{`,
    String.raw`[[(]\s*\d+\s+\d+(?:\s+[\w.]+)*\s*[\])]\s*(?:$|[([])`,
    String.raw`["'][^"'\n]*["']\s*,?\s*$`,
    String.raw`[A-Za-z_][\w.]*(?:[({[]|\s\{)\s*(?:[[({"'\])}]|\d|\.?[A-Za-z_]\w*\s*[=:])`,
  ].join('|'),
  'my',
);

/**
 * Whether what begins at `at` stands among lines of words: words follow it in its line, or a line of words follows that.
 * Then it may be a clock in front of a line, as in `[L=17] deliver 0 1`, or the list of what waits between deliveries.
 */
function standsAmongWords({ text }: LogText, at: number): boolean {
  const line = endOfLine(text, at);
  TYPE.lastIndex = at;
  const type = TYPE.exec(text)?.[0].length ?? 0;
  const head = text.slice(at, Math.min(line, at + CHARACTERS_BEFORE));
  const open = type + head.slice(type).search(/[[({]/);
  if (open < type) return false;
  const next = nextLine(text, line + 1);
  const isOnlyLine = next === null;
  // The line of a log that is one list may be of any length, and is not looked through.
  if (isOnlyLine && line - at > CHARACTERS_BEFORE) return false;
  const isMessage = /^[\w.]*$/.test(text.slice(at, at + open));
  const close = behindBracket(text, at + open, line);
  if (close < 0) return false;
  const behind = text.slice(close, line).trim();
  if (behind !== '') return isMessage && /^[\p{L}@<]/u.test(behind);
  return !isOnlyLine && BEGINNING_WITH_WORDS.test(text.slice(next.start, next.end));
}

const CHARACTERS_BEFORE = 200;
/** A line that begins with a word, and no value or message. */
const BEGINNING_WITH_WORDS = /^\s*[\p{L}][\p{L}\p{N}_.'-]*(?:\s*[:,])?\s+[^\s{]/u;

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/**
 * Reads `[message, message, ...]`, with round brackets too; false when `take` had enough.
 * The scanner is before the opening bracket.
 */
export function readList(scanner: LiteralScanner, source: LogText, take: Take): boolean {
  const row = new Row(source);
  const opened = scanner.peek();
  const closing = CLOSING[opened];
  if (closing === undefined)
    throw scanner.unexpected('a list of messages, such as [[0, 0], [1, 0]]');
  let separator = '';
  scanner.accept(opened);
  while (!scanner.accept(closing)) {
    scanner.readMessage(row);
    if (!take(row)) return false;
    separator = scanner.separateMessages(separator, closing);
  }
  return true;
}

/** Reads messages up to the end of the text, with or without a comma between two of them. */
function readRest(scanner: LiteralScanner, source: LogText, take: Take): void {
  const row = new Row(source);
  while (scanner.peek() !== '') {
    scanner.readMessage(row);
    if (!take(row)) return;
    if (!scanner.accept(',') && !scanner.accept(';')) scanner.accept('.');
  }
}

/** Whether the bracket at `at` holds messages, rather than the fields of one. */
function beginsList(source: LogText, at: number): boolean {
  const { text } = source;
  if (!(text.charAt(at) in CLOSING)) return false;
  const first = skipBlank(text, at + 1);
  const opened = text.charAt(first);
  if (text.charAt(at) === '{') {
    if (opened !== '(' && opened !== '[') {
      return opened === '{' || matchesAt(MESSAGE_WITH_NAME, text, first);
    }
    throw source.error(at, 'found a set, which has no order; allowed is a list of messages');
  }
  if (opened === '' || opened === ']' || opened === ')' || opened === '{') return true;
  if (/["']/.test(opened)) return beginsWithString(source, first);
  if (!/[[(]/.test(opened)) return matchesAt(MESSAGE_WITH_NAME, text, first);
  return isFollowedByMessage(source, first);
}

/** `Message(sender=0, ...` or `Message(0, 1)`, but not a number as `np.int64(3)`. */
const MESSAGE_WITH_NAME = /(?:[A-Za-z_][\w.]*\s*[({[](?!\s*[\d.]+\s*\))|[%#][\w.]*\{)/y;

/** `["0:0", "1:0"]` is a list of messages; `["alice", 0]` and `("deliver", "alice", 0)` are messages. */
function beginsWithString({ text }: LogText, at: number): boolean {
  STRINGS.lastIndex = at;
  STRINGS.exec(text);
  return STRINGS.lastIndex === 0;
}

/** Strings, and something else behind them. */
const STRINGS = /(?:"[^"\n]*"\s*,\s*|'[^'\n]*'\s*,\s*){1,4}[^\s"'\])]/y;

/** `[(0, 0), (1, 0)]` is a list of messages; `((0, 0), 'deposit')` is a message with an identity. */
function isFollowedByMessage(source: LogText, at: number): boolean {
  let close: number;
  try {
    close = skipBrackets(source, at);
  } catch (error) {
    // A bracket that is never closed is told when it is read, with the place where that showed.
    if (error instanceof LogError) return true;
    throw error;
  }
  const behind = skipBlank(source.text, close);
  if (source.text.charAt(behind) !== ',') return true;
  return /[[({\])]|^$/.test(source.text.charAt(skipBlank(source.text, behind + 1)));
}

function describe(text: string, at: number): string {
  const KINDS: Readonly<Record<string, string>> = { '(': 'tuples', '[': 'lists', '{': 'objects' };
  const first = text.charAt(at);
  const name = /^[A-Za-z_][\w.]*/.exec(restOfLine(text, at))?.[0];
  return KINDS[first] ?? (name === undefined ? 'messages' : `${name}(...)`);
}

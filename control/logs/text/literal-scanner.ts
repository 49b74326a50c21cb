import { skipBlank, skipBrackets, skipString } from './blank.ts';
import { addComposite, settleIdentity } from './composite.ts';
import { isDigit, isLetter, type LogError, type LogText } from './log-text.ts';
import { CELL, plainKind, Row, UNNAMED, type NamePlace } from './row.ts';

const MESSAGE =
  'a message such as (0, 0), [0, 0], {"sender": 0, "sequence": 0} or Message(sender=0, sequence=0)';

const [QUOTE, APOSTROPHE, POINT, DOLLAR, COLON] = [34, 39, 46, 36, 58];

/** How deep objects inside objects are looked into. */
const DEPTH_MAX = 4;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What names the value behind it: `name=`, `name:`, `"name":`, `'name' =>`, `:name =>` or `.name =`. */
const KEY = /(?:"([^"\\\n]*)"|'([^'\\\n]*)'|[:.]?([A-Za-z_][\w.$-]*))\s*(?:=(?!=)|:)/y;

/** A name, with points in it as in `np.int64`. */
const NAME = /[A-Za-z_\u00a1-\uffff][\w.\u00a1-\uffff]*/y;

/** What Elixir and Erlang write before a map: `%{sender: 0}`, `%Message{sender: 0}`, `#{sender => 0}`. */
const MAP_SIGN = /[%#](?=[\w.]*\{)/y;

/** The letters that Python may put before a string. */
const STRING_PREFIX = /[bBuUrRfF]{1,2}(?=["'])/y;

/** A number, or a word that is a value, such as `None` and `Kind.DATA`. */
const TOKEN = /[^\s,;()[\]{}"'=]+/y;

/** Words behind the first one of a value, up to what ends the value. */
const FURTHER_WORDS = /(?: +[^\s,;()[\]{}"'=:]+)+(?= *[,;)\]}])/y;
/** Where commas part the fields, `=` and `:` are no obstacle. */
const FURTHER_TEXT = /[=:]?[^\s,;()[\]{}"']*(?: +[^\s,;()[\]{}"']+)*(?= *[,;)\]}])/y;

/** Python prints a member of an enumeration as `<Kind.DATA: 1>`. */
const ENUMERATION = /<[^<>\n]*>/y;

/**
 * Reads messages as programs print values: JSON, Python's tuples, lists, dictionaries and the
 * representations of dataclasses and named tuples, and what other languages print alike, such as
 * `Message { sender: 0, seq: 1 }`. It goes through the text once, with a recursion of `DEPTH_MAX` at
 * most, so that no nesting of brackets can exhaust the stack.
 */
export class LiteralScanner {
  /** The place where the scanner reads on. */
  at: number;
  readonly #source: LogText;
  readonly #text: string;
  /** Where the last name ended that may be the name of a value. */
  #behind = 0;
  /** What stands between the fields of the messages: a comma, or white space as Go, numpy and Lisp print it. */
  #between = '';

  constructor(source: LogText, at: number) {
    this.#source = source;
    this.#text = source.text;
    this.at = at;
  }

  /** The next character that is neither white space nor in a comment, unread; `''` at the end. */
  peek(): string {
    this.at = skipBlank(this.#text, this.at);
    return this.#text.charAt(this.at);
  }

  /** Reads `character` if it is next. */
  accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at += 1;
    return true;
  }

  /** Reads `pattern`, which has to be sticky, if it is next; `''` where it is not. */
  match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** An error at the next character. */
  unexpected(allowed: string): LogError {
    this.peek();
    return this.#source.unexpected(this.at, allowed);
  }

  /** Reads one message into `row`. */
  readMessage(row: Row): void {
    const next = this.peek();
    const start = this.at;
    row.begin(start);
    if (next === '"' || next === "'") {
      this.at = skipString(this.#source, start);
      if (!addComposite(row, start + 1, this.at - 1)) throw this.#source.unexpected(start, MESSAGE);
    } else {
      this.match(MAP_SIGN);
      row.word = this.match(NAME).toLowerCase();
      if (!(this.peek() in CLOSING)) throw this.#source.unexpected(start, MESSAGE);
      this.#fields(row, 0);
    }
    row.end = this.at;
  }

  /** Reads a value of whatever kind, and forgets it. */
  skipValue(): void {
    const row = new Row(this.#source);
    row.begin(this.at);
    // A bracket that is no field's value, behind a named field, is not looked into.
    row.add(CELL.nothing, this.at, this.at);
    this.#value(row, 0, UNNAMED);
  }

  /**
   * Reads what stands between two messages of a list, or nothing in front of `closing`: a comma or a semicolon, or
   * white space where that also parts the fields. `before` is what stood between the messages before, or `''`: it is
   * the same throughout, so that a forgotten comma is found. Returns what stands here.
   */
  separateMessages(before: string, closing: string): string {
    return this.#separate(before, this.#between === ' ' ? ',; ' : ',;', closing);
  }

  /** Reads fields in brackets, named or not, onto the end of the row; `owner` is the name of the object in them. */
  #fields(row: Row, depth: number, owner: NamePlace = UNNAMED): void {
    const closing = CLOSING[this.#text.charAt(this.at)]!;
    this.at += 1;
    while (!this.accept(closing)) {
      // This is the shortest way for nearly every field: a number without a name.
      if (isDigit(this.#text.charCodeAt(this.at))) this.#token(row, UNNAMED);
      else this.#field(row, depth, owner);
      this.#between = this.#separate(this.#between, ',; ', closing);
    }
  }

  #separate(before: string, allowed: string, closing: string): string {
    const behind = this.at;
    const next = this.peek();
    if (next === closing) return before;
    const here = next === '' || this.at === behind || allowed.includes(next) ? next : ' ';
    if (here === '' || (before === '' ? !allowed.includes(here) : here !== before)) {
      const wanted = before === ' ' ? 'white space' : `"${before === '' ? ',' : before}"`;
      throw this.unexpected(`${wanted} or "${closing}"`);
    }
    if (here !== ' ') this.at += 1;
    return here;
  }

  #field(row: Row, depth: number, owner: NamePlace): void {
    const isInner = depth > 0;
    const start = this.at;
    const code = this.#text.charCodeAt(start);
    if (code === QUOTE || code === APOSTROPHE) {
      this.at = skipString(this.#source, start);
      if (!this.#acceptNaming()) return this.#addString(row, start + 1, this.at - 1, UNNAMED);
      return this.#value(row, depth, [start + 1, this.#behind - 1, isInner, owner[0], owner[1]]);
    }
    const from = code === COLON || code === POINT ? start + 1 : start;
    if (isLetter(this.#text.charCodeAt(from))) {
      this.at = endOfName(this.#text, from);
      if (this.#acceptNaming()) {
        return this.#value(row, depth, [from, this.#behind, isInner, owner[0], owner[1]]);
      }
      this.at = start;
    }
    this.#value(row, depth, UNNAMED);
  }

  /** Reads the `=`, `:` or `=>` behind a name; false, and where it was, when there is none. */
  #acceptNaming(): boolean {
    this.#behind = this.at;
    const next = this.peek();
    const isNaming = next === ':' || (next === '=' && this.#text.charAt(this.at + 1) !== '=');
    if (!isNaming) this.at = this.#behind;
    else this.at += this.#text.startsWith('=>', this.at) ? 2 : 1;
    return isNaming;
  }

  #value(row: Row, depth: number, name: NamePlace): void {
    this.peek();
    this.match(MAP_SIGN);
    const start = this.at;
    const first = this.#text.charCodeAt(start);
    if (isLetter(first)) {
      const isString = this.match(STRING_PREFIX) !== '';
      if (!isString) this.at = endOfName(this.#text, start);
      if (this.#text.charAt(this.at) === ' ') this.match(/ +(?=\{)/y);
    }
    const next = this.#text.charCodeAt(this.at);
    if (isOpening(next)) return this.#brackets(row, depth, start, name);
    const isQuoted = next === QUOTE || next === APOSTROPHE;
    if (isQuoted) {
      const open = this.at;
      this.at = skipString(this.#source, open);
      return this.#addString(row, open + 1, this.at - 1, name);
    }
    this.at = start;
    this.#token(row, name);
  }

  /**
   * Reads a value in brackets, perhaps with a name before them, which began at `start`. A single number
   * in brackets, as in `np.int64(3)`, is that number. In a message with names, or at its beginning,
   * named values are inner fields of the message. An unnamed pair at the beginning identifies the
   * message, or is the address of its sender. Everything else is one field that is not looked into.
   */
  #brackets(row: Row, depth: number, start: number, name: NamePlace): void {
    const open = this.at;
    const close = skipBrackets(this.#source, open);
    const number = open > start ? wholeBetween(this.#text, open + 1, close - 1) : null;
    KEY.lastIndex = skipBlank(this.#text, open + 1);
    const hasNames = KEY.test(this.#text) && (row.count === 0 || row.name(0) !== '');
    const isIdentity = !hasNames && row.count === 0 && name === UNNAMED && open === start;
    if (number !== null) row.add(CELL.whole, ...number, ...name);
    else if (depth < DEPTH_MAX && (hasNames || isIdentity)) {
      this.#fields(row, depth + 1, name);
      if (isIdentity) settleIdentity(row, open, close);
    } else row.add(CELL.nested, start, close, ...name);
    this.at = close;
  }

  /** A number in quotes is a number, and only the empty string holds nothing. */
  #addString(row: Row, start: number, end: number, name: NamePlace): void {
    const kind = plainKind(this.#text, start, end);
    row.add(kind === CELL.nothing && end > start ? CELL.text : kind, start, end, ...name);
  }

  #token(row: Row, name: NamePlace): void {
    const start = this.at;
    while (isDigit(this.#text.charCodeAt(this.at))) this.at += 1;
    if (isDelimiter(this.#text.charCodeAt(this.at)) && this.at > start) {
      row.add(CELL.whole, start, this.at, ...name);
      return;
    }
    this.at = start;
    if (this.match(ENUMERATION) === '' && this.match(TOKEN) === '') {
      throw this.unexpected('a number, a string or another value');
    }
    // Java and Scala print a text without quotes, and the words of it are one value.
    if (this.#between === ',') this.match(FURTHER_TEXT);
    else if (name !== UNNAMED && this.#between === '') this.match(FURTHER_WORDS);
    row.add(plainKind(this.#text, start, this.at), start, this.at, ...name);
  }
}

/** Where the name that begins at `start` ends: letters, digits, points and underscores. */
function endOfName(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (!isLetter(code) && !isDigit(code) && code !== POINT && code !== DOLLAR) return at;
  }
  return at;
}

function isOpening(code: number): boolean {
  return code === 40 || code === 91 || code === 123;
}

/** A comma, a closing bracket or white space. */
function isDelimiter(code: number): boolean {
  return code === 44 || code === 41 || code === 93 || code === 125 || code <= 32;
}

/** Where the whole number stands that is all there is between two places; `null` without one. */
function wholeBetween(text: string, start: number, end: number): [number, number] | null {
  const match = /^(\s*)(\d+(?:\.0*)?)\s*$/.exec(text.slice(start, Math.min(end, start + 100)));
  if (match === null) return null;
  const from = start + match[1]!.length;
  return [from, from + match[2]!.length];
}

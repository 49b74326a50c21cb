import { isDigit, isLetter, type LogText } from './log-text.ts';

/** What a cell of a message holds: `nested` is a list, tuple or object that is not looked into. */
export const CELL = { whole: 0, number: 1, text: 2, nothing: 3, nested: 4 } as const;
export type CellKind = (typeof CELL)[keyof typeof CELL];

/**
 * What stands before the name of a cell that belongs to an object inside the message, and between that object's
 * name and the cell's: `.msg.seq`.
 */
export const INNER = '.';

/** Where a cell's name stands, and that of the object which has it; 0 and 0 where there is none. */
export type NamePlace = readonly [
  start: number,
  end: number,
  isInner: boolean,
  ownerStart: number,
  ownerEnd: number,
];
export const UNNAMED: NamePlace = [0, 0, false, 0, 0];

/** Cells beyond these are counted, but not kept. */
const CELLS_MAX = 64;

/**
 * One message as its log writes it: cells, each a place in the text, with or without a name. Forms
 * fill the same row anew for each message, so that reading a log allocates nothing for a message.
 */
export class Row {
  /** Where the message begins in the text. */
  at = 0;
  /** Where it ends. */
  end = 0;
  /** How many cells it has. */
  count = 0;
  /** How many leading cells are no fields, but tell when or what happened. */
  preamble = 0;
  /** The word that says what happened with the message, such as `deliver`; `''` without one. */
  word = '';
  /** What the message says besides that word, so that it may mean something else; `''` for nothing. */
  doubt = '';
  readonly source: LogText;
  readonly #kinds: CellKind[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #nameStarts: number[] = [];
  readonly #nameEnds: number[] = [];
  readonly #areInner: boolean[] = [];
  readonly #ownerStarts: number[] = [];
  readonly #ownerEnds: number[] = [];
  #header: readonly string[] | null = null;

  constructor(source: LogText) {
    this.source = source;
  }

  /** Begins a message at `at`; `header` names its cells where a header does. */
  begin(at: number, header: readonly string[] | null = null): void {
    this.at = at;
    this.end = at;
    this.count = 0;
    this.preamble = 0;
    this.word = '';
    this.doubt = '';
    this.#header = header;
  }

  /**
   * Adds a cell from `start` to `end`, with the place of its name; `isInner`: of an object in the message, which has
   * a name itself or none.
   */
  add(
    kind: CellKind,
    start: number,
    end: number,
    nameStart = 0,
    nameEnd = 0,
    isInner = false,
    ownerStart = 0,
    ownerEnd = 0,
  ): void {
    const index = this.count;
    this.count += 1;
    if (index >= CELLS_MAX) return;
    this.#kinds[index] = kind;
    this.#starts[index] = start;
    this.#ends[index] = end;
    this.#nameStarts[index] = nameStart;
    this.#nameEnds[index] = nameEnd;
    this.#areInner[index] = isInner;
    this.#ownerStarts[index] = ownerStart;
    this.#ownerEnds[index] = ownerEnd;
  }

  /** Takes the cells from `from` on together as one that spans `start` to `end`. */
  collapse(from: number, kind: CellKind, start: number, end: number): void {
    const [nameStart, nameEnd] = [this.#nameStarts[from] ?? 0, this.#nameEnds[from] ?? 0];
    this.count = from;
    this.add(kind, start, end, nameStart, nameEnd);
  }

  kind(index: number): CellKind {
    return this.#kinds[index]!;
  }

  start(index: number): number {
    return this.#starts[index]!;
  }

  /** Whether the cell can be read: it exists, and was kept. */
  has(index: number): boolean {
    return index >= 0 && index < this.count && index < CELLS_MAX;
  }

  /** The cell's name, as `.msg.seq` if it is one of an inner object; `''` where it has none. */
  name(index: number): string {
    if (this.#header !== null) return this.#header[index] ?? '';
    const { text } = this.source;
    const name = text.slice(this.#nameStarts[index], this.#nameEnds[index]);
    if (this.#areInner[index] !== true || name === '') return name;
    const owner = text.slice(this.#ownerStarts[index], this.#ownerEnds[index]);
    return owner === '' ? INNER + name : INNER + owner + INNER + name;
  }

  /** Where the cell called `name` is, by a look at `guess` first; -1 where there is none. */
  find(name: string, guess: number): number {
    if (this.#isCalled(guess, name)) return guess;
    for (let index = 0; index < this.count && index < CELLS_MAX; index += 1) {
      if (this.#isCalled(index, name)) return index;
    }
    return -1;
  }

  /** The cell as it stands in the text. */
  raw(index: number): string {
    return this.source.text.slice(this.#starts[index], this.#ends[index]);
  }

  /** The value of a whole cell; `Infinity` beyond what a double holds exactly. */
  whole(index: number): number {
    const { text } = this.source;
    const end = this.#ends[index]!;
    let value = 0;
    for (let at = this.#starts[index]!; at < end; at += 1) {
      const code = text.charCodeAt(at);
      // The rest of a whole number such as 3.0 is zeros.
      if (!isDigit(code)) break;
      value = value * 10 + (code - 48);
    }
    return value <= Number.MAX_SAFE_INTEGER ? value : Infinity;
  }

  #isCalled(index: number, name: string): boolean {
    if (index < 0 || index >= this.count) return false;
    if (this.#header !== null) return this.#header[index] === name;
    const isInner = name.startsWith(INNER);
    if (isInner !== this.#areInner[index]) return false;
    const [start, ownerStart] = [this.#nameStarts[index]!, this.#ownerStarts[index]!];
    const [length, owner] = [this.#nameEnds[index]! - start, this.#ownerEnds[index]! - ownerStart];
    const before = isInner ? INNER.length + (owner > 0 ? owner + INNER.length : 0) : 0;
    const { text } = this.source;
    return (
      name.length === before + length &&
      (owner === 0 ||
        text.startsWith(name.slice(INNER.length, INNER.length + owner), ownerStart)) &&
      text.startsWith(before > 0 ? name.slice(before) : name, start)
    );
  }
}

/**
 * The kind of a cell that is not quoted, by its characters. Zeros behind a point leave a number whole:
 * programs that keep columns as floating point write 3 as 3.0.
 */
export function plainKind(text: string, start: number, end: number): CellKind {
  if (start >= end) return CELL.nothing;
  let at = start;
  while (at < end && isDigit(text.charCodeAt(at))) at += 1;
  if (at === end) return CELL.whole;
  // A word that is not one of a few short ones is a text, as most cells are that are not numbers.
  const isWord = at === start && isLetter(text.charCodeAt(start));
  if (isWord && end - start > NOTHING_CHARACTERS_MAX) return CELL.text;
  const token = text.slice(start, end);
  if (isWord) return NOTHING.has(token.toLowerCase()) ? CELL.nothing : CELL.text;
  if (at > start && /^\d+\.0*$/.test(token)) return CELL.whole;
  if (/^[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(token)) return CELL.number;
  return NOTHING.has(token.toLowerCase()) ? CELL.nothing : CELL.text;
}

const NOTHING: ReadonlySet<string> = new Set(
  'none null nil undefined nan inf -inf infinity -infinity true false'.split(' '),
);
const NOTHING_CHARACTERS_MAX = 9;

import { splitComposite } from '../text/composite.ts';
import { CELL, type Row } from '../text/row.ts';
import type { LogText } from '../text/log-text.ts';
import { isIdentity, numberNames, senderNames, textNames } from './field-names.ts';
import { happeningOf, HAPPENING } from './happenings.ts';

/** A field of a message: its name, or how many fields of the message come before it. */
export type Field = string | number;

/** A field as the flag tells it: its name, or its place counted from 1. */
function bareName(field: Field): string {
  return typeof field === 'string' ? field.replace(/^\./, '') : String(field + 1);
}

/** A field as sentences name it: its name in quotes, or its place. */
export function nameField(field: Field): string {
  return typeof field === 'string' ? `"${bareName(field)}"` : bareName(field);
}

/** The flag that tells two fields. */
export function fieldsFlag(fields: readonly Field[]): string {
  return `--fields ${fields.map(bareName).join(',')}`;
}

/** Whether fields are those of a message: they have no names, or these name a sender and a whole number, or both in one. */
export function isMessage(row: Row): boolean {
  const { names, numbers, hasBoth } = namesIn(row);
  return hasBoth || (senderNames(names).length > 0 && numberNames(numbers).length > 0);
}

/** Whether fields with names have a text, and no number that may be that of a message. */
export function isRemark(row: Row): boolean {
  const { names, numbers, hasBoth } = namesIn(row);
  return !hasBoth && textNames(names).length > 0 && numberNames(numbers).length === 0;
}

function namesIn(row: Row) {
  const [names, numbers]: [string[], string[]] = [[], []];
  let hasBoth = false;
  for (let index = 0; row.has(index); index += 1) {
    const name = row.name(index);
    hasBoth ||= name === '' || isIdentity(name, row.raw(index));
    names.push(name);
    if (row.kind(index) === CELL.whole) numbers.push(name);
  }
  return { names, numbers, hasBoth };
}

/** How many messages of a log are looked at to find out which fields it has. */
const SAMPLE_MAX = 200;

/** Some messages of a log, looked at to choose fields by. */
export class Sample {
  readonly source: LogText;
  /** For each field of the first message: its name, its kind, and how it is written. */
  readonly first: { name: string; kind: number; text: string }[] = [];
  /** All names of fields, in the order in which they were met. */
  readonly names: string[] = [];
  /** The values of fields, by name. */
  readonly values = new Map<string, Set<string>>();
  /** Where the first message stands in the text. */
  at = 0;
  end = 0;
  /**
   * How many leading cells of the first message are no fields, and whether a word there says what
   * happened.
   */
  preamble = 0;
  hasWord = false;
  count = 0;
  /** Whether a word says of the first message that it was delivered: one of which it is said is a better example. */
  #isFirstDelivered = false;
  /** Whether the first unnamed field behind the preamble says in each message what happened. */
  saysFirst = true;

  constructor(source: LogText) {
    this.source = source;
  }

  /** What the first message has in a field; `null` where it has no such field. */
  textOf(field: Field): string | null {
    const found =
      typeof field === 'number' ? this.first[field] : this.first.find(({ name }) => name === field);
    if (found === undefined) return null;
    // Zeros behind a point say nothing: 3.0 is message 3.
    return found.kind === CELL.whole ? found.text.replace(/\..*$/, '') : found.text;
  }

  /** Whether a field with a name holds whole numbers in all messages. */
  isWhole(name: string): boolean {
    return [...this.values.get(name)!].every((value) => /^\d+(?:\.0*)?$/.test(value));
  }

  /** Whether a field with a name holds sender and number in one, of several senders, as `P1-3` does. */
  isIdentity(name: string): boolean {
    const values = [...this.values.get(name)!];
    const senders = new Set(values.map((value) => splitComposite(value)?.[0]));
    return senders.size > 1 && values.every((value) => isIdentity(name, value));
  }

  /** Notes a message; false when enough messages were noted. */
  add(row: Row): boolean {
    const isWider = this.first.length < 2 && row.count > this.first.length;
    const isDelivery = happeningOf(row.word) === HAPPENING.delivery;
    if (this.count === 0 || isWider || (isDelivery && !this.#isFirstDelivered)) {
      this.#noteFirst(row);
      this.#isFirstDelivered = isDelivery;
    }
    this.count += 1;
    for (let index = 0; row.has(index); index += 1) this.#noteField(row, index);
    const { preamble } = row;
    const isWord = row.has(preamble) && row.kind(preamble) === CELL.text;
    if (!isWord || happeningOf(row.raw(preamble)) === HAPPENING.unsaid) {
      this.saysFirst = false;
    }
    return this.count < SAMPLE_MAX;
  }

  #noteFirst(row: Row): void {
    this.first.length = 0;
    [this.at, this.end, this.preamble] = [row.at, row.end, row.preamble];
    this.hasWord = row.word !== '';
    for (let index = 0; row.has(index); index += 1) {
      this.first.push({ name: row.name(index), kind: row.kind(index), text: row.raw(index) });
    }
  }

  #noteField(row: Row, index: number): void {
    const name = row.name(index);
    if (name === '') return;
    const values = this.values.get(name);
    if (values !== undefined) values.add(row.raw(index).toLowerCase());
    else {
      this.names.push(name);
      this.values.set(name, new Set([row.raw(index).toLowerCase()]));
    }
  }
}

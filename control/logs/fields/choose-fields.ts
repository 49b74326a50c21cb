import { CELL, INNER, type Row } from '../text/row.ts';
import type { LogError, LogText } from '../text/log-text.ts';
import { happeningNames, numberNames, senderNames, timeNames } from './field-names.ts';
import { happeningOf, HAPPENING } from './happenings.ts';

/** A field of a message: its name, or how many fields of the message come before it. */
export type Field = string | number;

/** Which fields of a log's messages count. */
export interface Fields {
  readonly sender: Field;
  readonly number: Field;
  /** The field that says whether this is a delivery; `null` without one. */
  readonly happening: Field | null;
  /**
   * How the fields were found. Fields that were `told`, or that have a `name`, are taken as they are.
   * Fields that stand `first`, or elsewhere as a `guess`, must also make sense as a sender and a
   * number.
   */
  readonly by: 'told' | 'name' | 'first' | 'guess';
}

/** A field as sentences name it: its name in quotes, or its place counted from 1. */
export function nameField(field: Field): string {
  return typeof field === 'string' ? `"${field.replace(/^\./, '')}"` : String(field + 1);
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

  /** Notes a message; false when enough messages were noted. */
  add(row: Row): boolean {
    const isFirst = this.count === 0 || (this.first.length < 2 && row.count > this.first.length);
    if (isFirst) this.#noteFirst(row);
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

/**
 * The fields of a log's messages that are the sender and the number: those that were told (names, or
 * places counted from 1), those whose names say so, or else the first two.
 * @throws LogError that says why none can be taken, and which flag would tell them.
 */
export function chooseFields(sample: Sample, told: readonly [string, string] | null): Fields {
  if (told !== null) return toldFields(sample, told);
  return sample.names.length > 0 ? namedFields(sample) : unnamedFields(sample);
}

function toldFields(sample: Sample, told: readonly [string, string]): Fields {
  const [sender, number] = told.map((name): Field => {
    const known = [name, INNER + name].find((each) => sample.names.includes(each));
    if (known !== undefined) return known;
    if (/^[1-9]\d?$/.test(name)) return Number(name) - 1;
    if (sample.names.length === 0) {
      throw refusal(
        sample,
        `the fields have no names, so that "${name}" cannot be found; allowed are places such as ` +
          '--fields 1,2',
      );
    }
    throw refusal(sample, `no field is called "${name}"; there are ${list(sample.names)}`);
  }) as [Field, Field];
  return { sender, number, happening: namedHappening(sample), by: 'told' };
}

function namedFields(sample: Sample): Fields {
  const happening = namedHappening(sample);
  const names = sample.names.filter((name) => name !== happening);
  const sender = oneOf(sample, 'sender', outerFirst(names, senderNames));
  const others = names.filter((name) => name !== sender);
  const number = oneOf(sample, 'number', withNumbers(sample, outerFirst(others, numberNames)));
  return { sender, number, happening, by: 'name' };
}

/**
 * Puts outer fields first: an inner object, such as what a message carries, matters only without
 * others.
 */
function outerFirst(
  names: readonly string[],
  find: (names: readonly string[]) => string[],
): string[] {
  const outer = find(names.filter((name) => !name.startsWith(INNER)));
  return outer.length > 0 ? outer : find(names);
}

/** Of several names that might be the number's, leaves out those whose fields hold text. */
function withNumbers(sample: Sample, names: string[]): string[] {
  const whole = names.filter((name) => {
    return [...sample.values.get(name)!].every((value) => /^\d+(?:\.0*)?$/.test(value));
  });
  return whole.length > 0 ? whole : names;
}

function oneOf(sample: Sample, what: 'sender' | 'number', names: readonly string[]): string {
  if (names.length === 1) return names[0]!;
  const which = 'allowed is --fields SENDER,NUMBER with the names of the two that count';
  if (names.length > 1) throw refusal(sample, `is the ${what} ${list(names, 'or')}? ${which}`);
  const times = what === 'number' ? timeNames(sample.names) : [];
  const known = `the ${sample.names.length === 1 ? 'field is' : 'fields are'} ${list(sample.names)}`;
  const [first] = times;
  const time =
    first === undefined ? '' : `; ${nameField(first)} is a time, and no number of a message`;
  throw refusal(sample, `found no ${what} of a message: ${known}${time}; ${which}`);
}

/** The field that says what happened, if any has a word for it: rather one that tells of deliveries. */
function namedHappening(sample: Sample): string | null {
  const names = happeningNames(sample.names);
  const says = (name: string, delivery: boolean) =>
    [...sample.values.get(name)!].some((value) => {
      const happening = happeningOf(value);
      return delivery ? happening === HAPPENING.delivery : happening !== HAPPENING.unsaid;
    });
  return names.find((name) => says(name, true)) ?? names.find((name) => says(name, false)) ?? null;
}

function unnamedFields(sample: Sample): Fields {
  const { first, preamble, saysFirst, hasWord } = sample;
  const hasWordField = saysFirst && first.length >= preamble + 3;
  const happening = hasWordField ? preamble : null;
  const begin = preamble + (hasWordField ? 1 : 0);
  // A decimal number is neither sender nor number: in front of them, it is a time.
  const isTime = first[begin]?.kind === CELL.number && /^\d/.test(first[begin].text);
  const place = isTime && first.length >= begin + 3 ? begin + 1 : begin;
  const [sender, number] = [first[place], first[place + 1]];
  if (sender?.kind === CELL.whole && number?.kind === CELL.text) {
    return { sender: place + 1, number: place, happening, by: 'guess' };
  }
  const isBehindTime = place > begin || (preamble > 0 && !hasWord);
  return { sender: place, number: place + 1, happening, by: isBehindTime ? 'guess' : 'first' };
}

function refusal({ source, at }: Sample, message: string): LogError {
  return source.error(at, message);
}

function list(names: readonly string[], last = 'and'): string {
  const quoted = names.map(nameField);
  if (quoted.length === 1) return quoted[0]!;
  return `${quoted.slice(0, -1).join(', ')} ${last} ${quoted.at(-1)!}`;
}

import { CELL, type Row } from '../text/row.ts';

/** Senders that are numbers below this are found without a map. */
const SMALL_MAX = 4096;

/**
 * The senders that the logs speak of, each with a place in the order in which they were met: numbers
 * for what may be names, ports or addresses. A number is the same sender in quotes and without, and
 * with zeros before it; a letter with an accent is the same as one character and as two.
 */
export class SenderNames {
  readonly #names: string[] = [];
  readonly #places = new Map<string, number>();
  /** The places of senders by how cells write their names. */
  readonly #texts = new Map<string, number>();
  readonly #small = new Int32Array(SMALL_MAX).fill(-1);

  get count(): number {
    return this.#names.length;
  }

  /** What the logs call the sender at `place`. */
  name(place: number): string {
    return this.#names[place]!;
  }

  /** The place of the sender in a cell of the row: a whole number or a text. */
  placeIn(row: Row, index: number): number {
    const number = row.kind(index) === CELL.whole ? row.whole(index) : Infinity;
    if (number !== Infinity) return this.placeOfNumber(number);
    const text = row.raw(index);
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const place = this.placeOf(plainName(text));
    this.#texts.set(text, place);
    return place;
  }

  placeOfNumber(number: number): number {
    if (number >= SMALL_MAX) return this.placeOf(String(number));
    const known = this.#small[number]!;
    if (known >= 0) return known;
    const place = this.placeOf(String(number));
    this.#small[number] = place;
    return place;
  }

  placeOf(name: string): number {
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = this.#names.length;
    this.#names.push(name);
    this.#places.set(name, place);
    return place;
  }
}

/**
 * The name in a cell: without escapes, in Unicode's normal form C (UAX 15), because programs differ in it; and of an
 * address such as `'10.0.0.1', 5001` host and port.
 */
export function plainName(text: string): string {
  const address = /^\s*["']([^"']*)["']\s*,\s*(\d+)\s*$/.exec(text);
  if (address !== null) return `${address[1]!}:${address[2]!}`;
  const plain = text.replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g, unescape);
  return plain.normalize();
}

function unescape(_escape: string, four?: string, two?: string, character?: string): string {
  const code = four ?? two;
  return code === undefined ? character! : String.fromCharCode(parseInt(code, 16));
}

import { CELL, plainKind, type Row } from './row.ts';

/**
 * A sender and a number in one word, such as `0:3`, `p1-3`, `2/0`, `P1:m3`, `<0,3>` or `(0, 3)` in quotes. No name has brackets in
 * it, so that `hold (0, 3)` is none of "hold (0". A point parts the two only before `m`, as in `p1.m3`: `1.3` may be one number.
 */
const COMPOSITE =
  /^\s*[([{<]?\s*(?:b?["'])?([^\s"',;<>()[\]{}→←][^"',;<>()[\]{}→←]*?)["']?(?:\.(?=m)|\s*[-:/_#,;\s]\s*)(?:b?["'])?(?:m(?:sg)?)?(\d+)\s*["']?\s*[)\]}>]?$/i;

const CHARACTERS_MAX = 200;

/** Adds the two cells of a text that holds a sender and a number in one; false when it does not. */
export function addComposite(row: Row, start: number, end: number): boolean {
  const { text } = row.source;
  if (end - start > CHARACTERS_MAX) return false;
  const match = COMPOSITE.exec(text.slice(start, end));
  if (match === null) return false;
  const [whole, sender, number] = [match[0], match[1]!, match[2]!];
  const from = start + whole.indexOf(sender);
  const numberFrom = start + whole.lastIndexOf(number);
  row.add(plainKind(text, from, from + sender.length), from, from + sender.length);
  row.add(CELL.whole, numberFrom, numberFrom + number.length);
  return true;
}

/** Sender and number of a text that holds both, as it writes them; `null` of any other one. */
export function splitComposite(text: string): readonly [sender: string, number: string] | null {
  const match = text.length > CHARACTERS_MAX ? null : COMPOSITE.exec(text);
  return match === null ? null : [match[1]!, match[2]!];
}

/** What a host is called: `localhost`, or something with points or colons in it. */
const HOST = /^(?:localhost|[\w-]*(?:[.:][\w-]*)+)$/;

/**
 * Decides what an unnamed pair at the beginning of a message is, which stood from `open` to `close`. A
 * host and a port before a number are the address of the sender, and become one cell; other pairs are
 * sender and number. Anything but a pair is a field of which nothing is known.
 */
export function settleIdentity(row: Row, open: number, close: number): void {
  const isPair = row.count === 2 && row.kind(1) === CELL.whole;
  const isAddress = isPair && row.kind(0) === CELL.text && HOST.test(row.raw(0));
  if (isAddress && /^\s*,\s*\d/.test(row.source.text.slice(close, close + 40))) {
    row.collapse(0, CELL.text, open + 1, close - 1);
  } else if (!isPair || row.kind(0) === CELL.nested) row.collapse(0, CELL.nested, open, close);
}

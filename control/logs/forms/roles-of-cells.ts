import { numberNames, senderNames } from '../fields/field-names.ts';
import { happeningOf, HAPPENING } from '../fields/happenings.ts';
import { CELL, type Row } from '../text/row.ts';

/** How a journal begins its lines: with a month and a day, which are no sender and no number. */
export const JOURNAL =
  /^\s*(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2} \d{2}:\d{2}/;

const DATE_OR_TIME =
  /^\[?(?:\d{2,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[T ][\d:.,]+)?|\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?)(?:Z|[+-]\d{2}:?\d{2})?\]?:?$/;
const SEVERITY = /^\[?(?:trace|debug|info|notice|warn|warning|error)\]?:?$/i;

/** Whether a cell is a time or a severity, as logging libraries write them: neither sender nor number. */
export function isTime(row: Row, index: number): boolean {
  if (row.kind(index) === CELL.number) return /^\d/.test(row.raw(index));
  if (row.kind(index) !== CELL.text) return false;
  const text = row.raw(index);
  return DATE_OR_TIME.test(text) || SEVERITY.test(text);
}

/** Whether a whole number is a time, or the place of a line, since what happened stands behind it and a message there. */
export function isPlaceInFront(row: Row, index: number): boolean {
  const isInFront = row.kind(index) === CELL.whole && row.count >= index + 4;
  return isInFront && isHappening(row, index + 1);
}

/**
 * Whether cells are the names of others, as in `sender: 0 seq: 3` and `proc 0 msg 3`, or the first is who writes, as in
 * `process 0 delivers 1:3`; "from" names one that follows, too.
 */
export function isNamed(row: Row, sender: number): boolean {
  const isOfDelivery = sender === 0 || happeningOf(row.raw(sender - 1)) === HAPPENING.delivery;
  if (isOfDelivery && /^(?:from|by|of|to)$/i.test(row.raw(sender + 1))) return true;
  if (row.kind(sender) !== CELL.text || senderNames([row.raw(sender)]).length === 0) return false;
  if (row.has(sender + 2) && isHappening(row, sender + 2)) return true;
  for (let index = sender + 2; row.has(index); index += 1) {
    if (row.kind(index) === CELL.text && numberNames([row.raw(index)]).length > 0) return true;
  }
  return false;
}

export function isHappening(row: Row, index: number): boolean {
  if (row.kind(index) !== CELL.text) return false;
  return happeningOf(bareWord(row, index)) !== HAPPENING.unsaid;
}

/** A word without the brackets around it or the colon behind, as in `[DELIVER] 0 3`. */
export function bareWord(row: Row, index: number): string {
  return row.raw(index).replace(/^\[|\]?:?$/g, '');
}

/** Whether a cell may be the name of a sender, which has a letter or a digit, no brackets and no equals sign in it. */
export function isName(row: Row, index: number): boolean {
  return (
    row.kind(index) === CELL.text && /^(?=.*[\p{L}\p{N}])[^\s()[\]{}="'<>]+$/u.test(row.raw(index))
  );
}

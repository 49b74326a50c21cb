import { CELL, INNER, type Row } from '../text/row.ts';
import { STATUS_NAMES } from './field-names.ts';
import { nameField, type Sample } from './sample.ts';

/** A field that denies the delivery of which its message tells, as in `{"event": "deliver", "ok": false}`. */
export interface Denial {
  readonly field: string;
  /** What it says then, in small letters. */
  readonly values: ReadonlySet<string>;
  /** Whether it says otherwise that the message was delivered, as a field "delivered" does. */
  readonly isOfDelivery?: boolean;
}

const DENIED_BY_FALSE =
  /^(?:ok|okay|success|succeeded|successful|(?:is|was)?delivered|(?:is)?deliverable|candeliver|accepted|ready)$/;
const DENIED_BY_TRUE =
  /^(?:(?:is|was)?(?:ignored|dropped|discarded|rejected|failed|skipped|blocked|pending|undelivered))$/;

const FALSE = new Set(['false', 'no']);
const TRUE = new Set(['true', 'yes']);
const UNDONE = new Set(
  (
    'pending held buffered queued waiting blocked failed failure rejected ignored dropped discarded ' +
    'duplicate skipped deferred postponed undelivered error false'
  ).split(' '),
);

/** The fields of a log that may deny a delivery. */
export function findDenials(sample: Sample): Denial[] {
  return sample.names.flatMap((field): Denial[] => {
    const name = field
      .slice(field.lastIndexOf(INNER) + 1)
      .toLowerCase()
      .replace(/[^a-z]/g, '');
    if (STATUS_NAMES.has(name)) return [{ field, values: UNDONE }];
    // A 0 may be a number of something, unless 0 and 1 are all there is.
    const found = sample.values.get(field)!;
    const isBit = found.size === 2 && found.has('0') && found.has('1');
    if (DENIED_BY_FALSE.test(name)) {
      const isOfDelivery = /^(?:is|was)?delivered$/.test(name) && (isBit || !found.has('1'));
      return [{ field, values: isBit ? new Set(['0']) : FALSE, isOfDelivery }];
    }
    if (DENIED_BY_TRUE.test(name)) return [{ field, values: isBit ? new Set(['1']) : TRUE }];
    return [];
  });
}

/** Whether a field says that the message was delivered, as `"delivered": true` does where it is false of others. */
export function isAffirmed(row: Row, denials: readonly Denial[]): boolean {
  return denials.some(({ field, isOfDelivery }) => {
    const place = isOfDelivery ? row.find(field, 0) : -1;
    return row.has(place) && /^(?:true|yes|1)$/i.test(row.raw(place));
  });
}

/** What denies the delivery of a message, such as `"status" is "held"`; `''` for nothing. */
export function denialOf(row: Row, denials: readonly Denial[]): string {
  for (const { field, values } of denials) {
    const place = row.find(field, 0);
    if (!row.has(place) || row.kind(place) === CELL.nested) continue;
    const value = row.raw(place).toLowerCase();
    if (values.has(value)) return `${nameField(field)} is "${value}"`;
  }
  return '';
}

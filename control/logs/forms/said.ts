import { happeningOf, HAPPENING } from '../fields/happenings.ts';
import { sayingOf, type Saying } from '../fields/sayings.ts';
import type { Line } from '../text/lines.ts';
import type { LogError, LogText } from '../text/log-text.ts';
import type { Row } from '../text/row.ts';

/** Notes what a line says of its message. */
export function noteSaying(row: Row, { word, doubt }: Saying): void {
  row.word = word;
  row.doubt = doubt ?? '';
}

/** What tells of many deliveries at once, as "all messages delivered" at the end of a log. */
const SUMMARY = /\b(?:all|\d+)\s+(?:[a-z]+\s+)?(?:messages|msgs)\b|\btotal\b(?![\s-]*order)/i;

/** Refuses a line without a message that says of one to have been delivered: it would be overlooked. */
export function refuseDelivery(source: LogText, line: Line, message: string): void {
  const text = source.text.slice(line.start, line.end);
  if (!/\bdeliver/i.test(text) || SUMMARY.test(text)) return;
  const { word, doubt } = sayingOf(text);
  const happening = happeningOf(word);
  const isDenied = happening === HAPPENING.other || happening === HAPPENING.deferred;
  if (doubt === null && isDenied && word.includes('deliver')) return;
  throw source.error(line.start, message);
}

/** Whether nothing but an "and" or a comma stands between two messages. */
export function isJoined(between: string): boolean {
  return /^[\s,;&]*(?:and\s*)?$/i.test(between);
}

/** What is refused where a line tells of a second message, which would be overlooked. */
export function secondMessage(source: LogText, at: number): LogError {
  return source.error(at, 'found a second message in the line; allowed is one');
}

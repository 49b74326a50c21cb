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

/** What tells of many deliveries at once, as "all messages delivered" at the end of a log, and "delivered 3 of 12". */
const SUMMARY =
  /\b(?:all|\d+)\s+(?:[a-z]+\s+)?(?:messages|msgs)\b|\btotal\b(?![\s-]*order)|\bso far\b|\bdelivered\s*(?:=\s*\d|\d+\s*(?:of|\/)\s*\d)|\bdeliver(?:ed|y)\b[^\d]*\b(?:count|size|rate|time|latency|messages|msgs|order|log)\b[^()]*:\s*[\d.]*\s*$/i;
/** The name of a function, in the trace of an error. */
const CODE = /\.deliver\w*\(|^\s*File "[^"\n]*", line \d+, in /i;
/** What a program calls its parts and headings: a delivery that is one has a number behind it. */
const NOUN = /\b(?:un)?deliver(?:y|ies|able)\b(?![^\n]*\d)/i;

/** Whether a line tells of one delivery, and not of many at once, nor of the part of a program that delivers. */
export function tellsOfDelivery(text: string): boolean {
  return /\bdeliver/i.test(text) && ![SUMMARY, CODE, NOUN].some((other) => other.test(text));
}

/** Refuses a line without a message that says of one to have been delivered: it would be overlooked. */
export function refuseDelivery(source: LogText, line: Line, message: string): void {
  const text = source.text.slice(line.start, line.end);
  if (!tellsOfDelivery(text)) return;
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

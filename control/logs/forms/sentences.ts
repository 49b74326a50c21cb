import { readSaying } from '../fields/sayings.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { CELL, plainKind, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';
import { isJoined, noteSaying, refuseDelivery, secondMessage } from './said.ts';
import { takeLines } from './take-lines.ts';

/**
 * How many lines are looked at. Most of them have to be such sentences, or most of those that tell of deliveries: a
 * message may carry one, too, and every second line may be about an acknowledgement, without a sender.
 */
const LINES_LOOKED_AT = 20;

/**
 * Whom a message is from, and what its number is: a sentence has to say both in words. By whom it was delivered
 * is another matter.
 */
const SENDER =
  /\b(?:from|(?<!\b(?:deliver(?:ed|y)|received)\s+)by|sender)\s+(?:(?:peer|process|proc|node|sender|server|replica)\s+)?#?([\p{L}\p{N}_](?:[\p{L}\p{N}_.:-]*[\p{L}\p{N}_])?)/iu;
const NUMBER =
  /\b(?:message|msg|number|seq(?:uence)?(?:\s*(?:number|no|nr|num)\b\.?)?)\s*[:=#]?\s*#?(\d+)\b/i;

/** Lines that say in words which message of whom was delivered. */
export const SENTENCES: Form = {
  title: 'sentences such as "delivered message 3 from peer 0"',
  example: 'delivered message 0 from peer 0\ndelivered message 0 from peer 1',

  recognises({ text }, at) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT).map(({ start, end }) => {
      return text.slice(start, end);
    });
    const telling = lines.filter((line) => /\bdeliver/i.test(line));
    return [lines, telling].some((some) => {
      const sentences = some.filter((line) => SENDER.test(line) && NUMBER.test(line));
      return sentences.length * 2 > some.length;
    });
  },

  read(source, at, take) {
    const row = new Row(source);
    const leftOut = takeLines(source, at, row, take, (line) => readLine(row, source, line));
    return remarks('sentences with "message ... from ..."', { leftOut });
  },
};

/** Reads the message of a sentence; false where it tells of none. */
function readLine(row: Row, source: LogText, line: Line): boolean {
  const { start, end } = line;
  const text = source.text.slice(start, end);
  const [sender, number] = [SENDER.exec(text), NUMBER.exec(text)];
  if (sender === null || number === null) {
    refuseDelivery(source, line, LACKING);
    return false;
  }
  row.begin(start);
  const from = start + sender.index + sender[0].length - sender[1]!.length;
  const to = from + sender[1]!.length;
  row.add(plainKind(source.text, from, to), from, to);
  const at = start + number.index + number[0].length - number[1]!.length;
  row.add(CELL.whole, at, at + number[1]!.length);
  row.end = end;
  const first = Math.min(sender.index, number.index);
  const last = Math.max(to, at + number[1]!.length) - start;
  refuseSecond(source, start, text, last);
  noteSaying(row, readSaying(text, first, last));
  return true;
}

const LACKING = 'found a delivery without a message and a sender; allowed is one in each';

/** Refuses a sentence that tells of the delivery of a second message, or joins one by "and", behind the first. */
function refuseSecond(source: LogText, start: number, text: string, from: number): void {
  const behind = text.slice(from);
  const [sender, number] = [SENDER.exec(behind), NUMBER.exec(behind)];
  if (sender === null || number === null) return;
  const at = Math.min(sender.index, number.index);
  const between = behind.slice(0, at);
  if (isJoined(between) || /\bdeliver/i.test(between))
    throw secondMessage(source, start + from + at);
}

import { lastHappening } from '../fields/happenings.ts';
import { firstLines, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import { CELL, plainKind, Row } from '../text/row.ts';
import { remarks, type Form } from './form.ts';
import { takeLines } from './take-lines.ts';

/** How many lines are looked at, most of which have to be such sentences: a message may carry one, too. */
const LINES_LOOKED_AT = 20;

/** Whom a message is from, and what its number is: a sentence has to say both in words. */
const SENDER =
  /\b(?:from|by|sender)\s+(?:(?:peer|process|proc|node|sender|server|replica)\s+)?#?([\p{L}\p{N}_](?:[\p{L}\p{N}_.:-]*[\p{L}\p{N}_])?)/iu;
const NUMBER =
  /\b(?:message|msg|number|seq(?:uence)?(?:\s*(?:number|no|nr|num)\b\.?)?)\s*[:=#]?\s*#?(\d+)\b/i;

/** Lines that say in words which message of whom was delivered. */
export const SENTENCES: Form = {
  title: 'sentences such as "delivered message 3 from peer 0"',
  example: 'delivered message 0 from peer 0\ndelivered message 0 from peer 1',

  recognises({ text }, at) {
    const lines = firstLines(text, startOfLine(text, at), LINES_LOOKED_AT);
    const sentences = lines.filter(({ start, end }) => {
      const line = text.slice(start, end);
      return SENDER.test(line) && NUMBER.test(line);
    });
    return sentences.length * 2 > lines.length;
  },

  read(source, at, take) {
    const row = new Row(source);
    const leftOut = takeLines(source, at, row, take, (line) => readLine(row, source, line));
    return remarks('sentences with "message ... from ..."', { leftOut });
  },
};

/** Reads the message of a sentence; false where it tells of none. */
function readLine(row: Row, source: LogText, { start, end }: Line): boolean {
  const line = source.text.slice(start, end);
  const [sender, number] = [SENDER.exec(line), NUMBER.exec(line)];
  if (sender === null || number === null) {
    if (!/\bdeliver/i.test(line)) return false;
    throw source.error(
      start,
      'found a delivery without a message and a sender; allowed is one in each',
    );
  }
  row.begin(start);
  const from = start + sender.index + sender[0].length - sender[1]!.length;
  const to = from + sender[1]!.length;
  row.add(plainKind(source.text, from, to), from, to);
  const at = start + number.index + number[0].length - number[1]!.length;
  row.add(CELL.whole, at, at + number[1]!.length);
  row.end = end;
  row.word = lastHappening(source.text, start, end);
  return true;
}

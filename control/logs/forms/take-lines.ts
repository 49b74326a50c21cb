import { lineBehind, nextLine, startOfLine, type Line } from '../text/lines.ts';
import type { LogText } from '../text/log-text.ts';
import type { Row } from '../text/row.ts';
import type { Take } from './form.ts';

/**
 * Reads a log whose messages stand in a line each, from the line that `at` is on, and gives how many lines
 * were left out. `readLine` reads a line into `row`, which is then taken; false where it holds no message.
 * Ends early when `take` wants no more.
 */
export function takeLines(
  { text }: LogText,
  at: number,
  row: Row,
  take: Take,
  readLine: (line: Line) => boolean,
): number {
  let leftOut = 0;
  let line = nextLine(text, startOfLine(text, at));
  while (line !== null) {
    if (!readLine(line)) leftOut += 1;
    else if (!take(row)) break;
    line = lineBehind(text, line.end);
  }
  return leftOut;
}

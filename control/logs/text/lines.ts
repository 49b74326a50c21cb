import { endOfLine, isComment } from './blank.ts';
import { isSpace } from './log-text.ts';

/** Where a line begins and ends; the end leaves out the line feed and a carriage return before it. */
export interface Line {
  readonly start: number;
  readonly end: number;
}

/**
 * The next line, from the beginning of a line on, that holds more than white space and is no comment
 * (`# ...`, `// ...`); `null` at the end of the text.
 */
export function nextLine(text: string, from: number): Line | null {
  for (let start = from; start < text.length; start = endOfLine(text, start) + 1) {
    let first = start;
    while (first < text.length && isBlank(text.charCodeAt(first))) first += 1;
    if (first === text.length) return null;
    if (text.charCodeAt(first) === 10 || isComment(text, first)) continue;
    return { start, end: trimmedEnd(text, start, endOfLine(text, start)) };
  }
  return null;
}

/** The next line that holds something, behind the one that `at` is on; `null` at the end of the text. */
export function lineBehind(text: string, at: number): Line | null {
  return nextLine(text, endOfLine(text, at) + 1);
}

/** Where the line that `at` is on begins. */
export function startOfLine(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

/** The first lines of a text that hold something, at most `most` of them. */
export function firstLines(text: string, from: number, most: number): Line[] {
  const lines: Line[] = [];
  for (let at = from; lines.length < most;) {
    const line = nextLine(text, at);
    if (line === null) break;
    lines.push(line);
    at = endOfLine(text, line.end) + 1;
  }
  return lines;
}

/** The end of a stretch of text without the white space before it. */
export function trimmedEnd(text: string, start: number, end: number): number {
  let last = end;
  while (last > start && isSpace(text.charCodeAt(last - 1))) last -= 1;
  return last;
}

/** White space other than a line feed. */
function isBlank(code: number): boolean {
  return code !== 10 && isSpace(code);
}

import { isSpace, type LogText } from './log-text.ts';

const [NEWLINE, BACKSLASH, SLASH, HASH] = [10, 92, 47, 35];
/** Names of objects are hardly longer. */
const NAME_CHARACTERS_MAX = 40;
const [QUOTE, APOSTROPHE] = [34, 39];

/** The first place from `at` on that is neither white space nor in a comment (`# ...`, `// ...`). */
export function skipBlank(text: string, at: number): number {
  for (;;) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) at += 1;
    else if (isComment(text, at)) at = endOfLine(text, at);
    else return at;
  }
}

/** Whether a comment begins at `at`: `# ...`, `// ...`; not `#<...>`, `#{...}` or `#name{...}`, as Ruby and Erlang print objects. */
export function isComment(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code === HASH) return !/^#(?:<|\w*\{)/.test(text.slice(at, at + NAME_CHARACTERS_MAX));
  return code === SLASH && text.charCodeAt(at + 1) === SLASH;
}

/** Where the line that `at` is on ends: at its line feed, or at the end of the text. */
export function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The line from `at` on, without white space around it. */
export function restOfLine(text: string, at: number): string {
  return text.slice(at, endOfLine(text, at)).trim();
}

/** The place behind the string that begins at `at`: it has to end on its line. */
export function skipString(source: LogText, at: number): number {
  const { text } = source;
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === NEWLINE) break;
    if (code === BACKSLASH) i += 1;
  }
  throw source.error(at, 'a string begins here that does not end on its line');
}

/** The place behind the bracket that closes the one at `at`. */
export function skipBrackets(source: LogText, at: number): number {
  const { text } = source;
  let depth = 0;
  for (let i = at; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === QUOTE || code === APOSTROPHE) i = skipString(source, i) - 1;
    else if (code === 40 || code === 91 || code === 123) depth += 1;
    else if (code === 41 || code === 93 || code === 125) {
      depth -= 1;
      if (depth === 0) return i + 1;
    }
  }
  throw source.error(at, `a "${text.charAt(at)}" begins here that is never closed`);
}

/**
 * The place behind the bracket that closes the one at `open`, whatever stands in quotes; -1 where none does before `end`.
 * It is for lines of which nobody knows what quotes mean in them; `skipBrackets` is for texts with strings.
 */
export function behindBracket(text: string, open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at += 1) {
    const character = text.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return -1;
}

/** What no shell takes apart or replaces. */
const PLAIN = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/** `text` as one word of a command that somebody may copy into a shell. Single quotes keep everything but themselves. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

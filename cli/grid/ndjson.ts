/** The lines of a file to which whole lines were appended. */
export interface Lines {
  readonly lines: readonly string[];
  /** Characters of what was begun behind the last whole line; 0 where nothing was. */
  readonly tornCharacters: number;
}

/**
 * Splits such a file. A process that was killed, or a full disk, leaves the last line without its end:
 * it is left out, whatever it holds, and its run is done again.
 */
export function splitLines(text: string): Lines {
  const end = text.lastIndexOf('\n') + 1;
  const lines = text
    .slice(0, end)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { lines, tornCharacters: text.length - end };
}

/** The lines of a file to which whole lines were appended. */
export interface Lines {
  readonly lines: readonly string[];
  /** Characters of what was begun behind the last whole line; 0 where nothing was. */
  readonly tornCharacters: number;
  /** Whether the last line is whole and lacks only its end. */
  readonly lacksEnd: boolean;
}

/**
 * Splits such a file. A process that was killed, or a full disk, leaves the last line without its end:
 * it is left out, and its run is done again. Where it is a whole document all the same, only its end is missing, as an
 * editor leaves it: no part of an object is one.
 */
export function splitLines(text: string): Lines {
  const isWhole = isJson(text.slice(text.lastIndexOf('\n') + 1));
  const end = isWhole ? text.length : text.lastIndexOf('\n') + 1;
  const lines = text
    .slice(0, end)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return { lines, tornCharacters: text.length - end, lacksEnd: isWhole };
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

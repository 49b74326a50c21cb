/** A name with at most this many letters put in, left out or changed still counts as a slip of the pen. */
const EDITS_MAX = 3;

/** Which of `names` somebody meant who wrote `name`; `null` where none is near. */
export function nearestOf(name: string, names: readonly string[]): string | null {
  let best: string | null = null;
  let bestEdits = Math.min(EDITS_MAX, Math.ceil(name.length / 2)) + 1;
  for (const candidate of names) {
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase());
    if (edits >= bestEdits) continue;
    best = candidate;
    bestEdits = edits;
  }
  return best;
}

/** Levenshtein's edit distance (1966), computed row by row. */
function editsBetween(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const change = from[row - 1] === to[column - 1] ? 0 : 1;
      now.push(Math.min(now[column - 1]! + 1, before[column]! + 1, before[column - 1]! + change));
    }
    before = now;
  }
  return before[to.length]!;
}

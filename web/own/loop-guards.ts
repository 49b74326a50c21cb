/** A place in a text where a loop's body begins and ends, and the line in which the loop stands. */
export interface LoopBody {
  readonly from: number;
  readonly to: number;
  /** Whether it is a block in braces, or one statement without. */
  readonly isBlock: boolean;
  readonly line: number;
}

/** What a guard is called in the text; no ordering has this name. */
export const GUARD_NAME = '__mpcommTick';

/**
 * Puts a call of the guard at the beginning of each loop's body, so that a loop without an end can be
 * stopped and told with its line. No line is added: the lines of errors stay those of the author.
 */
export function guardLoops(text: string, bodies: readonly LoopBody[]): string {
  const insertions = bodies.flatMap(({ from, to, isBlock, line }) => {
    const tick = `${GUARD_NAME}(${line});`;
    if (isBlock) return [{ at: from + 1, what: tick }];
    return [
      { at: from, what: `{${tick}` },
      { at: to, what: '}' },
    ];
  });
  // From the end, so that the places of what is still to be inserted stay right. Of two at one place the later
  // one belongs inside: it was found in an inner loop.
  const ordered = [...insertions].sort((a, b) => b.at - a.at);
  return ordered.reduce((sum, { at, what }) => sum.slice(0, at) + what + sum.slice(at), text);
}

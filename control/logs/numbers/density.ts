/** How the numbers of the senders lie. */
export interface Density {
  /** How many senders have any. */
  readonly senders: number;
  /** The smallest and the greatest number of any sender. */
  readonly first: number;
  readonly last: number;
  /** Whether every sender has the number `first`. */
  readonly isCommonFirst: boolean;
  /**
   * How many of the numbers from the smallest of all to the greatest of each sender are there: 1 where
   * every sender counts and nothing is missing, and the smaller the more the numbers jump.
   */
  readonly share: number;
}

/** Measures the numbers of each sender, given in any order, each once. */
export function measureDensity(bySender: readonly Iterable<number>[]): Density {
  const ranges = bySender.flatMap((numbers) => {
    let [least, most, amount] = [Infinity, -1, 0];
    for (const number of numbers) {
      least = Math.min(least, number);
      most = Math.max(most, number);
      amount += 1;
    }
    return amount > 0 ? [{ least, most, amount }] : [];
  });
  const first = Math.min(Infinity, ...ranges.map(({ least }) => least));
  const last = Math.max(-1, ...ranges.map(({ most }) => most));
  const whole = ranges.reduce((sum, { most }) => sum + most - first + 1, 0);
  const there = ranges.reduce((sum, { amount }) => sum + amount, 0);
  return {
    senders: ranges.length,
    first,
    last,
    isCommonFirst: ranges.every(({ least }) => least === first),
    share: whole === 0 ? 1 : there / whole,
  };
}

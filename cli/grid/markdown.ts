/** A Markdown table: the first `leftMax` columns to the left, the others, of numbers, to the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  leftMax = 1,
): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head),
    line(head.map((_, column) => (column < leftMax ? '---' : '---:'))),
    ...rows.map(line),
  ].join('\n');
}

/** "98.1 ± 1.2"; the mean alone below two runs, a dash without any. */
export function meanAndDeviation(
  statistics: { readonly mean: number; readonly standardDeviation: number | null } | null,
  decimals = 1,
): string {
  if (statistics === null) return '–';
  const { mean, standardDeviation } = statistics;
  const spread = standardDeviation === null ? '' : ` ± ${standardDeviation.toFixed(decimals)}`;
  return `${mean.toFixed(decimals)}${spread}`;
}

/** A share in percent: 7 for 0.07, where the product is 7.000000000000001. */
export function percentOf(share: number): number {
  return Number((100 * share).toPrecision(12));
}

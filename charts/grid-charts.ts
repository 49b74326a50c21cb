import type { MeasuredCell } from './measured-run.ts';
import type { PublishedResults } from './published-results.ts';

/** The charts that a grid has the data for, by file name. `source` is the line under each. */
export async function drawGridCharts(
  _cells: readonly MeasuredCell[],
  _published: PublishedResults,
  _source: string,
): Promise<Map<string, string>> {
  return new Map();
}

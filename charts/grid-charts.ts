import { drawLatencyThroughput } from './latency-throughput.ts';
import type { MeasuredCell } from './measured-run.ts';
import { drawMessagesPerMulticast } from './messages-per-multicast.ts';
import { drawOwnLatency } from './own-latency.ts';
import { drawPublishedAndOurs } from './published-and-ours.ts';
import type { PublishedResults } from './published-results.ts';
import { drawUnorderedShare } from './unordered-share.ts';

/** The charts that a grid has the data for, by file name. `source` is the line under each. */
export async function drawGridCharts(
  cells: readonly MeasuredCell[],
  published: PublishedResults,
  source: string,
): Promise<Map<string, string>> {
  const drawn: [string, string | null][] = [
    ['unordered-share.svg', await drawUnorderedShare(cells, source)],
    ['published-and-ours.svg', await drawPublishedAndOurs(cells, published, source)],
    ['own-latency.svg', await drawOwnLatency(cells, source)],
    ['messages-per-multicast.svg', await drawMessagesPerMulticast(cells, source)],
    ['latency-throughput.svg', await drawLatencyThroughput(cells, source)],
  ];
  return new Map(drawn.flatMap(([name, svg]) => (svg === null ? [] : [[name, svg] as const])));
}

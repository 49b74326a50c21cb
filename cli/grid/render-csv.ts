import type { MeasuredCell, MeasuredRun, OwnLatency } from '../../charts/measured-run.ts';
import { medianOf, statisticsOf } from '../../charts/statistics.ts';

type Pick = (cell: MeasuredCell) => number | string | null;

const of = (cell: MeasuredCell, value: (run: MeasuredRun) => number | null) =>
  statisticsOf(cell.runs.flatMap((run) => value(run) ?? []));
const median = (cell: MeasuredCell, value: (run: MeasuredRun) => number | null) =>
  medianOf(cell.runs.flatMap((run) => value(run) ?? []));
const own = (cell: MeasuredCell, value: (latency: OwnLatency) => number) =>
  cell.runs.flatMap(({ ownLatencies }) => ownLatencies.map(value));

/** Mean, standard deviation (n - 1), least and most of one number a run. */
function spread(name: string, value: (run: MeasuredRun) => number | null): [string, Pick][] {
  return [
    [`${name}_mean`, (cell) => of(cell, value)?.mean ?? null],
    [`${name}_sd`, (cell) => of(cell, value)?.standardDeviation ?? null],
    [`${name}_min`, (cell) => of(cell, value)?.min ?? null],
    [`${name}_max`, (cell) => of(cell, value)?.max ?? null],
  ];
}

const COLUMNS: readonly (readonly [string, Pick])[] = [
  ['ordering', ({ ordering }) => ordering],
  ['peers', ({ peers }) => peers],
  ['messages', ({ messages }) => messages],
  ['interval_ms_min', ({ intervalMs }) => intervalMs.min],
  ['interval_ms_max', ({ intervalMs }) => intervalMs.max],
  ['rounds', ({ peers, messages }) => peers * messages],
  ['runs', ({ runs }) => runs.length],
  ['failed_runs', ({ failed }) => failed],
  ['runs_that_broke_a_declared_guarantee', ({ runs }) => countBroken(runs)],
  ...spread('published_count', ({ publishedCount }) => publishedCount),
  ...spread('unordered_rounds', ({ unorderedRounds }) => unorderedRounds),
  ...spread('unordered_share_percent', ({ unorderedShare }) => 100 * unorderedShare),
  ...spread('missing_rounds', ({ missingRounds }) => missingRounds),
  ...spread('kendall_tau', ({ kendallTau }) => kendallTau),
  // Each peer of each run has percentiles; these are the medians of those.
  ['own_latency_ms_p50_median', (cell) => medianOf(own(cell, ({ p50 }) => p50))],
  ['own_latency_ms_p90_median', (cell) => medianOf(own(cell, ({ p90 }) => p90))],
  ['own_latency_ms_p99_median', (cell) => medianOf(own(cell, ({ p99 }) => p99))],
  ['own_latency_ms_max', (cell) => statisticsOf(own(cell, ({ max }) => max))?.max ?? null],
  ...spread('messages_per_multicast', ({ messagesPerMulticast }) => messagesPerMulticast),
  ...spread('datagrams_per_multicast', ({ datagramsPerMulticast }) => datagramsPerMulticast),
  ...spread('bytes_per_multicast', ({ bytesPerMulticast }) => bytesPerMulticast),
  ['duration_ms_median', (cell) => median(cell, ({ durationMs }) => durationMs)],
  [
    'multicasts_per_second_median',
    (cell) => median(cell, ({ multicastsPerSecond }) => multicastsPerSecond),
  ],
];

export function countBroken(runs: readonly MeasuredRun[]): number {
  return runs.filter(({ broken }) => broken.length > 0).length;
}

/** One line a cell, with a heading; empty where nothing was measured (RFC 4180, but lines end in LF). */
export function renderCsv(cells: readonly MeasuredCell[]): string {
  const heading = COLUMNS.map(([name]) => name).join(',');
  const lines = cells.map((cell) => COLUMNS.map(([, pick]) => field(pick(cell))).join(','));
  return [heading, ...lines, ''].join('\n');
}

/** Names of orderings need no quotes. Four decimals are more than ten runs can tell. */
function field(value: number | string | null): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : String(Math.round(value * 10_000) / 10_000);
}

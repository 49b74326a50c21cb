import { formatNumber, renderTable, type Column } from '../../cli/render/table.ts';
import type { SystemSpread } from '../../charts/bench/systems-side-by-side.ts';
import { medianOf } from '../../charts/statistics.ts';
import type { RunFigures } from './figures.ts';
import type { MeasuredSystem } from './interleave.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'system', align: 'left' },
  { heading: 'deliveries/s', align: 'right' },
  { heading: 'lowest..highest', align: 'right' },
  { heading: 'of bare', align: 'right' },
  { heading: 'CPU us', align: 'right' },
  { heading: 'own p50 ms', align: 'right' },
  { heading: 'own p99 ms', align: 'right' },
  { heading: 'orders', align: 'right' },
  { heading: 'missing', align: 'right' },
];

/** A row a system: medians of its runs; of orders and missing deliveries, the most of any run. */
export function renderSystems(measured: readonly MeasuredSystem[]): string {
  const bare = measured.find(({ name }) => name === 'bare');
  const rows = measured.map((each) => rowOf(each, bare?.runs ?? []));
  return renderTable(COLUMNS, rows, '');
}

/** The rates of a system's runs; `null` when it has none. */
export function spreadOf({ name, runs }: MeasuredSystem): SystemSpread | null {
  if (runs.length === 0) return null;
  const rates = runs.map(({ perSecond }) => perSecond);
  return { name, median: medianOf(rates)!, low: Math.min(...rates), high: Math.max(...rates) };
}

function rowOf(measured: MeasuredSystem, bare: readonly RunFigures[]): string[] {
  const { name, runs } = measured;
  const spread = spreadOf(measured);
  if (spread === null) return [name, 'failed'];
  const middle = (of: (run: RunFigures) => number): number => medianOf(runs.map(of))!;
  return [
    name,
    formatNumber(spread.median),
    `${formatNumber(spread.low)}..${formatNumber(spread.high)}`,
    medianOf(sharesOf(runs, bare))?.toFixed(2) ?? '',
    middle((run) => run.cpuUsPerDelivery).toFixed(2),
    formatNumber(
      middle((run) => run.ownP50Ms),
      1,
    ),
    formatNumber(
      middle((run) => run.ownP99Ms),
      1,
    ),
    String(Math.max(...runs.map(({ orders }) => orders))),
    formatNumber(Math.max(...runs.map(({ missing }) => missing))),
  ];
}

/**
 * A run's rate by that of the bare prototype in the same round, when the machine was as busy. A round in which a lost
 * datagram stopped the prototype tells nothing.
 */
function sharesOf(runs: readonly RunFigures[], bare: readonly RunFigures[]): number[] {
  return runs.flatMap((run, round) => {
    const beside = bare[round];
    const isWhole = beside !== undefined && beside.missing === 0;
    return isWhole ? [run.perSecond / beside.perSecond] : [];
  });
}

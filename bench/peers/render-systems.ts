import { formatNumber, renderTable, type Column } from '../../cli/render/table.ts';
import type { SystemSpread } from '../../charts/bench/systems-side-by-side.ts';
import { largestOf, medianOf } from '../../charts/statistics.ts';
import type { RunFigures } from './figures.ts';
import type { MeasuredSystem } from './interleave.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'system', align: 'left' },
  { heading: 'deliveries/s', align: 'right' },
  { heading: 'lowest..highest', align: 'right' },
  { heading: 'of bare', align: 'right' },
  { heading: 'of bare-large', align: 'right' },
  { heading: 'CPU us', align: 'right' },
  { heading: 'own p50 ms', align: 'right' },
  { heading: 'own p99 ms', align: 'right' },
  { heading: 'orders', align: 'right' },
  { heading: 'stood still', align: 'right' },
  { heading: 'missing', align: 'right' },
];

/** Against what others are measured: the bare prototype with two lengths of datagrams. */
const REFERENCES = ['bare', 'bare-large'] as const;

/**
 * A row a system: medians of its runs, and of orders the most of any run. A run that stood still has no share in
 * these: its rate is of an end that never came. Of missing deliveries, the most of any run.
 */
export function renderSystems(measured: readonly MeasuredSystem[]): string {
  const references = REFERENCES.map(
    (reference) => measured.find(({ name }) => name === reference)?.runs ?? [],
  );
  const rows = measured.map((each) => rowOf(each, references));
  return renderTable(COLUMNS, rows, '');
}

/** The rates of a system's runs that did not stand still; `null` when it has none. */
export function spreadOf({ name, runs }: MeasuredSystem): SystemSpread | null {
  const rates = runs.filter(isWhole).map(({ perSecond }) => perSecond);
  if (rates.length === 0) return null;
  return { name, median: medianOf(rates)!, low: Math.min(...rates), high: Math.max(...rates) };
}

/** Whether everything was delivered. */
function isWhole({ missing }: RunFigures): boolean {
  return missing === 0;
}

function rowOf(measured: MeasuredSystem, references: readonly (readonly RunFigures[])[]): string[] {
  const { name, runs } = measured;
  if (runs.length === 0) return [name, 'failed'];
  const spread = spreadOf(measured);
  const whole = runs.filter(isWhole);
  const middle = (of: (run: RunFigures) => number | null): number | null =>
    medianOf(whole.flatMap((run) => of(run) ?? []));
  return [
    name,
    spread === null ? '' : formatNumber(spread.median),
    spread === null ? '' : `${formatNumber(spread.low)}..${formatNumber(spread.high)}`,
    ...references.map((beside) => medianOf(sharesOf(runs, beside))?.toFixed(2) ?? ''),
    middle((run) => run.cpuUsPerDelivery)?.toFixed(2) ?? '',
    inMs(middle((run) => run.ownP50Ms)),
    inMs(middle((run) => run.ownP99Ms)),
    String(largestOf(whole.map(({ orders }) => orders)) ?? ''),
    whole.length === runs.length ? '' : `${runs.length - whole.length} of ${runs.length}`,
    formatNumber(Math.max(...runs.map(({ missing }) => missing))),
  ];
}

/** Blank where nothing was measured. */
function inMs(ms: number | null): string {
  return ms === null ? '' : formatNumber(ms, 1);
}

/**
 * A run's rate by that of the bare prototype in the same round, when the machine was as busy. A round in which a lost
 * datagram stopped one of them tells nothing.
 */
function sharesOf(runs: readonly RunFigures[], reference: readonly RunFigures[]): number[] {
  return runs.flatMap((run, round) => {
    const beside = reference[round];
    const isCounted = beside !== undefined && isWhole(beside) && isWhole(run);
    return isCounted ? [run.perSecond / beside.perSecond] : [];
  });
}

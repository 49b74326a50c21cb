import { formatNumber, renderTable, type Column } from '../render/table.ts';
import { wasReached, type LoadFigures } from './loads.ts';

const COLUMNS: readonly Column[] = [
  { heading: 'offered/s', align: 'right' },
  { heading: 'of peak', align: 'right' },
  { heading: 'delivered/s', align: 'right' },
  { heading: 'reached', align: 'left' },
  { heading: 'own p50 ms', align: 'right' },
  { heading: 'own p99 ms', align: 'right' },
  { heading: 'CPU us', align: 'right' },
  { heading: 'missing', align: 'right' },
];

/** What became of each load, a row each; first the peak's, where it was measured. */
export function renderLoads(peak: LoadFigures | null, loads: readonly LoadFigures[]): string {
  return renderTable(
    COLUMNS,
    [...(peak === null ? [] : [peak]), ...loads].map((load) =>
      rowOf(load, peak?.goodputPerSecond ?? 0),
    ),
  );
}

/** What became of one load, for whoever watches a bench of minutes: its table comes when all loads are through. */
export function describeFigures({
  goodputPerSecond,
  ownP50Ms,
  ownP99Ms,
  missing,
  isShortened,
}: LoadFigures): string {
  const own =
    ownP50Ms === null
      ? 'no own deliveries'
      : `own deliveries after ${inMs(ownP50Ms)} ms, 99 % within ${inMs(ownP99Ms)} ms`;
  return (
    `  ${formatNumber(goodputPerSecond)} delivered a second; ${own}` +
    (missing === 0 ? '' : `; ${formatNumber(missing)} missing`) +
    (isShortened ? '; shorter than --seconds says: a member multicasts no more messages' : '')
  );
}

function inMs(measured: number | null): string {
  return measured?.toFixed(1) ?? '';
}

function rowOf(load: LoadFigures, peakPerSecond: number): string[] {
  const { offeredPerSecond, goodputPerSecond, ownP50Ms, ownP99Ms, cpuUsPerDelivery } = load;
  const isPeak = offeredPerSecond === null;
  return [
    isPeak ? 'all' : formatNumber(offeredPerSecond),
    isPeak || peakPerSecond === 0 ? '' : (offeredPerSecond / peakPerSecond).toFixed(2),
    formatNumber(goodputPerSecond),
    isPeak ? '' : wasReached(load) ? 'yes' : 'no',
    inMs(ownP50Ms),
    inMs(ownP99Ms),
    cpuUsPerDelivery.toFixed(2),
    formatNumber(load.missing),
  ];
}

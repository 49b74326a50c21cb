import type { Markish } from '@observablehq/plot';
import { frameChart } from './frame.ts';
import { distinct, runsOf } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { groupOf, ORDERING_GROUPS, type OrderingGroup, seriesOf } from './ordering-groups.ts';
import { seriesStyle, variable } from './palette.ts';
import { plotBody, type PlotModule } from './plot-body.ts';
import { medianOf } from './statistics.ts';

const HEIGHT = 400;
/** Lines that are closer than this share of the height have no room for a label between them. */
const CROWDED_SHARE = 0.12;
const SAME_SHARE = 0.01;
/** From a multicast in ten seconds to more than a machine sends. */
const TICKS = [-1, 0, 1, 2, 3, 4, 5].flatMap((power) =>
  [1, 2, 5].map((each) => each * 10 ** power),
);
/** How many others are drawn where no such tick lies between the slowest and the fastest. */
const TICKS_ELSE = 3;

const AT = { fx: 'group', x: 'perSecond', y: 'latencyMs' } as const;

interface Point {
  readonly ordering: string;
  readonly group: OrderingGroup;
  readonly series: number;
  readonly perSecond: number;
  readonly latencyMs: number;
}

/**
 * Draws what happens to latency when more is multicast: a line an ordering through several offered
 * loads. `null` for a grid with one interval.
 */
export async function drawLatencyThroughput(
  cells: readonly MeasuredCell[],
  source: string,
): Promise<string | null> {
  const measured = cells.filter(({ runs }) => runs.length > 0);
  const size = Math.max(...measured.map(({ peers }) => peers));
  const most = Math.max(...measured.map(({ messages }) => messages));
  const chosen = measured.filter(({ peers, messages }) => peers === size && messages === most);
  const intervals = distinct(chosen.map(({ intervalMs }) => `${intervalMs.min}-${intervalMs.max}`));
  if (intervals.length < 2) return null;
  const series = seriesOf(chosen.map(({ ordering }) => ordering));
  const byLoad = [...chosen].sort((first, second) => meanMs(second) - meanMs(first));
  const points = byLoad.flatMap((cell) => pointOf(cell, series) ?? []);
  if (points.length === 0) return null;
  const speeds = points.map(({ perSecond }) => perSecond);
  const [slowest, fastest] = [Math.min(...speeds) / 1.2, Math.max(...speeds) * 1.2];
  const ticks = TICKS.filter((tick) => tick >= slowest && tick <= fastest);
  const slowestMs = Math.max(1, ...points.map(({ latencyMs }) => latencyMs));
  const body = await plotBody(HEIGHT, (Plot) => ({
    marginTop: 46,
    fx: { domain: ORDERING_GROUPS, label: null, padding: 0.08 },
    x: { type: 'log', domain: [slowest, fastest] },
    y: { domain: [0, 1.08 * slowestMs], label: 'own delivery, median, ms', grid: true },
    marks: [
      Plot.axisFx({ anchor: 'top', fontWeight: 700 }),
      Plot.axisX({
        ticks: ticks.length > 0 ? ticks : TICKS_ELSE,
        tickFormat: '~r',
        label: 'multicasts a second that every peer delivered',
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      Plot.ruleY([0]),
      ...byOrdering(points).map((own) => lineOf(Plot, own)),
      ...labelsOf(points, slowestMs).map(({ isBelow, ...label }) =>
        Plot.text([label], {
          fx: 'group',
          x: slowest,
          y: 'latencyMs',
          text: 'text',
          textAnchor: 'start',
          dx: 4,
          dy: isBelow ? 15 : -14,
          stroke: variable('paper'),
          strokeWidth: 4,
          fill: variable('ink'),
        }),
      ),
      // The dots come above the labels, whose halo hides the lines behind them.
      ...byOrdering(points).map((own) => dotsOf(Plot, own)),
    ],
  }));
  const words = {
    title: 'Latency against throughput: when more is multicast',
    subtitle:
      `Median milliseconds from a multicast to its own delivery, over multicasts a second; ${size} ` +
      `peers, ${most} messages each, one every ${intervals.join(', ')} ms. Each point: median of ` +
      `${runsOf(chosen)} and all peers, on real processes of one machine. ` +
      'Where a line turns back, more was offered and less delivered.',
    source,
  };
  return frameChart(words, body);
}

interface Label {
  readonly group: OrderingGroup;
  readonly latencyMs: number;
  readonly isBelow: boolean;
  text: string;
}

/**
 * A label for each line where it begins: above it, or below where the next line is closer above. Lines
 * that begin at the same place share one.
 */
function labelsOf(points: readonly Point[], heightMs: number): Label[] {
  return ORDERING_GROUPS.flatMap((group) => {
    const firsts = byOrdering(points)
      .map(([first]) => first!)
      .filter((point) => point.group === group)
      .sort((first, second) => first.latencyMs - second.latencyMs);
    const labels: Label[] = [];
    for (const [index, { ordering, latencyMs }] of firsts.entries()) {
      const last = labels.at(-1);
      const above = (firsts[index + 1]?.latencyMs ?? Infinity) - latencyMs;
      const below = latencyMs - (last?.latencyMs ?? 0);
      const isCrowded = above < CROWDED_SHARE * heightMs && above >= SAME_SHARE * heightMs;
      const isBelow = isCrowded && below > above;
      if (last !== undefined && below < SAME_SHARE * heightMs) last.text += `, ${ordering}`;
      else labels.push({ group, latencyMs, isBelow, text: ordering });
    }
    return labels;
  });
}

/** Each ordering through its loads, from the least that was offered to the most. */
function byOrdering(points: readonly Point[]): Point[][] {
  return distinct(points.map(({ ordering }) => ordering)).map((ordering) =>
    points.filter((point) => point.ordering === ordering),
  );
}

function lineOf(Plot: PlotModule, points: readonly Point[]): Markish {
  const { colour, dash } = seriesStyle(points[0]!.series);
  const dashes = dash === '' ? {} : { strokeDasharray: dash };
  return Plot.line(points, { ...AT, stroke: colour, strokeWidth: 2, ...dashes });
}

function dotsOf(Plot: PlotModule, points: readonly Point[]): Markish {
  const { colour, symbol, hollow } = seriesStyle(points[0]!.series);
  const fill = hollow ? variable('paper') : colour;
  return Plot.dot(points, { ...AT, symbol, r: 4.2, stroke: colour, strokeWidth: 1.8, fill });
}

function meanMs({ intervalMs }: MeasuredCell): number {
  return (intervalMs.min + intervalMs.max) / 2;
}

function pointOf(cell: MeasuredCell, series: ReadonlyMap<string, number>): Point | null {
  const perSecond = medianOf(cell.runs.flatMap((run) => run.multicastsPerSecond ?? []));
  const latencyMs = medianOf(
    cell.runs.flatMap(({ ownLatencies }) => ownLatencies.map(({ p50 }) => p50)),
  );
  if (perSecond === null || latencyMs === null) return null;
  const { ordering } = cell;
  const [group, place] = [groupOf(ordering), series.get(ordering)!];
  return { ordering, group, series: place, perSecond, latencyMs };
}

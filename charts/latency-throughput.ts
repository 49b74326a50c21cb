import type { Markish } from '@observablehq/plot';
import { frameChart } from './frame.ts';
import { distinct, runsOf } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { seriesStyle, variable } from './palette.ts';
import { plotBody, type PlotModule } from './plot-body.ts';
import { medianOf } from './statistics.ts';

const HEIGHT = 380;
const TICKS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];

const AT = { fx: 'group', x: 'perSecond', y: 'latencyMs' } as const;

/** Orderings that are worth comparing with each other; what no group names comes into the last. */
const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['no total order', ['unordered', 'fifo', 'causal']],
  ['one member decides', ['sequencer-fast', 'sequencer', 'token', 'moving-sequencer']],
  ['members agree', ['lamport', 'skeen', 'skeen-uniform', 'ring']],
];

interface Point {
  readonly ordering: string;
  readonly group: string;
  readonly series: number;
  readonly perSecond: number;
  readonly latencyMs: number;
}

/**
 * What happens to latency when more is multicast: a line an ordering through several offered loads.
 * `null` for a grid with one interval.
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
  const points = chosen.flatMap((cell) => pointOf(cell) ?? []);
  const groups = GROUPS.map(([group]) => group);
  const ends = distinct(points.map(({ ordering }) => ordering)).map((ordering) =>
    points
      .filter((point) => point.ordering === ordering)
      .sort((first, second) => first.perSecond - second.perSecond)
      .at(-1)!,
  );
  const speeds = points.map(({ perSecond }) => perSecond);
  const [slowest, fastest] = [Math.min(...speeds) / 1.2, Math.max(...speeds) * 1.2];
  const body = await plotBody(HEIGHT, (Plot) => ({
    marginTop: 46,
    fx: { domain: groups, label: null, padding: 0.08 },
    x: { type: 'log', domain: [slowest, fastest] },
    y: { label: 'own delivery, median, ms', grid: true, zero: true },
    marks: [
      Plot.axisFx({ anchor: 'top', fontWeight: 700 }),
      Plot.axisX({
        ticks: TICKS.filter((tick) => tick >= slowest && tick <= fastest),
        tickFormat: 'd',
        label: 'multicasts a second that every peer delivered',
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      Plot.ruleY([0]),
      ...distinct(points.map(({ ordering }) => ordering)).flatMap((ordering) =>
        lineOf(
          Plot,
          points.filter((point) => point.ordering === ordering),
        ),
      ),
      Plot.text(ends, {
        ...AT,
        text: 'ordering',
        textAnchor: 'end',
        dy: -11,
        stroke: variable('paper'),
        strokeWidth: 4,
        fill: variable('ink'),
      }),
    ],
  }));
  const words = {
    title: 'Latency against throughput',
    subtitle:
      `Median milliseconds from a multicast to its own delivery, over multicasts a second; ${size} ` +
      `peers, ${most} messages each, multicast every ${intervals.join(', ')} ms. Each point: median of ` +
      `${runsOf(chosen)} and all peers, on processes of one machine.`,
    source,
  };
  return frameChart(words, body);
}

/** One ordering through its loads. */
function lineOf(Plot: PlotModule, points: readonly Point[]): Markish[] {
  const { colour, dash, symbol, hollow } = seriesStyle(points[0]!.series);
  const dashes = dash === '' ? {} : { strokeDasharray: dash };
  const fill = hollow ? variable('paper') : colour;
  return [
    Plot.line(points, { ...AT, sort: 'perSecond', stroke: colour, strokeWidth: 2, ...dashes }),
    Plot.dot(points, { ...AT, symbol, r: 4.2, stroke: colour, strokeWidth: 1.8, fill }),
  ];
}

function pointOf(cell: MeasuredCell): Point | null {
  const perSecond = medianOf(cell.runs.flatMap((run) => run.multicastsPerSecond ?? []));
  const latencyMs = medianOf(
    cell.runs.flatMap(({ ownLatencies }) => ownLatencies.map(({ p50 }) => p50)),
  );
  if (perSecond === null || latencyMs === null) return null;
  const index = GROUPS.findIndex(([, names]) => names.includes(cell.ordering));
  const [group, names] = GROUPS[index < 0 ? GROUPS.length - 1 : index]!;
  const series = Math.max(0, names.indexOf(cell.ordering));
  return { ordering: cell.ordering, group, series, perSecond, latencyMs };
}

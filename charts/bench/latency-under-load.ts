import type { Markish } from '@observablehq/plot';
import { frameChart } from '../frame.ts';
import { distinct } from '../marks.ts';
import { groupOf, ORDERING_GROUPS, type OrderingGroup, seriesOf } from '../ordering-groups.ts';
import { seriesStyle, variable } from '../palette.ts';
import { plotBody, type PlotModule } from '../plot-body.ts';

const HEIGHT = 440;
/** Room for the names above the curves, of the whole axis, and for each of them. */
const KEY_SHARE = 0.34;
const KEY_ROW_SHARE = 0.055;
/** Enough for three panels side by side, and no more. */
const TICKS = [1, 2, 3, 4, 5, 6].flatMap((power) => [10 ** power, 3 * 10 ** power]);

/** What a group made of one load. */
export interface LoadPoint {
  readonly ordering: string;
  /** Multicasts a second of all members together. */
  readonly offeredPerSecond: number;
  /** Messages a second that each member delivered. */
  readonly goodputPerSecond: number;
  /** From a multicast to its delivery at its sender, 99th percentile. */
  readonly latencyMs: number;
}

export interface LoadWords {
  readonly members: number;
  readonly payloadBytes: number;
  readonly seconds: number;
  readonly source: string;
}

interface Placed {
  readonly group: OrderingGroup;
  readonly x: number;
  readonly y: number;
}

/**
 * Draws latency over goodput, a line an ordering through the loads from the least to the most. Beyond
 * saturation a line goes up without going right, or turns back.
 */
export async function drawLatencyUnderLoad(
  points: readonly LoadPoint[],
  { members, payloadBytes, seconds, source }: LoadWords,
): Promise<string> {
  const drawn = points.filter(
    ({ goodputPerSecond, latencyMs }) => goodputPerSecond * latencyMs > 0,
  );
  const orderings = distinct(drawn.map(({ ordering }) => ordering));
  const series = seriesOf(orderings);
  const [left, right] = rangeOf(drawn.map(({ goodputPerSecond }) => goodputPerSecond));
  const [bottom, top] = rangeOf(drawn.map(({ latencyMs }) => latencyMs));
  const ceiling = top * (top / bottom) ** (KEY_SHARE / (1 - KEY_SHARE));
  const groups = ORDERING_GROUPS.filter((group) =>
    orderings.some((each) => groupOf(each) === group),
  );
  const lines = orderings.map((ordering) => {
    const style = seriesStyle(series.get(ordering)!);
    const own = drawn.filter((point) => point.ordering === ordering);
    own.sort((one, other) => one.offeredPerSecond - other.offeredPerSecond);
    const row = orderings.filter((each) => groupOf(each) === groupOf(ordering)).indexOf(ordering);
    const share = 1 - KEY_ROW_SHARE * (row + 0.7);
    const key = { x: left * (right / left) ** 0.05, y: bottom * (ceiling / bottom) ** share };
    return { ordering, style, own: own.map(placeOf), key: { group: groupOf(ordering), ...key } };
  });
  const body = await plotBody(HEIGHT, (Plot) => ({
    marginTop: 46,
    fx: { domain: groups, label: null, padding: 0.08 },
    x: {
      type: 'log',
      domain: [left, right],
      ticks: TICKS.filter((tick) => tick >= left && tick <= right),
      tickFormat: '~s',
      label: 'messages a second that each member delivers',
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: {
      type: 'log',
      domain: [bottom, ceiling],
      ticks: 5,
      tickFormat: '~s',
      label: 'own delivery, 99th percentile, ms',
      grid: true,
    },
    marks: [
      Plot.axisFx({ anchor: 'top', fontWeight: 700 }),
      ...lines.flatMap((line) => lineMarks(Plot, line)),
    ],
  }));
  const words = {
    title: 'Latency against throughput, up to saturation and beyond',
    subtitle:
      `Milliseconds from when a multicast was due to its delivery at its own sender, over messages delivered; ` +
      `${members} members, messages of ${payloadBytes} bytes, loads from the least to the most, one ` +
      `run of about ${seconds} s each (n = 1). Where a line goes up or turns back, more was offered ` +
      'than delivered.',
    source,
  };
  return frameChart(words, body);
}

function placeOf({ ordering, goodputPerSecond, latencyMs }: LoadPoint): Placed {
  return { group: groupOf(ordering), x: goodputPerSecond, y: latencyMs };
}

function lineMarks(
  Plot: PlotModule,
  line: {
    readonly ordering: string;
    readonly style: ReturnType<typeof seriesStyle>;
    readonly own: readonly Placed[];
    readonly key: Placed;
  },
): Markish[] {
  const { colour, symbol, hollow, dash } = line.style;
  const at = { fx: 'group', x: 'x', y: 'y' } as const;
  const fill = hollow ? variable('paper') : colour;
  const dashes = dash === '' ? {} : { strokeDasharray: dash };
  const dot = { ...at, symbol, r: 4.2, stroke: colour, strokeWidth: 1.8, fill };
  return [
    Plot.line(line.own, { ...at, stroke: colour, strokeWidth: 2, ...dashes }),
    Plot.dot(line.own, dot),
    Plot.dot([line.key], dot),
    Plot.text([line.key], {
      ...at,
      text: () => line.ordering,
      textAnchor: 'start',
      dx: 10,
      fill: variable('ink'),
    }),
  ];
}

/** From a bit below the least to a bit above the most; some room also around a single value. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return values.length === 0 ? [1, 10] : [least / 1.3, most * 1.3];
}

import { frameChart } from './frame.ts';
import { distinct, runsOf } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { SERIES_MAX, seriesStyle, variable } from './palette.ts';
import { plotBody } from './plot-body.ts';

/** One run of a grid, as one point. */
export interface RunPoint {
  readonly ordering: string;
  readonly peers: number;
  readonly messages: number;
  readonly run: number;
  /** The share of unordered rounds, 0 to 1. */
  readonly unorderedShare: number;
  /**
   * The median over the peers of how long a sender waited, in milliseconds; `null` where nothing was
   * measured.
   */
  readonly ownLatencyMs: number | null;
  /** Where a page shows this run; a picture in a file has none. */
  readonly href: string;
}

const ROW_PX = 36;
const AXIS_PX = 54;
/** The share of a row over which its runs are spread, in bands by their number of messages. */
const SPREAD = 0.8;

/**
 * Draws every run as a point, which is a link to it. It shows how long a sender waited where orderings are
 * compared, and otherwise the share of unordered rounds. Each ordering and number of peers has a row. `null`
 * for a grid without runs.
 */
export async function drawEveryRun(
  cells: readonly MeasuredCell[],
  points: readonly RunPoint[],
  source: string,
): Promise<string | null> {
  if (points.length === 0) return null;
  const isTimed = distinct(points.map(({ ordering }) => ordering)).length > 1;
  const rows = distinct(points.map(rowOf));
  const sizes = distinct(points.map(({ messages }) => messages)).sort((one, other) => one - other);
  const runsMax = Math.max(...points.map(({ run }) => run)) + 1;
  const shown = points.flatMap((point) => {
    const x = isTimed ? point.ownLatencyMs : 100 * point.unorderedShare;
    const band = sizes.indexOf(point.messages) + (point.run + 0.5) / runsMax;
    const y = rows.indexOf(rowOf(point)) + (band / sizes.length - 0.5) * SPREAD;
    return x === null ? [] : [{ ...point, x, y, title: titleOf(point) }];
  });
  const seriesOf = (messages: number): number => sizes.indexOf(messages) % SERIES_MAX;
  const label = isTimed ? 'ms from a multicast to its own delivery' : '% of the rounds unordered';
  const body = await plotBody(AXIS_PX + rows.length * ROW_PX, (Plot) => ({
    marginLeft: 200,
    marginTop: 8,
    x: { label, labelAnchor: 'center', labelArrow: 'none', grid: true, zero: isTimed },
    y: {
      domain: [rows.length - 0.5, -0.5],
      ticks: rows.map((_row, place) => place),
      tickFormat: (place: number) => rows[place] ?? '',
      label: null,
      tickSize: 0,
    },
    marks: sizes.map((size) => {
      const { colour, symbol, hollow } = seriesStyle(seriesOf(size));
      const ofSize = shown.filter(({ messages }) => messages === size);
      const look = { symbol, r: 3, stroke: colour, fill: hollow ? variable('paper') : colour };
      return Plot.dot(ofSize, { x: 'x', y: 'y', href: 'href', title: 'title', ...look });
    }),
  }));
  const legend = sizes.map((size) => ({
    label: `${size} messages a peer`,
    series: seriesOf(size),
    mark: 'dot' as const,
  }));
  const words = {
    title: 'Every run of this grid',
    subtitle: `One point a run, by ordering and number of peers: ${runsOf(cells)}.`,
    source,
    legend,
  };
  return frameChart(words, body);
}

function rowOf({ ordering, peers }: RunPoint): string {
  return `${ordering}, ${peers} peers`;
}

function titleOf({
  ordering,
  peers,
  messages,
  run,
  ownLatencyMs,
  unorderedShare,
}: RunPoint): string {
  const latency =
    ownLatencyMs === null ? '' : `, ${ownLatencyMs.toFixed(1)} ms to its own delivery`;
  return (
    `${ordering}, ${peers} peers x ${messages}, run ${run + 1}: ` +
    `${(100 * unorderedShare).toFixed(1)} % unordered${latency}`
  );
}

import { frameChart, TEXT_PX } from './frame.ts';
import { distinct, ofLongestInterval, runsOf } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { paint, variable } from './palette.ts';
import { plotBody } from './plot-body.ts';
import { medianOf } from './statistics.ts';

const ROW_PX = 31;
const KEY_PX = 46;
/** The most panels: more would be too narrow to read. */
const PANELS_MAX = 2;

interface Row {
  readonly ordering: string;
  readonly panel: string;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Draws how long a peer waits for its own messages, by ordering, as percentiles, with a faint dot for each
 * peer's median, because what an order costs depends on the zone. It shows the cells with the most messages
 * and the longest intervals. `null` for a grid of one ordering.
 */
export async function drawOwnLatency(
  cells: readonly MeasuredCell[],
  source: string,
): Promise<string | null> {
  const chosen = representativeCells(cells, PANELS_MAX);
  const rows = chosen.flatMap((cell) => rowOf(cell) ?? []);
  if (distinct(rows.map(({ ordering }) => ordering)).length < 2) return null;
  const dots = chosen.flatMap(zoneDots);
  const order = sortedOrderings(rows);
  const panels = distinct(rows.map(({ panel }) => panel));
  const at = { fx: 'panel', y: 'ordering' } as const;
  const body = await plotBody(70 + 24 + order.length * ROW_PX, (Plot) => ({
    marginLeft: 132,
    marginTop: 34,
    fx: { domain: panels, label: null, padding: 0.14 },
    x: {
      label: 'ms from a multicast to its own delivery',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
    },
    y: { domain: order, label: null, tickSize: 0, padding: 0.3 },
    marks: [
      Plot.axisFx({ anchor: 'top', fontWeight: 700 }),
      Plot.ruleY(rows, {
        ...at,
        x1: 'p99',
        x2: 'max',
        stroke: variable('muted'),
        strokeDasharray: '2 3',
      }),
      Plot.ruleY(rows, {
        ...at,
        x1: 'p90',
        x2: 'p99',
        stroke: variable('series-0'),
        strokeWidth: 2,
      }),
      Plot.ruleY(rows, {
        ...at,
        x1: 'p50',
        x2: 'p90',
        stroke: variable('series-0'),
        strokeWidth: 9,
      }),
      Plot.dot(dots, { ...at, x: 'p50', r: 2.6, dy: 9, fill: variable('series-1') }),
      Plot.tickX(rows, { ...at, x: 'max', stroke: variable('muted'), strokeWidth: 1.5, inset: 4 }),
      Plot.dot(rows, {
        ...at,
        x: 'p50',
        symbol: 'diamond',
        r: 5,
        fill: variable('paper'),
        stroke: variable('series-0'),
        strokeWidth: 2,
      }),
      Plot.ruleX([0]),
    ],
  }));
  const words = {
    title: 'What an order costs a sender: waiting for its own message',
    subtitle:
      'Milliseconds from a multicast to its delivery at its own sender. Each percentile is the median ' +
      `over all peers and ${runsOf(chosen)}. ${describeLoad(chosen[0]!)}`,
    source,
  };
  const { content, width, height } = body;
  const below = `<g transform="translate(0,${KEY_PX})">${content}</g>`;
  return frameChart(words, { content: `${drawKey()}\n${below}`, width, height: height + KEY_PX });
}

/** The load in words: "100 messages a peer, one every 10 to 99 ms." */
export function describeLoad({ messages, intervalMs }: MeasuredCell): string {
  return `${messages} messages a peer, one every ${intervalMs.min} to ${intervalMs.max} ms.`;
}

/** What the parts of a row mean, drawn as a row. */
function drawKey(): string {
  const y = 12;
  const line = (x1: number, x2: number, look: string): string =>
    `<line x1="${x1}" x2="${x2}" y1="${y}" y2="${y}" ${look}/>`;
  const label = (x: number, text: string, anchor = 'middle'): string =>
    `<text x="${x}" y="${y + 23}" text-anchor="${anchor}">${text}</text>`;
  const blue = paint({ stroke: 'series-0' });
  const muted = paint({ stroke: 'muted' });
  return [
    `<g font-size="${TEXT_PX.source}" fill="currentColor">`,
    line(230, 330, `stroke-width="9" ${blue}`),
    line(330, 430, `stroke-width="2" ${blue}`),
    line(430, 540, `stroke-dasharray="2 3" stroke-width="1.5" ${muted}`),
    `<line x1="540" x2="540" y1="${y - 7}" y2="${y + 7}" stroke-width="1.5" ${muted}/>`,
    `<path d="M230,${y - 7}l6,7l-6,7l-6,-7z" stroke-width="2" ${paint({ fill: 'paper', stroke: 'series-0' })}/>`,
    [90, 112, 148].map(
      (x) => `<circle cx="${x}" cy="${y}" r="2.6" ${paint({ fill: 'series-1' })}/>`,
    ),
    label(120, 'median of each peer'),
    label(230, 'median'),
    label(330, '90 %'),
    label(430, '99 %'),
    label(540, 'the longest'),
    '</g>',
  ]
    .flat()
    .join('');
}

/**
 * The cells of each ordering with the most messages, the longest interval, and the largest numbers of peers.
 */
export function representativeCells(
  cells: readonly MeasuredCell[],
  panelsMax: number,
): MeasuredCell[] {
  const measured = cells.filter(({ runs }) => runs.length > 0);
  const most = Math.max(...measured.map(({ messages }) => messages));
  const sizes = distinct(measured.map(({ peers }) => peers)).sort((a, b) => a - b);
  return ofLongestInterval(measured).filter(
    ({ messages, peers }) => messages === most && sizes.slice(-panelsMax).includes(peers),
  );
}

function rowOf(cell: MeasuredCell): Row | null {
  const latencies = cell.runs.flatMap(({ ownLatencies }) => ownLatencies);
  if (latencies.length === 0) return null;
  return {
    ordering: cell.ordering,
    panel: `${cell.peers} peers`,
    p50: medianOf(latencies.map(({ p50 }) => p50))!,
    p90: medianOf(latencies.map(({ p90 }) => p90))!,
    p99: medianOf(latencies.map(({ p99 }) => p99))!,
    max: Math.max(...latencies.map(({ max }) => max)),
  };
}

function zoneDots(cell: MeasuredCell) {
  const latencies = cell.runs.flatMap(({ ownLatencies }) => ownLatencies);
  return distinct(latencies.map(({ peer }) => peer)).map((peer) => ({
    ordering: cell.ordering,
    panel: `${cell.peers} peers`,
    p50: medianOf(latencies.filter((each) => each.peer === peer).map(({ p50 }) => p50))!,
  }));
}

/** The quickest on top, by the median among the most peers. */
function sortedOrderings(rows: readonly Row[]): string[] {
  const last = new Map(rows.map((row) => [row.ordering, row.p50]));
  return [...last].sort(([, first], [, second]) => first - second).map(([ordering]) => ordering);
}

import { frameChart } from '../frame.ts';
import { variable } from '../palette.ts';
import { plotBody } from '../plot-body.ts';

const ROW_PX = 27;

/** How many messages a second each member of one system delivered, in several runs. */
export interface SystemSpread {
  readonly name: string;
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What all systems of a chart had to do, and on what. */
export interface SystemsLoad {
  readonly peers: number;
  readonly payloadBytes: number;
  readonly rounds: number;
  readonly source: string;
}

/** Draws how fast systems deliver, the fastest first, on a logarithmic axis: they differ by powers of ten. */
export function drawSystems(
  systems: readonly SystemSpread[],
  { peers, payloadBytes, rounds, source }: SystemsLoad,
): Promise<string> {
  const sorted = [...systems].sort((one, other) => other.median - one.median);
  const at = { y: 'name' } as const;
  return plotBody(70 + sorted.length * ROW_PX, (Plot) => ({
    marginLeft: 140,
    x: {
      type: 'log',
      label: 'messages a second that each member delivers',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      tickFormat: '~s',
    },
    y: { domain: sorted.map(({ name }) => name), label: null, tickSize: 0, padding: 0.25 },
    marks: [
      Plot.ruleY(sorted, { ...at, x1: 'low', x2: 'high', stroke: variable('series-0') }),
      Plot.dot(sorted, { ...at, x: 'median', r: 4.5, fill: variable('series-0') }),
    ],
  })).then((body) =>
    frameChart(
      {
        title: 'Ordered multicast, side by side',
        subtitle:
          `${peers} members, messages of ${payloadBytes} bytes, each member multicasting as fast as it ` +
          `can; the median of all runs (n = ${rounds}, in turns), and a line from the lowest to the highest.`,
        source,
      },
      body,
    ),
  );
}

import { ORDERING_DEFAULT } from '../core/orderings/registry.ts';
import { BODY_WIDTH, frameChart } from './frame.ts';
import { distinct, runsOf, spreadSeries } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { SERIES_MAX } from './palette.ts';
import { plotBody } from './plot-body.ts';
import { statisticsOf } from './statistics.ts';

const HEIGHT = 340;
/** Two points a line are no chart: a table says it better. */
const SIZES_MIN = 3;
/** Series stand beside each other where they would hide each other, in steps between two peers. */
const DODGE = 0.09;

const PEERS = { label: 'peers', labelAnchor: 'center', labelArrow: 'none' } as const;

/**
 * How large a share of the rounds is unordered, by the number of peers and of messages, with the least
 * and most over the runs. `null` for less than three numbers of peers, or too many of messages to tell apart.
 */
export async function drawUnorderedShare(
  cells: readonly MeasuredCell[],
  source: string,
): Promise<string | null> {
  const chosen = cells.filter(
    ({ runs, ordering }) => runs.length > 0 && ordering === ORDERING_DEFAULT,
  );
  const sizes = distinct(chosen.map(({ peers }) => peers)).sort((a, b) => a - b);
  const messages = distinct(chosen.map((cell) => cell.messages)).sort((a, b) => a - b);
  if (sizes.length < SIZES_MIN || messages.length > SERIES_MAX) return null;
  const least = Math.min(...chosen.flatMap(({ runs }) => runs.map((run) => run.unorderedShare)));
  // Points need no 0 below them, and from there the spread could not be seen.
  const floor = Math.min(90, Math.floor(10 * least) * 10);
  const body = await plotBody(HEIGHT, (Plot) => ({
    x: { domain: [-0.35, sizes.length - 0.65] },
    y: { domain: [floor, 100], label: 'unordered rounds, % of all', grid: true },
    marks: [
      Plot.axisX(
        sizes.map((_, index) => index),
        { tickFormat: (index: number) => String(sizes[index]), tickSize: 0, ...PEERS },
      ),
      Plot.ruleY([floor]),
      ...messages.flatMap((each, series) =>
        spreadSeries(Plot, pointsOf(chosen, sizes, each, (series - 1) * DODGE), series),
      ),
    ],
  }));
  const words = {
    title: `Without an order, peers disagree in ${Math.floor(100 * least)} % of the rounds or more`,
    subtitle:
      'Share of rounds in which not all peers delivered the same message, in %. Points: mean of ' +
      `${runsOf(chosen)}; upright lines: from the least to the most of them. The axis begins at ${floor} %.`,
    source,
    legend: messages.map((each, series) => ({
      label: `${each} messages a peer`,
      series,
      mark: 'line-and-dot' as const,
    })),
  };
  return frameChart(words, { ...body, width: BODY_WIDTH });
}

function pointsOf(
  cells: readonly MeasuredCell[],
  sizes: readonly number[],
  messages: number,
  shift: number,
) {
  return sizes.flatMap((size, index) => {
    const cell = cells.find((each) => each.peers === size && each.messages === messages);
    const share = statisticsOf((cell?.runs ?? []).map((run) => 100 * run.unorderedShare));
    return share === null
      ? []
      : [{ x: index + shift, y: share.mean, low: share.min, high: share.max }];
  });
}

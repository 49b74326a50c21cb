import { ORDERING_DEFAULT } from '../core/orderings/registry.ts';
import { BODY_WIDTH, frameChart } from './frame.ts';
import { distinct, ofLongestInterval, runsOf, sayInterval } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { SERIES_MAX } from './palette.ts';
import { shareFloor, sharePanel } from './share-panel.ts';

/** The fewest numbers of peers: a table tells two points of a line better than a chart. */
const SIZES_MIN = 3;
/** Series stand beside each other where they would hide each other, in steps between two numbers of peers. */
const DODGE = 0.09;
/** The most of the way to the next number of peers over which they are spread. */
const DODGES_MAX = 0.6;

/**
 * Draws the share of unordered rounds by the number of peers and of messages, with the least and most over
 * the runs, at the longest interval. `null` for less than three numbers of peers, or too many of messages to tell apart.
 */
export async function drawUnorderedShare(
  cells: readonly MeasuredCell[],
  source: string,
): Promise<string | null> {
  const measured = cells.filter(
    ({ runs, ordering }) => runs.length > 0 && ordering === ORDERING_DEFAULT,
  );
  const chosen = ofLongestInterval(measured);
  const sizes = distinct(chosen.map(({ peers }) => peers)).sort((a, b) => a - b);
  const messages = distinct(chosen.map((cell) => cell.messages)).sort((a, b) => a - b);
  if (sizes.length < SIZES_MIN || messages.length > SERIES_MAX) return null;
  const least = Math.min(...chosen.flatMap(({ runs }) => runs.map((run) => run.unorderedShare)));
  const dodge = Math.min(DODGE, DODGES_MAX / messages.length);
  const series = messages.map((each, index) => ({
    cells: chosen.filter((cell) => cell.messages === each),
    shift: (index - (messages.length - 1) / 2) * dodge,
  }));
  const floor = shareFloor(least);
  const body = await sharePanel({ sizes, series, least });
  const words = {
    title: `Without an order, peers disagree in ${Math.floor(100 * least)} % of the rounds or more`,
    subtitle:
      'Share of rounds in which not all peers delivered the same message, in %. Points: mean of ' +
      `${runsOf(chosen)}; upright lines: from the least to the most of them.${sayInterval(measured)} The axis begins at ${floor} %.`,
    source,
    legend: messages.map((each, series) => ({
      label: `${each} messages a peer`,
      series,
      mark: 'line-and-dot' as const,
    })),
  };
  return frameChart(words, { ...body, width: BODY_WIDTH });
}

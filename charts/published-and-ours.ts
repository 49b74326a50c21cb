import { ORDERING_DEFAULT } from '../core/orderings/registry.ts';
import { frameChart } from './frame.ts';
import { distinct, ofLongestInterval, runsOf, sayInterval } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { seriesStyle, variable } from './palette.ts';
import { plotBody } from './plot-body.ts';
import { publishedCell, type PublishedResults } from './published-results.ts';
import { statisticsOf } from './statistics.ts';

const HEIGHT = 330;
const SIZES_MIN = 3;

/** Which series of the palette each figure is. */
const THEIRS = 4;
const SAME = 0;
const TRUE = 1;

interface Point {
  readonly peers: string;
  readonly panel: string;
  readonly figure: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws the published count beside the same count of our runs and the true figure, as shares of the rounds
 * that each looks at, so that a count over M - 1 positions and one over N x M can be laid side by side.
 * Of a grid with several intervals it shows the longest. `null` where a grid has too few cells of the published experiment.
 */
export async function drawPublishedAndOurs(
  cells: readonly MeasuredCell[],
  published: PublishedResults,
  source: string,
): Promise<string | null> {
  const measured = cells.filter(
    (cell) =>
      cell.ordering === ORDERING_DEFAULT &&
      cell.runs.length > 0 &&
      publishedCell(published, cell.peers, cell.messages) !== null,
  );
  const chosen = ofLongestInterval(measured);
  const points = chosen.flatMap((cell) => pointsOf(cell, published));
  const peers = distinct(points.map((point) => point.peers)).sort((a, b) => Number(a) - Number(b));
  if (peers.length < SIZES_MIN) return null;
  const body = await plotBody(HEIGHT, (Plot) => ({
    marginTop: 46,
    fx: { domain: distinct(points.map(({ panel }) => panel)), label: null, padding: 0.08 },
    x: { domain: peers.flatMap((each) => [0, 1, 2, 3].map((at) => `${each}.${at}`)), axis: null },
    y: { domain: [0, 100], label: 'unordered, % of the rounds that are looked at', grid: true },
    marks: [
      Plot.axisFx({ anchor: 'top', fontWeight: 700 }),
      Plot.axisX(
        peers.map((each) => `${each}.1`),
        {
          tickFormat: (key: string) => key.split('.')[0]!,
          tickSize: 0,
          label: 'peers',
          labelArrow: 'none',
        },
      ),
      Plot.ruleY([0]),
      ...[THEIRS, SAME, TRUE].flatMap((figure, at) => {
        const { colour, symbol, hollow } = seriesStyle(figure);
        const own = points
          .filter((point) => point.figure === figure)
          .map((point) => ({ ...point, x: `${point.peers}.${at}` }));
        return [
          Plot.ruleX(own, {
            fx: 'panel',
            x: 'x',
            y1: 0,
            y2: 'mean',
            stroke: colour,
            strokeWidth: 2,
          }),
          Plot.ruleX(own, {
            fx: 'panel',
            x: 'x',
            y1: 'low',
            y2: 'high',
            stroke: variable('ink'),
            strokeWidth: 1.2,
          }),
          Plot.dot(own, {
            fx: 'panel',
            x: 'x',
            y: 'mean',
            symbol,
            r: 4.5,
            stroke: colour,
            strokeWidth: 1.8,
            fill: hollow ? variable('paper') : colour,
          }),
        ];
      }),
    ],
  }));
  return frameChart(wordsOf(chosen, sayInterval(measured), source), body);
}

function pointsOf(cell: MeasuredCell, published: PublishedResults): Point[] {
  const { peers, messages, runs } = cell;
  const theirs = publishedCell(published, peers, messages)!.unorderedRounds;
  const ofCount = (count: number): number => (100 * count) / (messages - 1);
  const figures: [number, number[]][] = [
    [THEIRS, theirs.map(ofCount)],
    [SAME, runs.map(({ publishedCount }) => ofCount(publishedCount))],
    [TRUE, runs.map(({ unorderedShare }) => 100 * unorderedShare)],
  ];
  return figures.map(([figure, values]) => {
    const { mean, min, max } = statisticsOf(values)!;
    const panel = `${messages} messages a peer`;
    return { peers: String(peers), panel, figure, mean, low: min, high: max };
  });
}

function wordsOf(chosen: readonly MeasuredCell[], interval: string, source: string) {
  return {
    title: chosen.some(({ peers }) => peers === 2)
      ? 'What the published count could not see: two peers that disagree in most rounds'
      : 'The published count, the same count of our runs, and the true figure',
    subtitle:
      'Unordered rounds of N peers x M messages, in % of the rounds that a figure looks at: ' +
      'M - 1 for the published count, which also leaves out the log that arrived last, and all N x M for the true figure. Symbols: ' +
      `mean of 10 published and ${runsOf(chosen)} of ours; thin lines: least to most.${interval}`,
    source: `${source} Published: github.com/VictorGNetto/MPComm, eight zones of Google Cloud.`,
    legend: [
      { label: 'published', series: THEIRS, mark: 'dot' as const },
      { label: 'our runs, counted the same way', series: SAME, mark: 'dot' as const },
      { label: 'our runs, every round of every peer', series: TRUE, mark: 'dot' as const },
    ],
  };
}

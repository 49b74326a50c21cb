import { spreadSeries } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { plotBody } from './plot-body.ts';
import { statisticsOf } from './statistics.ts';

const HEIGHT = 340;
const PEERS = { label: 'peers', labelAnchor: 'center', labelArrow: 'none' } as const;

/** The share of rounds that is unordered by the number of peers, of some cells beside each other. */
export interface SharePanel {
  /** The numbers of peers, ascending: a place each. */
  readonly sizes: readonly number[];
  /** The series. Each has at most one cell for each number of peers, and stands `shift` beside its place. */
  readonly series: readonly { readonly cells: readonly MeasuredCell[]; readonly shift: number }[];
  /** The least share of all runs, 0 to 1. */
  readonly least: number;
}

/** Where the axis of such a panel begins, in %: points need no 0, and from there the spread could not be seen. */
export function shareFloor(least: number): number {
  return Math.min(90, Math.floor(10 * least) * 10);
}

export function sharePanel({ sizes, series, least }: SharePanel): ReturnType<typeof plotBody> {
  const floor = shareFloor(least);
  return plotBody(HEIGHT, (Plot) => ({
    x: { domain: [-0.35, sizes.length - 0.65] },
    y: { domain: [floor, 100], label: 'unordered rounds, % of all', grid: true },
    marks: [
      Plot.axisX(
        sizes.map((_, index) => index),
        { tickFormat: (index: number) => String(sizes[index]), tickSize: 0, ...PEERS },
      ),
      Plot.ruleY([floor]),
      ...series.flatMap(({ cells, shift }, index) =>
        spreadSeries(Plot, pointsOf(cells, sizes, shift), index),
      ),
    ],
  }));
}

function pointsOf(cells: readonly MeasuredCell[], sizes: readonly number[], shift: number) {
  return sizes.flatMap((size, index) => {
    const cell = cells.find(({ peers }) => peers === size);
    const share = statisticsOf((cell?.runs ?? []).map((run) => 100 * run.unorderedShare));
    return share === null
      ? []
      : [{ x: index + shift, y: share.mean, low: share.min, high: share.max }];
  });
}

import { ORDERING_DEFAULT } from '../core/orderings/registry.ts';
import { BODY_WIDTH, frameChart } from './frame.ts';
import { distinct, runsOf } from './marks.ts';
import type { MeasuredCell } from './measured-run.ts';
import { shareFloor, sharePanel } from './share-panel.ts';

const DODGE = 0.06;

/** The cells of one grid, and what lay between its peers. */
export interface ZonesGrid {
  /** What its line is called, such as `real zones`. */
  readonly label: string;
  /** Whether its peers were in their zones, or on one machine with the distance emulated. */
  readonly isReal: boolean;
  readonly cells: readonly MeasuredCell[];
}

/**
 * Draws the share of unordered rounds between real zones and between emulated ones, side by side, by the
 * number of peers. It shows whether a laptop tells the same as the cloud. It shows the cells with the most
 * messages that both grids have. `null` where the two have no such cell in common.
 */
export async function drawRealAndEmulated(
  grids: readonly [ZonesGrid, ZonesGrid],
  source: string,
): Promise<string | null> {
  const measured = grids.map(({ cells }) =>
    cells.filter(({ runs, ordering }) => runs.length > 0 && ordering === ORDERING_DEFAULT),
  );
  const [real, emulated] = measured as [MeasuredCell[], MeasuredCell[]];
  const isCommon = (cell: MeasuredCell) => emulated.some((other) => isSameCell(cell, other));
  const common = real.filter(isCommon);
  if (common.length === 0) return null;
  const most = Math.max(...common.map(({ messages }) => messages));
  const drawn = common.filter(({ messages }) => messages === most);
  const sizes = distinct(drawn.map(({ peers }) => peers)).sort((a, b) => a - b);
  const shown = measured.map((cells) =>
    cells.filter((cell) => drawn.some((other) => isSameCell(cell, other))),
  );
  const shares = shown.flat().flatMap(({ runs }) => runs.map((run) => run.unorderedShare));
  const least = Math.min(...shares);
  const floor = shareFloor(least);
  const series = shown.map((cells, index) => ({ cells, shift: (2 * index - 1) * DODGE }));
  const body = await sharePanel({ sizes, series, least });
  const words = {
    title: titleOf(grids),
    subtitle:
      `Share of rounds in which not all peers delivered the same message, in %, with ${most} messages a peer. ` +
      `Points: mean of ${runsOf(shown.flat())}; upright lines: from the least to the most of them. ` +
      `The axis begins at ${floor} %.`,
    source,
    legend: grids.map(({ label }, series) => ({ label, series, mark: 'line-and-dot' as const })),
  };
  return frameChart(words, { ...body, width: BODY_WIDTH });
}

/**
 * Whether two cells have members, messages and intervals alike: only then they differ by what lay between the
 * peers.
 */
function isSameCell(one: MeasuredCell, other: MeasuredCell): boolean {
  return (
    one.peers === other.peers &&
    one.messages === other.messages &&
    one.intervalMs.min === other.intervalMs.min &&
    one.intervalMs.max === other.intervalMs.max
  );
}

function titleOf([first, second]: readonly [ZonesGrid, ZonesGrid]): string {
  if (first.isReal !== second.isReal) return 'Real zones and emulated ones, side by side';
  return `Two grids of ${first.isReal ? 'real' : 'emulated'} zones, side by side`;
}

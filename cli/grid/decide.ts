import { expectedMs, type GridCell } from './cells.ts';

/** How far a cell has come. */
export interface CellState {
  readonly cell: GridCell;
  /** Numbers of the runs that succeeded, from 0. */
  readonly done: ReadonlySet<number>;
  /** Runs that failed since this command was started: a later one tries again. */
  readonly failedNow: number;
}

/** What a grid wants of each cell. */
export interface Goal {
  /** Successful runs. */
  readonly runs: number;
  /** How many failed runs in one go make a cell give up. */
  readonly failuresMax: number;
}

export function isDone({ done }: CellState, { runs }: Goal): boolean {
  return done.size >= runs;
}

export function gaveUp(state: CellState, goal: Goal): boolean {
  return !isDone(state, goal) && state.failedNow >= goal.failuresMax;
}

/**
 * The run to do next: the first one missing in the cell that has the fewest, the first of several. So
 * whatever changes on the machine over the hours is spread over all cells, and an interrupted grid is
 * of use. `null` when every cell is done or gave up.
 */
export function nextRun(
  states: readonly CellState[],
  goal: Goal,
): { readonly index: number; readonly run: number } | null {
  let [index, fewest] = [-1, Infinity];
  for (const [each, state] of states.entries()) {
    const isOpen = !isDone(state, goal) && !gaveUp(state, goal);
    if (isOpen && state.done.size < fewest) [index, fewest] = [each, state.done.size];
  }
  if (index < 0) return null;
  const { done } = states[index]!;
  let run = 0;
  while (done.has(run)) run += 1;
  return { index, run };
}

/**
 * Milliseconds that are left: what the missing runs should take, corrected by how the runs so far went
 * against that. `spentMs` and `plannedMs` are of the runs of this go.
 */
export function remainingMs(
  states: readonly CellState[],
  goal: Goal,
  spentMs: number,
  plannedMs: number,
): number {
  const planned = states
    .filter((state) => !gaveUp(state, goal))
    .reduce((sum, { cell, done }) => {
      return sum + Math.max(0, goal.runs - done.size) * expectedMs(cell);
    }, 0);
  return plannedMs === 0 ? planned : (planned * spentMs) / plannedMs;
}

import { count } from '../../render/table.ts';
import { costOf, describeCost } from './cloud-cost.ts';
import { remainingMs } from '../decide.ts';
import { describeDuration } from '../grid-display.ts';
import type { GridData } from '../grid-directory.ts';
import { statesOf } from '../measure-grid.ts';
import type { GridParameters } from '../parameters.ts';

/** How many runs a grid still lacks. */
export function missingRuns(data: GridData): number {
  const { runs } = data.parameters.measured;
  return statesOf(data).reduce((sum, { done }) => sum + Math.max(0, runs - done.size), 0);
}

/** The zones of the peers that a laboratory for the grid has at least. */
export function gridZones({ zones, measured }: GridParameters): readonly string[] {
  return zones[Math.max(...measured.peers)] ?? [];
}

/** What the missing runs take, and in the cloud cost: "about 4 min at least: about 0.02 dollars for ...". */
export function foreseeGrid(data: GridData): string {
  const { parameters } = data;
  const runs = missingRuns(data);
  const ms = remainingMs(statesOf(data), parameters.measured, 0, 0);
  const time = `${describeDuration(ms)} at least`;
  if (parameters.backend !== 'gcp') return time;
  return `${time}: ${describeCost(costOf(gridZones(parameters), ms, runs), runs)}`;
}

/** What a grid that nobody has begun would take, with how much there is to measure. */
export function foreseeNewGrid(parameters: GridParameters): string {
  const data: GridData = { parameters, runs: [], failures: [] };
  const cells = count(parameters.cells.length, 'cell');
  return `${count(missingRuns(data), 'run')} in ${cells}, ${foreseeGrid(data)}.`;
}

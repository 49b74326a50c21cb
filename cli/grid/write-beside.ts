import { basename, resolve } from 'node:path';
import { drawRealAndEmulated } from '../../charts/real-and-emulated.ts';
import { Failure } from '../shell/failure.ts';
import { GridDirectory, type GridData } from './grid-directory.ts';
import type { GridParameters } from './parameters.ts';
import { describeGridSource, measuredCells } from './summarise.ts';

export const BESIDE_CHART = 'real-and-emulated.svg';

/** A grid that lies in another folder. */
export interface OtherGrid {
  readonly path: string;
  readonly data: GridData;
}

/**
 * Reads the grid that one with `parameters` is to be drawn beside, before hours are spent on measuring what then could not
 * be drawn. Throws `Failure` where there is none, or where the same number of peers was in other zones: then the two would
 * differ by more than by what is real.
 */
export async function readOtherGrid(path: string, parameters: GridParameters): Promise<OtherGrid> {
  const data = await new GridDirectory(path).read();
  if (data === null)
    throw new Failure(`--beside: there is no parameters.json of a grid in ${path}`);
  refuseOtherZones(parameters, data.parameters, path);
  return { path, data };
}

/** Draws a grid beside another one; `null` where the two have measured no cell in common. */
export function drawBeside(
  directory: GridDirectory,
  data: GridData,
  other: OtherGrid,
): Promise<string | null> {
  const pair = [{ path: directory.path, data }, other]
    .map((each) => ({
      data: each.data,
      folder: basename(resolve(each.path)),
      isReal: each.data.parameters.network.kind === 'real',
    }))
    .sort((one, two) => Number(two.isReal) - Number(one.isReal));
  const grids = pair.map((each) => ({
    label: `${each.isReal ? 'real' : 'emulated'} zones (${each.folder})`,
    isReal: each.isReal,
    cells: measuredCells(each.data),
  }));
  const source = pair.map((each) => describeGridSource(each.folder, each.data)).join(' ');
  return drawRealAndEmulated([grids[0]!, grids[1]!], source);
}

function refuseOtherZones(here: GridParameters, there: GridParameters, other: string): void {
  for (const [peers, zones] of Object.entries(here.zones)) {
    const others = there.zones[peers];
    if (others === undefined || others.join() === zones.join()) continue;
    throw new Failure(
      `with ${peers} peers this grid has the zones ${zones.join(', ')}, and ${other} has ${others.join(', ')}: ` +
        'side by side they would compare places. Measure one of them with --zones as the other.',
    );
  }
}

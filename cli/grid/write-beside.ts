import { basename, resolve } from 'node:path';
import { drawRealAndEmulated } from '../../charts/real-and-emulated.ts';
import { Failure } from '../shell/failure.ts';
import { GridDirectory, type GridData } from './grid-directory.ts';
import { describeGridSource, measuredCells } from './summarise.ts';

export const BESIDE_CHART = 'real-and-emulated.svg';

/**
 * Draws a grid beside another one, into the folder of the first. Throws `Failure` where nothing is in
 * common, or where the same number of peers was in other zones: then the two would differ by more than
 * by what is real.
 */
export async function writeBeside(
  directory: GridDirectory,
  data: GridData,
  other: string,
): Promise<void> {
  const otherData = await new GridDirectory(other).read();
  if (otherData === null) throw new Failure(`there is no parameters.json of a grid in ${other}`);
  refuseOtherZones(data, otherData, other);
  const folderOf = (path: string) => basename(resolve(path));
  const pair = [data, otherData]
    .map((each, index) => ({
      data: each,
      folder: folderOf(index === 0 ? directory.path : other),
      isReal: each.parameters.network.kind === 'real',
    }))
    .sort((one, two) => Number(two.isReal) - Number(one.isReal));
  const grids = pair.map((each) => ({
    label: `${each.isReal ? 'real' : 'emulated'} zones (${each.folder})`,
    isReal: each.isReal,
    cells: measuredCells(each.data),
  }));
  const source = pair.map((each) => describeGridSource(each.folder, each.data)).join(' ');
  const svg = await drawRealAndEmulated([grids[0]!, grids[1]!], source);
  if (svg !== null) return directory.write(BESIDE_CHART, svg);
  throw new Failure(
    `${directory.path} and ${other} have no cell of "unordered" in common that both have measured`,
  );
}

function refuseOtherZones(data: GridData, otherData: GridData, other: string): void {
  for (const [peers, zones] of Object.entries(data.parameters.zones)) {
    const others = otherData.parameters.zones[peers];
    if (others === undefined || others.join() === zones.join()) continue;
    throw new Failure(
      `with ${peers} peers this grid has the zones ${zones.join(', ')}, and ${other} has ${others.join(', ')}: ` +
        'side by side they would compare places. Measure one of them with --zones as the other.',
    );
  }
}

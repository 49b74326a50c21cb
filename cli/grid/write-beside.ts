import { basename, resolve } from 'node:path';
import { drawRealAndEmulated } from '../../charts/real-and-emulated.ts';
import { Failure } from '../shell/failure.ts';
import { GridDirectory, type GridData } from './grid-directory.ts';
import { describeSource, measuredCells } from './summarise.ts';

export const BESIDE_CHART = 'real-and-emulated.svg';

/** Draws a grid beside another one, into the folder of the first. Throws `Failure` where nothing is in common. */
export async function writeBeside(
  directory: GridDirectory,
  data: GridData,
  other: string,
): Promise<void> {
  const otherData = await new GridDirectory(other).read();
  if (otherData === null) throw new Failure(`there is no parameters.json of a grid in ${other}`);
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
    cells: measuredCells(each.data),
  }));
  const source = pair.map((each) => describeSource(each.folder, each.data)).join(' ');
  const svg = await drawRealAndEmulated([grids[0]!, grids[1]!], source);
  if (svg !== null) return directory.write(BESIDE_CHART, svg);
  throw new Failure(
    `${directory.path} and ${other} have no cell of "unordered" in common that both have measured`,
  );
}

import { join } from 'node:path';
import type { Context } from '../shell/context.ts';
import { EXIT, Failure, messageOf } from '../shell/failure.ts';
import { count } from '../render/table.ts';
import { createParameters } from './create-parameters.ts';
import { readEnvironment } from './environment.ts';
import { costOf, describeCost } from './cloud/cloud-cost.ts';
import { foreseeGrid, gridZones, missingRuns } from './cloud/foresee-grid.ts';
import { createGridDisplay, describeDuration } from './grid-display.ts';
import { foldersNamed, GridDirectory, type GridData } from './grid-directory.ts';
import { measureGrid } from './measure-grid.ts';
import { openGridSite } from './cloud/open-grid-site.ts';
import { differences, type GridParameters } from './parameters.ts';
import { requestOf, type GridOptions } from './grid-request.ts';
import { countBroken } from './render-csv.ts';
import { measuredCells } from './summarise.ts';
import { type OtherGrid, readOtherGrid } from './write-beside.ts';
import { writeSummaries } from './write-summaries.ts';
import { fromHere } from '../render/from-here.ts';

const DIFFERENCES_MAX = 6;

/** `mpcomm grid`: measures, goes on, or only summarises; gives the exit status. */
export async function gridCommand(context: Context, options: GridOptions): Promise<number> {
  if (options.summarise !== undefined) {
    return summariseCommand(context, options.summarise, options.beside);
  }
  const { terminal } = context;
  const { directory, data, other } = await openGrid(context, options);
  const left = missingRuns(data);
  const where = fromHere(directory.path);
  terminal.note(
    `Grid ${where}: ${count(data.parameters.cells.length, 'cell')} of ` +
      `${count(data.parameters.measured.runs, 'run')}, ${left} of them to be measured.`,
  );
  const stuck = left === 0 ? [] : await measure(context, options, directory, data);
  const measured = (await directory.read())!;
  terminal.data(await writeSummaries(directory, measured, other));
  terminal.note(`\nSummary, charts and raw data: ${where}`);
  for (const name of stuck) terminal.note(`mpcomm: ${name} has fewer runs than it should.`);
  if (stuck.length > 0) return EXIT.failed;
  return statusOf(terminal.note.bind(terminal), measured);
}

async function measure(
  context: Context,
  options: GridOptions,
  directory: GridDirectory,
  data: GridData,
): Promise<string[]> {
  const opened = await openGridSite(context, options, data.parameters);
  const startedMs = Date.now();
  noteCost(context, data);
  const display = createGridDisplay(context.terminal);
  try {
    return await measureGrid(opened.site, directory, data, {
      show: (progress) => display.show(progress),
      note: (text) => {
        display.clear();
        context.terminal.note(text);
      },
    });
  } catch (error) {
    display.clear();
    const left = missingRuns((await directory.read())!);
    context.terminal.note(
      `${count(left, 'run')} ${left === 1 ? 'is' : 'are'} left. What was measured is in ${fromHere(directory.path)}; ` +
        'the same command goes on.',
    );
    throw error;
  } finally {
    display.clear();
    await opened.close();
    await noteSpent(context, directory, data, Date.now() - startedMs);
  }
}

/** What it will cost, before anything is measured: machines cost by the hour, runs or no runs. */
function noteCost({ terminal }: Context, data: GridData): void {
  if (data.parameters.backend === 'gcp') terminal.note(`${foreseeGrid(data)}.`);
}

/** What it did cost, after: by the time that it took, and the runs that it made. */
async function noteSpent(
  { terminal }: Context,
  directory: GridDirectory,
  before: GridData,
  ms: number,
): Promise<void> {
  if (before.parameters.backend !== 'gcp') return;
  const after = (await directory.read()) ?? before;
  const made = (data: GridData) => data.runs.length + data.failures.length;
  const runs = made(after) - made(before);
  const cost = describeCost(costOf(gridZones(before.parameters), ms, runs), runs);
  terminal.note(`${describeDuration(ms)} have cost ${cost}.`);
  terminal.note('The machines cost on until npm run destroy.');
}

async function summariseCommand(
  { terminal }: Context,
  path: string,
  beside: string | undefined,
): Promise<number> {
  const directory = new GridDirectory(path);
  const data = await directory.read();
  if (data === null) throw new Failure(`there is no parameters.json of a grid in ${path}`);
  const other = beside === undefined ? null : await readOtherGrid(beside, data.parameters);
  terminal.data(await writeSummaries(directory, data, other));
  return EXIT.done;
}

/** A grid that is about to be measured, and the one beside which it is to be drawn. */
interface OpenGrid {
  readonly directory: GridDirectory;
  readonly data: GridData;
  readonly other: OtherGrid | null;
}

/** The folder of a grid and what is in it already; creates it where there is none. */
async function openGrid({ terminal }: Context, options: GridOptions): Promise<OpenGrid> {
  const environment = await readEnvironment();
  const now = new Date().toISOString();
  const path = options.resume ?? (await findFolder(options, now.slice(0, 10)));
  const directory = new GridDirectory(path);
  for (const name of await directory.repair()) {
    terminal.note(`${name}: cut off a line that was only half written; its run is done again.`);
  }
  const begun = await directory.read();
  if (begun === null && options.resume !== undefined) {
    throw new Failure(`there is no grid in ${path} that could go on: it has no parameters.json`);
  }
  const base = options.resume === undefined ? null : begun;
  const wanted = createParameters(requestOf(options, base?.parameters ?? null), environment, now);
  if (begun !== null) refuseDifferences(path, begun.parameters, wanted);
  const { beside } = options;
  const other = beside === undefined ? null : await readOtherGrid(beside, wanted);
  if (begun !== null) return { directory, data: begun, other };
  await create(directory, wanted);
  return { directory, data: { parameters: wanted, runs: [], failures: [] }, other };
}

async function create(directory: GridDirectory, parameters: GridParameters): Promise<void> {
  try {
    await directory.create(parameters);
  } catch (error) {
    throw new Failure(`${messageOf(error)}; --out DIRECTORY chooses another place`);
  }
}

function refuseDifferences(path: string, begun: GridParameters, wanted: GridParameters): void {
  const found = differences(begun, wanted);
  if (found.length === 0) return;
  const more =
    found.length > DIFFERENCES_MAX ? `\n  and ${found.length - DIFFERENCES_MAX} more` : '';
  throw new Failure(
    `the grid in ${fromHere(path)} was begun with other parameters, and runs of both would be ` +
      `mixed:\n  ${found.slice(0, DIFFERENCES_MAX).join('\n  ')}${more}\n` +
      'Go on as it was begun, or choose another --name for a new one.',
  );
}

/** Today's folder; or an older one of this name that is not finished, since midnight may have passed. */
async function findFolder(options: GridOptions, today: string): Promise<string> {
  const { out, name } = options;
  const folders = await foldersNamed(out, name);
  const newest = folders.at(-1);
  if (newest === undefined || newest.startsWith(today)) return join(out, `${today}-${name}`);
  const directory = new GridDirectory(join(out, newest));
  const data = await directory.read();
  const isUnfinished = data !== null && missingRuns(data) > 0;
  return isUnfinished ? directory.path : join(out, `${today}-${name}`);
}

function statusOf(note: (text: string) => void, data: GridData): number {
  const broken = measuredCells(data).filter(({ runs }) => countBroken(runs) > 0);
  if (broken.length === 0) return EXIT.done;
  const names = [...new Set(broken.map(({ ordering }) => ordering))];
  note(`mpcomm: ${names.join(', ')} broke what is declared of it; see "What went wrong".`);
  return EXIT.broken;
}

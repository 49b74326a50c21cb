import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { GridDocument, GridList, RunDetail } from '../../control/api/dashboard-documents.ts';
import { type Comparison, comparisonSchema } from '../../control/comparison-document.ts';
import { drawEveryRun } from '../../charts/every-run.ts';
import { measureRun } from '../../charts/measured-run.ts';
import { medianOf } from '../../charts/statistics.ts';
import { nameCell } from '../grid/cells.ts';
import { GridDirectory, type GridData } from '../grid/grid-directory.ts';
import type { RunRecord } from '../grid/records.ts';
import { describeGridSource, measuredCells } from '../grid/summarise.ts';
import { renderSummaries } from '../grid/write-summaries.ts';
import { Failure } from '../shell/failure.ts';
import { brokenGuarantees } from '../run/broken-guarantees.ts';

/** What a folder may be called: nothing that leads out of the results folder. */
const FOLDER = /^[a-z0-9][a-z0-9.-]{0,100}$/i;

/** The grids that lie in `results`, the newest first; folders without one are left out. */
export async function listGrids(results: string): Promise<GridList> {
  const names = await readdir(results).catch((): string[] => []);
  const grids: GridList['grids'] = [];
  for (const folder of names
    .filter((name) => FOLDER.test(name))
    .sort()
    .reverse()) {
    const data = await new GridDirectory(join(results, folder)).read().catch(() => null);
    if (data === null) continue;
    const { cells, measured } = data.parameters;
    const wanted = cells.length * measured.runs;
    grids.push({ folder, cells: cells.length, runs: data.runs.length, wanted });
  }
  return { place: resolve(results), grids };
}

/** One grid with its charts. Throws `Failure` where there is none, or it cannot be read. */
export async function gridDocument(results: string, folder: string): Promise<GridDocument> {
  const { directory, data } = await readGrid(results, folder);
  const source = describeGridSource(basename(directory.path), data);
  const files = await renderSummaries(directory, data);
  const everyRun = await drawEveryRun(
    measuredCells(data),
    data.runs.map((record) => ({ ...pointOf(record), href: linkTo(folder, record) })),
    source,
  );
  const charts = [...files].flatMap(([name, svg]) =>
    name.endsWith('.svg') ? [{ name, svg }] : [],
  );
  return {
    folder,
    source,
    cells: cellsOf(data),
    charts: [...(everyRun === null ? [] : [{ name: 'every-run.svg', svg: everyRun }]), ...charts],
  };
}

/** One run of a grid, as its folder keeps it. Throws `Failure` where there is no such run. */
export async function gridRunDetail(
  results: string,
  folder: string,
  runId: string,
): Promise<RunDetail> {
  const { data } = await readGrid(results, folder);
  const record = data.runs.find((run) => run.runId === runId);
  if (record === undefined) throw new Failure(`the grid ${folder} has no run ${runId}`);
  const comparison = comparisonSchema.parse(record);
  return { summary: summaryOfRecord(comparison), comparison };
}

async function readGrid(results: string, folder: string) {
  const directory = new GridDirectory(join(results, FOLDER.test(folder) ? folder : ''));
  const data = FOLDER.test(folder) ? await directory.read() : null;
  if (data === null) throw new Failure(`there is no grid ${JSON.stringify(folder)} in ${results}`);
  return { directory, data };
}

function cellsOf(data: GridData): GridDocument['cells'] {
  const failed = new Map(measuredCells(data).map((cell) => [nameCell(cell), cell.failed]));
  return data.parameters.cells.map(({ deadlineMs: _deadlineMs, ...cell }) => {
    const name = nameCell(cell);
    const records = data.runs.filter((record) => nameCell(record.cell) === name);
    const runs = records.sort((one, other) => one.cell.run - other.cell.run).map(toGridRun);
    return { ...cell, name, failed: failed.get(name) ?? 0, runs };
  });
}

function toGridRun(record: RunRecord): GridDocument['cells'][number]['runs'][number] {
  const { unorderedShare, ownLatencyMs, messagesPerMulticast } = pointOf(record);
  return {
    run: record.cell.run,
    runId: record.runId,
    unorderedShare,
    ownLatencyMs,
    messagesPerMulticast,
    datagramsPerMulticast: record.cost?.datagramsPerMulticast ?? null,
    broken: brokenGuarantees(record),
  };
}

function pointOf(record: RunRecord) {
  const { unorderedShare, ownLatencies, messagesPerMulticast } = measureRun(record);
  const { ordering, peers, messages, run } = record.cell;
  const ownLatencyMs = medianOf(ownLatencies.map(({ p50 }) => p50));
  return { ordering, peers, messages, run, unorderedShare, ownLatencyMs, messagesPerMulticast };
}

/** Where the page shows that run. */
function linkTo(folder: string, { runId }: RunRecord): string {
  return `#/laboratory?${new URLSearchParams({ run: runId ?? '', grid: folder }).toString()}`;
}

function summaryOfRecord(comparison: Comparison): RunDetail['summary'] {
  const { runId, backend, ordering, peers, messages, seed, rounds, unorderedRounds } = comparison;
  return {
    runId: runId ?? '',
    backend,
    ordering,
    peers,
    messages,
    zones: comparison.perPeer.flatMap(({ zone }) => zone ?? []),
    seed,
    recorded: false,
    state: 'compared',
    rounds,
    unorderedRounds,
    broken: brokenGuarantees(comparison),
  };
}

import { drawGridCharts } from '../../charts/grid-charts.ts';
import { measureRun, type MeasuredCell } from '../../charts/measured-run.ts';
import type { PublishedResults } from '../../charts/published-results.ts';
import { nameCell } from './cells.ts';
import type { GridData } from './grid-directory.ts';
import { percentOf } from './markdown.ts';
import { renderCsv } from './render-csv.ts';
import { renderGridSummary } from './render-summary.ts';

/** The cells of a grid in their order, each with what was measured in its runs. */
export function measuredCells({ parameters, runs, failures }: GridData): MeasuredCell[] {
  return parameters.cells.map(({ deadlineMs: _deadlineMs, ...cell }) => {
    const name = nameCell(cell);
    // A run that was written twice, by two processes at once, counts once.
    const byRun = new Map(
      runs.filter((run) => nameCell(run.cell) === name).map((run) => [run.cell.run, run]),
    );
    const ordered = [...byRun].sort(([first], [second]) => first - second);
    return {
      ...cell,
      runs: ordered.map(([, record]) => measureRun(record)),
      failed: failures.filter((failure) => nameCell(failure.cell) === name).length,
    };
  });
}

/**
 * Everything that is derived from the raw data of a results folder, by file name: a pure function, so
 * that the committed summaries can be made again byte for byte. `folder` is the folder's name, `others` charts
 * that lie there and are made from more than this grid.
 */
export async function summarise(
  folder: string,
  data: GridData,
  published: PublishedResults,
  others: readonly string[] = [],
): Promise<Map<string, string>> {
  const cells = measuredCells(data);
  const charts = await drawGridCharts(cells, published, describeGridSource(folder, data));
  return new Map([
    ['summary.csv', renderCsv(cells)],
    [
      'summary.md',
      renderGridSummary({ folder, data, cells, published, charts: [...charts.keys(), ...others] }),
    ],
    ...charts,
  ]);
}

/** The line under each chart. */
export function describeGridSource(folder: string, { parameters }: GridData): string {
  const { project, machine, network, createdAt, note } = parameters;
  const commit = project.commit === null ? '' : `, commit ${project.commit.slice(0, 7)}`;
  const loss =
    network.loss === 0 ? '' : `, ${percentOf(network.loss)} % of datagrams lost on purpose`;
  const begin = `Source: mpcomm, results/${folder}${commit}, ${createdAt.slice(0, 10)}.`;
  const end = note === '' ? '' : ` ${note}`;
  if (network.kind === 'real')
    return `${begin} Machines in their Google Cloud zones, real UDP.${end}`;
  return (
    `${begin} Processes on one machine ` +
    `with ${machine.cores} cores, real UDP; the distance between their cloud zones is emulated from ` +
    `measured latencies${loss}.${end}`
  );
}

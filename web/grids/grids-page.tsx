import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { GridDocument, GridList } from '../../control/api/dashboard-documents.ts';
import { listenWhileSeen, liveStatus } from '../laboratory/live-status.ts';
import { LaboratoryStanding } from '../laboratory/laboratory-standing.tsx';
import { useDocument } from '../laboratory/use-document.ts';
import { formatRoute } from '../routing/route.ts';
import { Alert } from '../shared/alert.tsx';
import { ChartView } from './chart-view.tsx';
import { GridForm } from './grid-form.tsx';

interface GridsPageProps {
  readonly query: ReadonlyMap<string, string>;
}

/** The grids of a results folder: many runs of many cells, as charts whose points lead to their runs. */
export function GridsPage({ query }: GridsPageProps): JSX.Element {
  const grid = query.get('grid') ?? '';
  useEffect(() => listenWhileSeen(), []);
  return (
    <>
      <h1>Grids</h1>
      <LaboratoryStanding />
      {grid === '' ? <Grids /> : <OneGrid key={grid} folder={grid} />}
    </>
  );
}

function Grids(): JSX.Element {
  const state = liveStatus.value?.grid?.state ?? '';
  const { document: list, problem } = useDocument<GridList>('grids', state);
  return (
    <>
      <h2>A new grid</h2>
      <GridForm />
      <h2>Measured</h2>
      <Alert text={problem} />
      {list === null ? null : <p class="quiet">In {list.place}</p>}
      <ul>
        {list?.grids.map(({ folder, cells, runs, wanted }) => (
          <li key={folder}>
            <a href={formatRoute('grids', { grid: folder })}>{folder}</a>: {cells}{' '}
            {cells === 1 ? 'cell' : 'cells'}, {runs} of {wanted} runs
          </li>
        ))}
      </ul>
    </>
  );
}

function OneGrid({ folder }: { readonly folder: string }): JSX.Element {
  const { document: grid, problem } = useDocument<GridDocument>(`grids/${folder}`);
  return (
    <>
      <p>
        <a href="#/grids">All grids</a>
      </p>
      <h2>{folder}</h2>
      <Alert text={problem} />
      <div role="status">
        {grid === null && problem === '' ? <p>It is being drawn ...</p> : null}
      </div>
      {grid?.charts.map(({ name, svg }) => (
        <ChartView key={name} svg={svg} />
      ))}
      {grid === null ? null : <CellTable grid={grid} />}
    </>
  );
}

function CellTable({ grid }: { readonly grid: GridDocument }): JSX.Element {
  return (
    <details>
      <summary>Every run, in words</summary>
      <ul>
        {grid.cells.map(({ name, runs, failed }) => (
          <li key={name}>
            {name}
            {failed === 0 ? '' : `, ${failed} failed`}:{' '}
            {runs.map(({ run, runId, unorderedShare }) => (
              <a
                key={run}
                class="run-link"
                href={formatRoute('laboratory', { run: runId ?? '', grid: grid.folder })}
              >
                {(100 * unorderedShare).toFixed(0)} %
              </a>
            ))}
          </li>
        ))}
      </ul>
    </details>
  );
}

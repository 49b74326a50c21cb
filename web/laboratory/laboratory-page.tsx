import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { formatRoute } from '../routing/route.ts';
import { Alert } from '../shared/alert.tsx';
import { showInAddress } from '../shared/navigate.ts';
import type { RunList } from '../../control/api/dashboard-documents.ts';
import { BesideTable } from './beside-table.tsx';
import { dashboardKey, takeKey } from './dashboard-client.ts';
import { ProgressOfRun } from './live-progress.tsx';
import { listenWhileSeen, liveStatus } from './live-status.ts';
import { PeerTable } from './peer-table.tsx';
import { RunForm } from './run-form.tsx';
import { RunHistory } from './run-history.tsx';
import { RunView } from './run-view.tsx';
import { LaboratoryStanding } from './laboratory-standing.tsx';
import { useDocument } from './use-document.ts';

const WRONG_KEY =
  'The key in the address is not that of this dashboard, and was not taken; the page goes on with the one that it has.';

interface LaboratoryPageProps {
  readonly query: ReadonlyMap<string, string>;
}

/**
 * The laboratory behind the page: what it does now, what it did before, and a run to begin. Another key is that of
 * another dashboard, of which everything is asked anew.
 */
export function LaboratoryPage({ query }: LaboratoryPageProps): JSX.Element {
  const key = query.get('key') ?? '';
  const run = query.get('run') ?? '';
  const beside = query.get('beside') ?? '';
  const grid = query.get('grid') ?? '';
  const [problem, setProblem] = useState('');
  useEffect(() => {
    if (key === '') return undefined;
    let isWanted = true;
    setProblem('');
    void takeKey(key).then((isTaken) => {
      if (!isWanted) return;
      if (!isTaken) setProblem(WRONG_KEY);
      showInAddress('laboratory', { run, beside, grid });
    });
    return () => {
      isWanted = false;
    };
  }, [key]);
  if (key !== '') return <p class="loading">The dashboard is being asked ...</p>;
  return (
    <>
      <Alert text={problem} />
      <Laboratory key={dashboardKey()} run={run} beside={beside} grid={grid} />
    </>
  );
}

function Laboratory(props: RunsProps): JSX.Element {
  useEffect(() => listenWhileSeen(), []);
  return (
    <>
      <h1>Laboratory</h1>
      <LaboratoryStanding />
      {props.run === '' ? <Overview /> : <Runs {...props} />}
    </>
  );
}

function Overview(): JSX.Element {
  const progress = liveStatus.value?.progress ?? null;
  return (
    <>
      <h2>A new run</h2>
      <RunForm />
      {progress === null ? null : (
        <>
          <h2>
            <a href={formatRoute('laboratory', { run: progress.runId })}>
              {progress.phase === 'compared' ? 'The last run' : 'The run that goes on'}
            </a>{' '}
            <small>{progress.ordering}</small>
          </h2>
          <ProgressOfRun progress={progress} />
        </>
      )}
      <h2>Peers</h2>
      <PeerTable />
      <h2>Earlier runs</h2>
      <RunHistory />
    </>
  );
}

interface RunsProps {
  readonly run: string;
  readonly beside: string;
  readonly grid: string;
}

/** One run, or two beside each other. */
function Runs({ run, beside, grid }: RunsProps): JSX.Element {
  return (
    <>
      <p class="acts">
        <a href="#/laboratory">All runs</a>
        {grid === '' ? null : <a href={formatRoute('grids', { grid })}>The grid {grid}</a>}
      </p>
      {grid === '' ? <BesideChoice run={run} beside={beside} /> : null}
      {beside === '' ? null : <BesideTable key={beside} runs={[run, beside]} />}
      <div class="beside">
        <RunView key={run} runId={run} grid={grid} />
        {beside === '' ? null : <RunView key={beside} runId={beside} grid="" />}
      </div>
    </>
  );
}

function BesideChoice({ run, beside }: Omit<RunsProps, 'grid'>): JSX.Element {
  const latest = liveStatus.value?.latest?.runId ?? '';
  const { document: list } = useDocument<RunList>('runs?limit=100', latest);
  const others = (list?.runs ?? []).filter(({ runId }) => runId !== run);
  return (
    <label>
      Beside it
      <select
        value={beside}
        onChange={(event) =>
          showInAddress('laboratory', { run, beside: event.currentTarget.value })
        }
      >
        <option value="">no other run</option>
        {others.map(({ runId, ordering, peers, messages }) => (
          <option key={runId} value={runId}>
            {runId}: {ordering}, {peers} x {messages}
          </option>
        ))}
      </select>
    </label>
  );
}

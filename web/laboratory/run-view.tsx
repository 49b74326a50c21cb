import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type {
  Deliveries,
  RecordingDocument,
  RunDetail,
} from '../../control/api/dashboard-documents.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { Alert } from '../shared/alert.tsx';
import { VerdictList } from '../shared/verdict-list.tsx';
import type { DiagramQuestion, DrawnRun } from '../workers/diagram-worker.ts';
import { useAnswer, useAsker } from '../workers/use-worker.ts';
import { worstLatency } from './beside-table.tsx';
import { downloadDocument } from './dashboard-client.ts';
import { ProgressOfRun } from './live-progress.tsx';
import { liveStatus } from './live-status.ts';
import { RunToBoard } from './run-to-board.tsx';
import { RunRounds } from './run-rounds.tsx';
import { SpaceTimeView } from './diagram/space-time-view.tsx';
import { type ReadState, useDocument } from './use-document.ts';
import { useRun } from './use-run.ts';
import type { RecordingFacts } from './diagram/run-diagram.ts';

export interface RunViewProps {
  readonly runId: string;
  /** The folder of the grid that the run is of; empty for a run of the laboratory. */
  readonly grid: string;
}

/** Everything about one run: its progress while it goes on, then what its peers agree on and what not. */
export function RunView({ runId, grid }: RunViewProps): JSX.Element {
  const live = liveStatus.value?.progress;
  const progress = live?.runId === runId ? live : null;
  const path = grid === '' ? `runs/${runId}` : `grids/${grid}/runs/${runId}`;
  const { document: detail, problem } = useRun(path);
  const comparison = detail?.comparison ?? null;
  return (
    <section class="run" aria-label={`Run ${runId}`}>
      <h2>{describeRun(detail) ?? runId}</h2>
      <p class="quiet">
        {runId}
        {grid === '' ? '' : `, of the grid ${grid}`}
      </p>
      <Alert text={problem} />
      {detail === null && problem === '' ? <p role="status">The run is being read ...</p> : null}
      {comparison === null && progress !== null ? <ProgressOfRun progress={progress} /> : null}
      {comparison === null && progress === null && detail !== null ? (
        <p role="status">It has no comparison: it is {detail.summary.state}.</p>
      ) : null}
      {comparison === null ? null : <ComparedRun {...{ runId, grid, comparison }} />}
    </section>
  );
}

function describeRun(detail: RunDetail | null): string | null {
  if (detail === null) return null;
  const { ordering, peers, messages, seed } = detail.summary;
  return `${ordering}, ${peers} x ${messages}, seed ${seed}`;
}

type ComparedRunProps = RunViewProps & { readonly comparison: Comparison };

function ComparedRun({ runId, grid, comparison }: ComparedRunProps): JSX.Element {
  const hasStore = grid === '';
  const path = hasStore ? `runs/${runId}` : '';
  const deliveries = useDocument<Deliveries>(hasStore ? `${path}/deliveries` : '');
  const recording = useDocument<RecordingDocument>(hasStore ? `${path}/recording` : '');
  const asker = useAsker<DiagramQuestion, unknown>('diagram');
  const [atUs, setAtUs] = useState<number | null>(null);
  const run = useMemo(
    (): DrawnRun | null =>
      recording.document === null
        ? null
        : { key: runId, recording: recording.document, comparison },
    [recording.document, runId, comparison],
  );
  const question = useMemo(() => (run === null ? null : ({ want: 'facts', run } as const)), [run]);
  const { answer, problem } = useAnswer(asker, question);
  const facts = answer as RecordingFacts | null;
  return (
    <>
      <p class="headline">
        {comparison.unorderedRounds} of {comparison.rounds} rounds unordered
      </p>
      <ul class="quiet">
        {comparison.findings.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {hasStore ? null : (
        <p class="quiet">
          A grid keeps the comparisons of its runs, and not what each peer delivered.
        </p>
      )}
      {hasStore ? <Reading parts={[deliveries, recording]} /> : null}
      {deliveries.document === null ? null : (
        <RunRounds
          comparison={comparison}
          deliveries={deliveries.document}
          facts={facts}
          onTime={setAtUs}
        />
      )}
      <Alert text={problem} />
      {run === null || facts === null ? null : (
        <SpaceTimeView run={run} facts={facts} asker={asker} atUs={atUs} />
      )}
      {run === null ? null : <RunToBoard run={run} runId={runId} />}
      <h3>Guarantees</h3>
      <VerdictList comparison={comparison} />
      <Costs comparison={comparison} />
      {hasStore ? <RawFiles runId={runId} /> : null}
    </>
  );
}

/** Says that something large is still on its way, or why it does not come. */
function Reading({ parts }: { readonly parts: readonly ReadState<unknown>[] }): JSX.Element {
  const problems = new Set(parts.map(({ problem }) => problem).filter((each) => each !== ''));
  const isAwaited = parts.some(({ document, problem }) => document === null && problem === '');
  return (
    <>
      {[...problems].map((problem) => (
        <Alert key={problem} text={problem} />
      ))}
      <div role="status">{isAwaited ? <p>What the peers did is being read ...</p> : null}</div>
    </>
  );
}

function Costs({ comparison }: { readonly comparison: Comparison }): JSX.Element | null {
  const { cost } = comparison;
  if (cost === null) return null;
  const latency = worstLatency(comparison);
  return (
    <dl class="cost">
      <Cost name="datagrams a multicast" value={cost.datagramsPerMulticast} />
      <Cost name="bytes a multicast" value={cost.bytesPerMulticast} />
      <Cost name="messages of the ordering a multicast" value={cost.controlMessagesPerMulticast} />
      {latency === undefined ? null : (
        <Cost name="ms to one's own delivery, at worst" value={latency} />
      )}
    </dl>
  );
}

function Cost({ name, value }: { readonly name: string; readonly value: number }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value.toFixed(1)}</dd>
    </div>
  );
}

/** The documents as they are. */
function RawFiles({ runId }: { readonly runId: string }): JSX.Element {
  const [problem, setProblem] = useState('');
  const file = (path: string, name: string): JSX.Element => (
    <button
      type="button"
      onClick={() => {
        downloadDocument(`runs/${runId}${path}`, `${runId}-${name}.json`).catch((error: unknown) =>
          setProblem(String(error)),
        );
      }}
    >
      {name}.json
    </button>
  );
  return (
    <>
      <h3>Raw files</h3>
      <p class="acts">
        {file('', 'comparison')} {file('/deliveries', 'deliveries')}{' '}
        {file('/recording', 'recording')}
      </p>
      <Alert text={problem} />
    </>
  );
}

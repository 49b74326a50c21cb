import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { NOTHING_TOLD, type ToldOfLogs } from '../../control/logs/told.ts';
import { Alert } from '../shared/alert.tsx';
import { messageFrom } from '../shared/message-from.ts';
import { RoundsStrip } from '../shared/rounds-strip.tsx';
import { VerdictList } from '../shared/verdict-list.tsx';
import type { CompareQuestion } from '../workers/compare-worker.ts';
import { useAsker } from '../workers/use-worker.ts';
import type { ComparedFiles, DroppedFile } from './compare-files.ts';
import { EXAMPLE_LOGS } from './example-logs.ts';
import { ToldForm } from './told-form.tsx';
import { PairMatrix } from './pair-matrix.tsx';
import { messageNamer, peerNames } from './log-names.ts';

type Outcome =
  | { readonly phase: 'empty' }
  | { readonly phase: 'reading' }
  | { readonly phase: 'refused'; readonly message: string }
  | { readonly phase: 'compared'; readonly compared: ComparedFiles };

/** Logs of any program, one file a peer, judged in the browser. */
export function ComparePage(): JSX.Element {
  const [files, setFiles] = useState<readonly DroppedFile[]>([]);
  const [told, setTold] = useState<ToldOfLogs>(NOTHING_TOLD);
  const outcome = useOutcome(files, told);
  return (
    <>
      <h1>Compare logs</h1>
      <p>
        One file a peer, of any program: JSON, NDJSON, CSV, lines of a log, what Python prints. They
        are read here, and go nowhere.
      </p>
      <DropZone onFiles={setFiles} />
      <ToldForm told={told} onChange={setTold} />
      {files.length === 0 ? null : <p class="quiet">{files.map(({ name }) => name).join(', ')}</p>}
      <div role="status">
        {outcome.phase === 'reading' ? <p>The logs are being read ...</p> : null}
      </div>
      <Alert text={outcome.phase === 'refused' ? outcome.message : ''} />
      {outcome.phase === 'compared' ? <Compared compared={outcome.compared} /> : null}
    </>
  );
}

function useOutcome(files: readonly DroppedFile[], told: ToldOfLogs): Outcome {
  const [outcome, setOutcome] = useState<Outcome>({ phase: 'empty' });
  const asker = useAsker<CompareQuestion, ComparedFiles>('compare');
  useEffect(() => {
    if (files.length === 0) return;
    setOutcome({ phase: 'reading' });
    asker
      .ask({ files, told })
      .then((compared) => {
        if (compared !== null) setOutcome({ phase: 'compared', compared });
      })
      .catch((error: unknown) => {
        setOutcome({ phase: 'refused', message: messageFrom(error) });
      });
  }, [asker, files, told]);
  return outcome;
}

interface DropZoneProps {
  readonly onFiles: (files: readonly DroppedFile[]) => void;
}

function DropZone({ onFiles }: DropZoneProps): JSX.Element {
  const [isOver, setOver] = useState(false);
  const [problem, setProblem] = useState('');
  const take = (list: FileList | null | undefined): void => {
    if (list === null || list === undefined || list.length === 0) return;
    setProblem('');
    Promise.all([...list].map(readFile)).then(onFiles, (error: unknown) =>
      setProblem(messageFrom(error)),
    );
  };
  return (
    <div
      class={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files);
      }}
    >
      <label>
        Drop the files here, or choose them
        <input type="file" multiple onChange={(event) => take(event.currentTarget.files)} />
      </label>
      <button type="button" onClick={() => onFiles(EXAMPLE_LOGS)}>
        Show an example
      </button>
      <Alert text={problem} />
    </div>
  );
}

async function readFile(file: File): Promise<DroppedFile> {
  try {
    return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    throw new Error(`${file.name} cannot be read: it is a folder, or was changed or moved`);
  }
}

function Compared({ compared }: { readonly compared: ComparedFiles }): JSX.Element {
  const { comparison, columns, marks } = compared;
  const peers = peerNames(comparison);
  const nameOf = messageNamer(comparison);
  return (
    <>
      <p class="headline">
        {comparison.unorderedRounds} of {comparison.rounds} rounds unordered
      </p>
      <ul class="quiet">
        {[...(comparison.reading?.notes ?? []), ...comparison.findings].map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <h2>Positions</h2>
      <RoundsStrip
        peers={peers}
        columns={columns}
        marks={marks}
        rounds={comparison.rounds}
        firstUnordered={comparison.firstDivergence?.position ?? null}
        nameOf={nameOf}
      />
      <h2>Guarantees</h2>
      <VerdictList comparison={comparison} />
      <h2>Pairs in opposite orders</h2>
      <PairMatrix comparison={comparison} peers={peers} />
    </>
  );
}

import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Comparison } from '../../control/comparison-document.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import { boardScenario } from '../board/board-scenario.ts';
import { BOARD_LIMITS, beginBoard, writeBoardLink } from '../board/board-state.ts';
import { formatRoute } from '../routing/route.ts';
import { Alert } from '../shared/alert.tsx';
import { RoundsStrip } from '../shared/rounds-strip.tsx';
import { VerdictList } from '../shared/verdict-list.tsx';
import type { WorkerAsker } from '../workers/ask-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import { useAnswer, useAsker } from '../workers/use-worker.ts';
import { describeLeftOut } from './film.ts';
import { frameAt } from './film-frame.ts';
import { PeerList } from './peer-list.tsx';
import { type PlaygroundSettings, scenarioOf } from './playground-settings.ts';
import type { Playback } from './playback.ts';
import type { PlayedRun, WaitingPeer } from './run-playground.ts';
import { Stage } from './stage.tsx';

interface RunPanelProps {
  readonly run: PlayedRun;
  readonly settings: PlaygroundSettings;
  readonly playback: Playback;
  /** Whether the space-time diagram is open, and what is to happen when it is opened or closed. */
  readonly hasDiagram: boolean;
  readonly onDiagram: (hasDiagram: boolean) => void;
}

/** What one ordering made of the scenario. */
export function RunPanel(props: RunPanelProps): JSX.Element {
  const { run, settings, playback, hasDiagram, onDiagram } = props;
  const { comparison, film } = run;
  const frame = useMemo(() => frameAt(film, playback.atUs), [film, playback.atUs]);
  const asker = useAsker<SimulationQuestion, SimulationAnswer>('simulation');
  const waiting = useWaiting(asker, run, settings, playback);
  // Only the film changes while it plays: what is the same object is not looked at again.
  const told = useMemo(() => <ToldRun run={run} />, [run]);
  const judged = useMemo(
    () => (
      <>
        <h3>Cost</h3>
        <CostTable comparison={comparison} />
        <h3>Guarantees</h3>
        <VerdictList comparison={comparison} />
        <ToBoard asker={asker} ordering={run.ordering} settings={settings} />
        <Diagram {...{ settings, hasDiagram, onDiagram }} ordering={run.ordering} />
      </>
    ),
    [run, settings, asker, hasDiagram],
  );
  return (
    <section class="run" aria-label={`Run of ${run.ordering}`}>
      {told}
      <h3>Film</h3>
      <Stage settings={settings} frame={frame} />
      {frame.packetsLeftOut > 0 ? (
        <small>{frame.packetsLeftOut} packets more are under way.</small>
      ) : null}
      {film.packetsLeftOut > 0 ? <p class="quiet">{describeLeftOut(film)}</p> : null}
      <PeerList frame={frame} waiting={waiting} />
      {judged}
    </section>
  );
}

/** Name, result and rounds of a run. */
function ToldRun({ run }: { readonly run: PlayedRun }): JSX.Element {
  const { comparison, ordering, columns, marks } = run;
  return (
    <>
      <h2>{ordering}</h2>
      <p class="quiet">{ORDERINGS.get(ordering)!.summary}</p>
      <p class="headline">{headlineOf(comparison)}</p>
      <h3>Rounds</h3>
      <RoundsStrip
        peers={comparison.perPeer.map(({ peer }) => `peer ${peer}`)}
        columns={columns}
        marks={marks}
        rounds={comparison.rounds}
        firstUnordered={comparison.firstDivergence?.position ?? null}
      />
    </>
  );
}

function headlineOf({ unorderedRounds, rounds, missingRounds }: Comparison): string {
  const missing = missingRounds > 0 ? `; in ${missingRounds} of them somebody has nothing` : '';
  return `${unorderedRounds} of ${rounds} rounds unordered${missing}`;
}

/** What the peers wait for, asked once the film stands still. */
function useWaiting(
  asker: WorkerAsker<SimulationQuestion, SimulationAnswer>,
  { ordering }: PlayedRun,
  settings: PlaygroundSettings,
  { atUs, isPlaying }: Playback,
): readonly WaitingPeer[] {
  const [waiting, setWaiting] = useState<readonly WaitingPeer[]>([]);
  useEffect(() => {
    setWaiting([]);
    if (isPlaying || atUs <= 0) return;
    void asker
      .ask({ want: 'waiting', settings, ordering, atUs })
      .then((answer) => setWaiting(Array.isArray(answer) ? (answer as WaitingPeer[]) : []))
      .catch(() => setWaiting([]));
  }, [asker, ordering, settings, isPlaying, isPlaying ? 0 : atUs]);
  return waiting;
}

function CostTable({ comparison }: { readonly comparison: Comparison }): JSX.Element {
  const { cost, perPeer } = comparison;
  const latencies = perPeer.flatMap(({ ownLatencyMs }) => ownLatencyMs?.p50 ?? []);
  const latency =
    latencies.length === 0
      ? 'unknown'
      : `${Math.round(Math.min(...latencies))} to ${Math.round(Math.max(...latencies))} ms`;
  return (
    <dl class="cost">
      <div>
        <dt>datagrams a multicast</dt>
        <dd>{cost === null ? 'unknown' : cost.datagramsPerMulticast.toFixed(1)}</dd>
      </div>
      <div>
        <dt>bytes a multicast</dt>
        <dd>{cost === null ? 'unknown' : Math.round(cost.bytesPerMulticast)}</dd>
      </div>
      <div>
        <dt>own message delivered, median of each peer</dt>
        <dd>{latency}</dd>
      </div>
    </dl>
  );
}

interface DiagramProps {
  readonly asker: WorkerAsker<SimulationQuestion, SimulationAnswer>;
  readonly ordering: string;
  readonly settings: PlaygroundSettings;
}

/** Leads to the board with the same run on it, where it is small enough to be played by hand. */
function ToBoard({ asker, ordering, settings }: DiagramProps): JSX.Element {
  const { messages } = settings;
  const [problem, setProblem] = useState('');
  const open = async (): Promise<void> => {
    const choices = await asker.ask({ want: 'choices', settings, ordering });
    if (choices === null) return setProblem('It has more steps than the board allows.');
    const game = beginBoard({ ...boardScenario(scenarioOf(settings)), ordering, puzzle: '' });
    location.hash = formatRoute(
      'board',
      writeBoardLink({ ...game, choices: choices as readonly Choice[] }),
    );
  };
  if (messages > BOARD_LIMITS.messages.max) {
    const max = BOARD_LIMITS.messages.max;
    return <p class="quiet">With {max} messages each or fewer, the run opens on the board.</p>;
  }
  return (
    <p>
      <button
        type="button"
        onClick={() => {
          open().catch((error: unknown) => setProblem(String(error)));
        }}
      >
        Open this run on the board
      </button>{' '}
      {problem}
    </p>
  );
}

type DrawnDiagramProps = Omit<DiagramProps, 'asker'> &
  Pick<RunPanelProps, 'hasDiagram' | 'onDiagram'>;

/** The space-time diagram around what broke, drawn when somebody opens it. */
function Diagram(props: DrawnDiagramProps): JSX.Element {
  const { ordering, settings, hasDiagram: isOpen, onDiagram } = props;
  // A worker answers the last question only, and the film asks one as well once it stands still.
  const asker = useAsker<SimulationQuestion, string>('simulation');
  const question = useMemo(
    () => (isOpen ? ({ want: 'diagram', ordering, settings } as const) : null),
    [isOpen, ordering, settings],
  );
  const { answer: svg, problem } = useAnswer(asker, question);
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget: { open } }) => {
        if (open !== isOpen) onDiagram(open);
      }}
    >
      <summary>Space-time diagram</summary>
      <Alert text={problem} />
      {svg === null ? null : (
        <div
          class="scroll"
          tabIndex={0}
          role="region"
          aria-label={`Diagram of ${ordering}, to be scrolled`}
        >
          <img
            src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
            alt={`Space-time diagram of ${ordering}`}
          />
        </div>
      )}
    </details>
  );
}

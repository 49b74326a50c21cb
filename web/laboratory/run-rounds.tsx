import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Deliveries } from '../../control/api/dashboard-documents.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { Alert } from '../shared/alert.tsx';
import { RoundsStrip } from '../shared/rounds-strip.tsx';
import type { DeliveredColumns } from '../shared/rounds-view.ts';
import type { DiagramQuestion } from '../workers/diagram-worker.ts';
import { useAnswer, useAsker } from '../workers/use-worker.ts';
import type { RecordingFacts } from './diagram/run-diagram.ts';

interface RunRoundsProps {
  readonly comparison: Comparison;
  readonly deliveries: Deliveries;
  /** `null` until the recording is there. */
  readonly facts: RecordingFacts | null;
  /** Somebody wants to see that time in the diagram, in microseconds. */
  readonly onTime: (atUs: number) => void;
}

interface Rounds {
  readonly columns: readonly DeliveredColumns[];
  readonly marks: Uint8Array;
}

/** Every round as a cell; the chosen one says who delivered what, and when. */
export function RunRounds({
  comparison,
  deliveries,
  facts,
  onTime,
}: RunRoundsProps): JSX.Element | null {
  const { rounds, firstDivergence } = comparison;
  const asker = useAsker<DiagramQuestion, Rounds>('diagram');
  const question = useMemo(
    () => ({ want: 'rounds', deliveries, rounds }) as const,
    [deliveries, rounds],
  );
  const { answer: drawn, problem } = useAnswer(asker, question);
  if (drawn === null || rounds === 0) return <Alert text={problem} />;
  return (
    <>
      <h3>Rounds</h3>
      <RoundsStrip
        peers={deliveries.peers.map(({ peerId }) => peerId)}
        columns={drawn.columns}
        marks={drawn.marks}
        rounds={rounds}
        firstUnordered={firstDivergence?.position ?? null}
        renderRound={(round) => (
          <RoundTable {...{ round, deliveries, facts, onTime, columns: drawn.columns }} />
        )}
      />
    </>
  );
}

interface RoundTableProps {
  readonly round: number;
  readonly deliveries: Deliveries;
  readonly columns: readonly DeliveredColumns[];
  readonly facts: RecordingFacts | null;
  readonly onTime: (atUs: number) => void;
}

function RoundTable({ round, deliveries, columns, facts, onTime }: RoundTableProps): JSX.Element {
  const times = facts?.isTimed === true ? facts.deliveredAtUs : null;
  const known = times?.flatMap((each) => each[round] ?? []) ?? [];
  return (
    <>
      <table class="round">
        <thead>
          <tr>
            <th scope="col">Peer</th>
            <th scope="col">delivered in round {round}</th>
            <th scope="col">at</th>
          </tr>
        </thead>
        <tbody>
          {deliveries.peers.map(({ peerId, zone }, peer) => (
            <tr key={peerId}>
              <th scope="row">
                {peerId} <small>{zone}</small>
              </th>
              <td>{messageIn(columns[peer]!, round)}</td>
              <td>{describeTime(times?.[peer]?.[round])}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {known.length > 0 ? (
        <button type="button" onClick={() => onTime(Math.min(...known))}>
          Show it in the diagram
        </button>
      ) : facts?.isTimed === false ? (
        <p class="quiet">When is not known: the run was not recorded.</p>
      ) : null}
    </>
  );
}

function messageIn({ senders, sequences }: DeliveredColumns, round: number): string {
  const sender = senders[round];
  return sender === undefined ? 'nothing' : `message ${sequences[round]} of peer ${sender}`;
}

function describeTime(atUs: number | undefined): string {
  return atUs === undefined ? '' : `${(atUs / 1_000).toFixed(1)} ms`;
}

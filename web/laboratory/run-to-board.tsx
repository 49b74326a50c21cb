import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Choice } from '../../simulation/choices/choice.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { beginBoard, BOARD_LIMITS, writeBoardLink } from '../board/board-state.ts';
import { formatRoute } from '../routing/route.ts';
import { askerOf } from '../workers/ask-worker.ts';
import type { DrawnRun } from '../workers/diagram-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import type { RecordedGameOfRun } from './diagram/recorded-game.ts';

/** Leads to the board with what arrived in a recorded run, in the same order: the board knows no time. */
export function RunToBoard({ run }: { readonly run: DrawnRun }): JSX.Element {
  const { ordering, peers, messages } = run.comparison;
  const [told, setTold] = useState<JSX.Element | null>(null);
  const obstacle = whyNotOnBoard(run);
  if (obstacle !== null) return <p class="quiet">{obstacle}</p>;
  const open = async (): Promise<void> => {
    const setup = { ordering: ordering!, peers, messages, puzzle: '' };
    const game = await replay(run, setup);
    const address = linkTo(setup, game.choices);
    if (game.isSame && game.isWhole) location.hash = address;
    else setTold(<Departure game={game} address={address} />);
  };
  return (
    <>
      <p>
        <button
          type="button"
          onClick={() => {
            setTold(null);
            open().catch((error: unknown) => setTold(<span role="alert">{String(error)}</span>));
          }}
        >
          Open it on the board
        </button>{' '}
        <small>The board repeats what arrived in which order, without time.</small>
      </p>
      <div role="status">{told}</div>
    </>
  );
}

function whyNotOnBoard({ recording, comparison }: DrawnRun): string | null {
  const { ordering, peers, messages } = comparison;
  if (recording.clocks === 'none') return 'A run that was recorded opens on the board.';
  if (!ORDERINGS.has(ordering ?? '')) return 'The board does not know the ordering of this run.';
  const { peers: peersMax, messages: messagesMax } = BOARD_LIMITS;
  if (peers <= peersMax.max && messages <= messagesMax.max) return null;
  return `With ${peersMax.max} peers and ${messagesMax.max} messages each or fewer, a recorded run opens on the board.`;
}

async function replay(
  { recording, comparison }: DrawnRun,
  setup: { readonly ordering: string; readonly peers: number; readonly messages: number },
): Promise<RecordedGameOfRun> {
  const asker = askerOf<SimulationQuestion, SimulationAnswer>('simulation');
  try {
    const answer = await asker.ask({ want: 'replay', recording, comparison, setup });
    return answer as RecordedGameOfRun;
  } finally {
    asker.close();
  }
}

function linkTo(setup: Parameters<typeof beginBoard>[0], choices: readonly Choice[]): string {
  return formatRoute('board', writeBoardLink({ ...beginBoard(setup), choices }));
}

interface DepartureProps {
  readonly game: RecordedGameOfRun;
  readonly address: string;
}

/** Where the board cannot do the same: said before somebody takes it for the run. */
function Departure({ game, address }: DepartureProps): JSX.Element {
  return (
    <p>
      {game.isSame
        ? 'The peers do not get to the end of the run there, because '
        : 'The peers do not deliver in the same orders there, because '}
      {game.left} arrivals are left out, which the ordering had sent when a timer went off or with
      others in one packet. <a href={address}>Open it all the same</a>
    </p>
  );
}

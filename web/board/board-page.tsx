import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { GameView } from '../../simulation/play/game-view.ts';
import { readOwnCompiled } from '../own/kept-own.ts';
import { OWN_ORDERING } from '../own/own-file.ts';
import { showInAddress } from '../shared/navigate.ts';
import { askerOf } from '../workers/ask-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import { BOARD_ORDERINGS } from './board-orderings.ts';
import * as board from './board-state.ts';
import { BoardSetupForm } from './board-setup-form.tsx';
import { Branches } from './branches.tsx';
import { GameBar } from './game-bar.tsx';
import { MemberCard } from './member-card.tsx';
import { PathCuts } from './path-cuts.tsx';
import { PuzzlePanel } from './puzzle-panel.tsx';
import { PUZZLES, setupOfPuzzle } from './puzzles.ts';
import { Steps } from './steps.tsx';
import { Broken } from './broken.tsx';

const ORDERING_IDS = [...BOARD_ORDERINGS.keys(), OWN_ORDERING];

interface Opened {
  readonly state: board.BoardState;
  readonly problem: string;
}

/** The board: whoever plays decides what arrives, when, and what never does. */
export function BoardPage({ query }: { readonly query: ReadonlyMap<string, string> }): JSX.Element {
  const [{ state, problem }, setOpened] = useState<Opened>(() => openLink(query));
  const address = useMemo(() => JSON.stringify([...query]), [query]);
  useEffect(() => {
    // A link that somebody follows while the board is open; what the game itself wrote changes nothing.
    const opened = openLink(query);
    if (linkOf(opened.state) !== linkOf(state)) setOpened(opened);
  }, [address]);
  const change = (next: board.BoardState): void => {
    setOpened({ state: next, problem: '' });
    showInAddress('board', board.writeBoardLink(next));
  };
  const { views, failure } = useViews(state);
  return (
    <>
      <h1>You are the network</h1>
      <p>
        Every packet lies on the table until you let it arrive. Bring the peers to deliver in
        different orders, if their ordering lets you.
      </p>
      <PuzzlePanel state={state} view={views?.[0] ?? null} onOpen={change} />
      {problem === '' ? null : <p role="alert">{problem}</p>}
      <details open={state.setup.puzzle === ''}>
        <summary>Another game</summary>
        <BoardSetupForm setup={state.setup} onChange={(setup) => change(board.beginBoard(setup))} />
      </details>
      <GameBar state={state} onChange={change} />
      {failure === '' ? null : <p role="alert">{failure}</p>}
      {views === null ? (
        <p class="loading">The board is being laid ...</p>
      ) : (
        <Table state={state} views={views} onChange={change} />
      )}
    </>
  );
}

interface TableProps {
  readonly state: board.BoardState;
  readonly views: readonly GameView[];
  readonly onChange: (state: board.BoardState) => void;
}

function Table({ state, views, onChange }: TableProps): JSX.Element {
  const [view, ...others] = views;
  const lit = view!.broken.find(({ lit: places }) => places.length > 0)?.lit ?? [];
  const take = (choice: Parameters<typeof board.takeOnBoard>[1]): void =>
    onChange(board.takeOnBoard(state, choice));
  return (
    <>
      {view!.problem === '' ? null : <p role="alert">{view!.problem}</p>}
      <Broken view={view!} />
      <div class="table">
        {view!.members.map((member, index) => (
          <MemberCard
            key={index}
            index={index}
            member={member}
            packets={view!.packets.filter(({ to }) => to === index)}
            lit={lit.filter((place) => place.member === index).map(({ position }) => position)}
            onTake={take}
          />
        ))}
      </div>
      <PathCuts peers={state.setup.peers} cuts={view!.cuts} onTake={take} />
      <Steps state={state} onChange={onChange} />
      <Branches state={state} views={others} onChange={onChange} />
    </>
  );
}

interface Views {
  readonly views: readonly GameView[] | null;
  /** Why there are none, such as an ordering that does not load; empty where there are. */
  readonly failure: string;
}

/** How the game looks, and each branch that was kept; `null` until the worker has answered once. */
function useViews(state: board.BoardState): Views {
  const asker = useMemo(() => askerOf<SimulationQuestion, SimulationAnswer>('simulation'), []);
  useEffect(() => () => asker.close(), [asker]);
  const [views, setViews] = useState<readonly GameView[] | null>(null);
  const [problem, setProblem] = useState('');
  const { setup, choices, branches } = state;
  useEffect(() => {
    const games = [choices, ...branches.map((branch) => branch.choices)];
    void asker
      .ask({ want: 'board', setup, games, javascript: readOwnCompiled() })
      .then((answer) => {
        if (answer === null) return;
        setViews(answer as readonly GameView[]);
        setProblem('');
      })
      .catch((error: unknown) =>
        setProblem(error instanceof Error ? error.message : String(error)),
      );
  }, [asker, setup, choices, branches]);
  // A view of another number of peers is of the game before.
  const isCurrent = views?.[0]?.members.length === setup.peers;
  return { views: isCurrent ? views : null, failure: problem };
}

function openLink(query: ReadonlyMap<string, string>): Opened {
  // Whoever comes without a game begins with a task rather than an empty table.
  const [puzzle] = PUZZLES;
  if (query.size === 0 && puzzle !== undefined) {
    return { state: board.beginBoard(setupOfPuzzle(puzzle)), problem: '' };
  }
  try {
    return { state: board.readBoardLink(query, ORDERING_IDS), problem: '' };
  } catch (error) {
    const without = new Map([...query].filter(([name]) => name !== 'moves'));
    const problem = error instanceof Error ? error.message : String(error);
    return { state: board.readBoardLink(without, ORDERING_IDS), problem };
  }
}

function linkOf(state: board.BoardState): string {
  return JSON.stringify(board.writeBoardLink(state));
}

import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RecordingDocument } from '../../control/api/dashboard-documents.ts';
import { hasDashboard, readDocument } from '../laboratory/dashboard-client.ts';
import { OWN_ORDERING } from '../own/own-file.ts';
import { messageFrom } from '../shared/message-from.ts';
import { showInAddress } from '../shared/navigate.ts';
import { askerOf } from '../workers/ask-worker.ts';
import type { SimulationAnswer, SimulationQuestion } from '../workers/simulation-worker.ts';
import { BOARD_ORDERINGS } from './board-orderings.ts';
import * as board from './board-state.ts';
import { PUZZLES, setupOfPuzzle, withOwnPuzzle } from './puzzles.ts';

const ORDERING_IDS = [...BOARD_ORDERINGS.keys(), OWN_ORDERING];
const NO_LABORATORY =
  'This link leads to a recorded run of a laboratory, and this page comes without one: open it in the page of ' +
  '"npx mpcomm dashboard" on the machine that has the run.';

/** A game that a link opened. */
interface Opened {
  /** `null` while the recorded run that it begins with is read, and where that cannot be. */
  readonly state: board.BoardState | null;
  /** What is wrong with the link; empty for nothing. */
  readonly problem: string;
}

export interface ShownGame extends Opened {
  /** Goes on with the game, and puts it into the address unless `isPassing`, as while a slider moves. */
  readonly change: (next: board.BoardState, isPassing?: boolean) => void;
}

/** The game that the address holds. It follows the address, and the address follows the game. */
export function useShownGame(query: ReadonlyMap<string, string>): ShownGame {
  const runId = board.runOfLink(query);
  const run = useRecordedRun(runId);
  const [opened, setOpened] = useState<Opened>(() =>
    runId === '' ? openLink(query, null) : { state: null, problem: '' },
  );
  const address = useMemo(() => JSON.stringify([...query]), [query]);
  useEffect(() => {
    if (runId !== '' && run.recorded?.runId !== runId) {
      setOpened({ state: null, problem: run.problem });
      return;
    }
    // A link that somebody follows while the board is open; what the game itself wrote changes nothing.
    const next = openLink(query, runId === '' ? null : run.recorded);
    const isSame = opened.state !== null && linkOf(opened.state) === linkOf(next.state!);
    if (!isSame) setOpened(next);
  }, [address, run]);
  const change = (state: board.BoardState, isPassing = false): void => {
    setOpened({ state, problem: '' });
    if (!isPassing) showInAddress('board', board.writeBoardLink(state));
  };
  return { ...opened, change };
}

interface ReadRun {
  readonly recorded: board.RecordedRun | null;
  readonly problem: string;
}

/** A recorded run of the laboratory behind the page, as steps; it takes a moment. */
function useRecordedRun(runId: string): ReadRun {
  const [read, setRead] = useState<ReadRun>({ recorded: null, problem: '' });
  useEffect(() => {
    if (runId === '') return undefined;
    let isWanted = true;
    const asker = askerOf<SimulationQuestion, SimulationAnswer>('simulation');
    const tell = (next: ReadRun): void => {
      if (isWanted) setRead(next);
    };
    tell({ recorded: null, problem: '' });
    readRun(runId, (question) => asker.ask(question)).then(
      (recorded) => tell({ recorded, problem: '' }),
      (error: unknown) => tell({ recorded: null, problem: messageFrom(error) }),
    );
    return () => {
      isWanted = false;
      asker.close();
    };
  }, [runId]);
  return read;
}

async function readRun(
  runId: string,
  ask: (question: SimulationQuestion) => Promise<SimulationAnswer | null>,
): Promise<board.RecordedRun | null> {
  if (!hasDashboard()) throw new RangeError(NO_LABORATORY);
  const path = `runs/${encodeURIComponent(runId)}/recording`;
  const recording = await readDocument<RecordingDocument>(path);
  return (await ask({ want: 'replay', runId, recording })) as board.RecordedRun | null;
}

function openLink(query: ReadonlyMap<string, string>, recorded: board.RecordedRun | null): Opened {
  // Whoever comes without a game begins with a task rather than an empty table.
  const [puzzle] = PUZZLES;
  if (query.size === 0 && puzzle !== undefined) {
    return { state: board.beginBoard(setupOfPuzzle(puzzle)), problem: '' };
  }
  try {
    return asOwnPuzzle(board.readBoardLink(query, ORDERING_IDS, recorded));
  } catch (error) {
    const without = new Map([...query].filter(([name]) => name !== 'moves' && name !== 'branches'));
    const { state } = asOwnPuzzle(board.readBoardLink(without, ORDERING_IDS, recorded));
    return { state, problem: messageFrom(error) };
  }
}

/** A link may name a puzzle and hold another game, which would solve it by a game that is not its own. */
function asOwnPuzzle(state: board.BoardState): Opened {
  const setup = withOwnPuzzle(state.setup);
  const { puzzle } = state.setup;
  const problem = `This is not the game of the puzzle "${puzzle}" that the link names, and so it is a free game.`;
  return { state: { ...state, setup }, problem: puzzle === setup.puzzle ? '' : problem };
}

function linkOf(state: board.BoardState): string {
  return JSON.stringify(board.writeBoardLink(state));
}

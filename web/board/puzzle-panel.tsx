import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { GameView } from '../../simulation/play/game-view.ts';
import { isListOfText, keep, readKept } from '../shared/kept-here.ts';
import { GUARANTEE_MEANINGS } from '../shared/verdict-list.tsx';
import { beginBoard, type BoardState } from './board-state.ts';
import { findPuzzle, isSolved, type Puzzle, PUZZLES, setupOfPuzzle } from './puzzles.ts';

const SOLVED = 'solved-puzzles';

interface PuzzlePanelProps {
  readonly state: BoardState;
  /** `null` while the board is being laid. */
  readonly view: GameView | null;
  readonly onOpen: (state: BoardState) => void;
}

/** The puzzles, the one that is being solved, and which ones this browser has seen solved. */
export function PuzzlePanel({ state, view, onOpen }: PuzzlePanelProps): JSX.Element {
  const [solved, setSolved] = useState(() => readKept(SOLVED, [], isListOfText));
  const puzzle = findPuzzle(state.setup.puzzle);
  const isDone =
    puzzle !== undefined &&
    view !== null &&
    isSolved(puzzle, view) &&
    view.taken === state.choices.length;
  useEffect(() => {
    if (puzzle === undefined || !isDone || solved.includes(puzzle.id)) return;
    // Another tab may have kept some since.
    const all = [...new Set([...readKept(SOLVED, solved, isListOfText), ...solved, puzzle.id])];
    setSolved(all);
    keep(SOLVED, all);
  }, [puzzle, isDone]);
  const open = (each: Puzzle): void => onOpen(beginBoard(setupOfPuzzle(each)));
  return (
    <section class="puzzles" aria-label="Puzzles">
      <div class="fields" role="group" aria-label="Choose a puzzle">
        {PUZZLES.map((each, place) => (
          <button
            key={each.id}
            type="button"
            aria-pressed={each.id === puzzle?.id}
            onClick={() => open(each)}
          >
            {solved.includes(each.id) ? '★' : `${place + 1}.`} {each.title}
          </button>
        ))}
      </div>
      {puzzle === undefined ? (
        <p class="quiet">
          A free game. {solved.length} of {PUZZLES.length} puzzles are solved in this browser.
        </p>
      ) : (
        <Task puzzle={puzzle} isDone={isDone} moves={state.choices.length} onNext={open} />
      )}
    </section>
  );
}

interface TaskProps {
  readonly puzzle: Puzzle;
  readonly isDone: boolean;
  readonly moves: number;
  readonly onNext: (puzzle: Puzzle) => void;
}

function Task({ puzzle, isDone, moves, onNext }: TaskProps): JSX.Element {
  const next = PUZZLES[PUZZLES.indexOf(puzzle) + 1];
  const left = puzzle.movesMax - moves;
  return (
    <div class={isDone ? 'task done' : 'task'}>
      <p>{puzzle.text}</p>
      <p>
        Break <strong>{puzzle.goal}</strong> ({GUARANTEE_MEANINGS[puzzle.goal]}) in{' '}
        {puzzle.movesMax} moves.{' '}
        <small>{left >= 0 ? `${left} left` : 'Too many: undo some.'}</small>
      </p>
      <div role="status">
        {isDone ? (
          <p>
            <strong>★ Solved in {moves} moves.</strong>{' '}
            {next === undefined ? (
              'That was the last one.'
            ) : (
              <button type="button" class="primary" onClick={() => onNext(next)}>
                Next: {next.title}
              </button>
            )}
          </p>
        ) : null}
      </div>
      {isDone ? null : (
        <details>
          <summary>A hint</summary>
          <p>{puzzle.hint}</p>
        </details>
      )}
    </div>
  );
}

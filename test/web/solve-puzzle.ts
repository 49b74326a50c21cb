import type { Choice } from '../../simulation/choices/choice.ts';
import { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import { BOARD_ORDERINGS } from '../../web/board/board-orderings.ts';
import { chosenScenario } from '../../simulation/choices/chosen-setup.ts';
import { shownCreate } from '../../simulation/choices/shown-create.ts';
import { viewGame } from '../../simulation/play/game-view.ts';
import { isSolved, type Puzzle, setupOfPuzzle } from '../../web/board/puzzles.ts';

/** The shortest solution of a puzzle, tried out breadth first; `null` where there is none within its moves. */
export function solvePuzzle(puzzle: Puzzle): Choice[] | null {
  let games: Choice[][] = [[]];
  for (let moves = 0; moves <= puzzle.movesMax; moves += 1) {
    const solved = games.find((choices) => isSolvedBy(puzzle, choices));
    if (solved !== undefined) return solved;
    games = games.flatMap((choices) => continuations(puzzle, choices));
  }
  return null;
}

export function isSolvedBy(puzzle: Puzzle, choices: readonly Choice[]): boolean {
  const entry = BOARD_ORDERINGS.get(puzzle.ordering)!;
  return isSolved(puzzle, viewGame(entry, setupOfPuzzle(puzzle), choices));
}

function continuations(puzzle: Puzzle, choices: readonly Choice[]): Choice[][] {
  const entry = BOARD_ORDERINGS.get(puzzle.ordering)!;
  const run = new ChosenRun(shownCreate(entry), chosenScenario(puzzle));
  for (const choice of choices) run.take(choice);
  return run.enabledSteps().map((choice) => [...choices, choice]);
}

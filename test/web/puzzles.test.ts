import { describe, expect, test } from '@jest/globals';
import { formatChoice } from '../../simulation/choices/choice.ts';
import { BOARD_ORDERINGS } from '../../web/board/board-orderings.ts';
import type { BoardSetup } from '../../web/board/board-state.ts';
import { PUZZLES, setupOfPuzzle, withOwnPuzzle } from '../../web/board/puzzles.ts';
import { isSolvedBy, solvePuzzle } from './solve-puzzle.ts';

describe('puzzles', () => {
  test('are of orderings that there are, each with a name of its own', () => {
    expect(PUZZLES.length).toBeGreaterThanOrEqual(6);
    expect(PUZZLES.filter(({ ordering }) => !BOARD_ORDERINGS.has(ordering))).toEqual([]);
    expect(new Set(PUZZLES.map(({ id }) => id)).size).toBe(PUZZLES.length);
  });

  test.each(PUZZLES.map((puzzle) => [puzzle.id, puzzle] as const))(
    '%s can be solved within its moves, and is not solved before it is played',
    (_id, puzzle) => {
      expect(isSolvedBy(puzzle, [])).toBe(false);
      const solution = solvePuzzle(puzzle);
      expect(solution?.map(formatChoice) ?? null).not.toBeNull();
      expect(solution!.length).toBeLessThanOrEqual(puzzle.movesMax);
    },
  );

  test('are not solved by another game whose link names them', () => {
    const [easy, hard] = [PUZZLES[0]!, PUZZLES.at(-1)!].map(setupOfPuzzle) as [
      BoardSetup,
      BoardSetup,
    ];
    expect(withOwnPuzzle(easy)).toEqual(easy);
    expect(withOwnPuzzle({ ...easy, puzzle: hard.puzzle }).puzzle).toBe('');
    expect(withOwnPuzzle({ ...easy, seed: 2 }).puzzle).toBe('');
    expect(withOwnPuzzle({ ...easy, puzzle: 'none such' }).puzzle).toBe('');
  });

  test('the right ordering behind a tie cannot be made to disagree in as many moves', () => {
    const puzzle = PUZZLES.find(({ id }) => id === 'a-tie')!;
    expect(solvePuzzle({ ...puzzle, ordering: 'lamport' })).toBeNull();
  });
});

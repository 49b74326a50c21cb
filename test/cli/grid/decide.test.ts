import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { expandCells, expectedMs } from '../../../cli/grid/cells.ts';
import { gaveUp, isDone, nextRun, remainingMs, type CellState } from '../../../cli/grid/decide.ts';

const GOAL = { runs: 3, failuresMax: 2 };
const CELLS = expandCells({
  orderings: ['unordered', 'fifo'],
  peers: [2],
  messages: [10, 100],
  intervalsMs: [{ min: 10, max: 99 }],
});

function states(...done: readonly (readonly number[])[]): CellState[] {
  return done.map((runs, index) => ({
    cell: CELLS[index]!,
    done: new Set(runs),
    failedNow: 0,
  }));
}

test('a cell is every combination, with its neighbours beside it', () => {
  expect(CELLS.map(({ ordering, messages }) => `${ordering} ${messages}`)).toEqual([
    'unordered 10',
    'unordered 100',
    'fifo 10',
    'fifo 100',
  ]);
});

describe('nextRun', () => {
  test('goes once through all cells before any gets its second run', () => {
    expect(nextRun(states([], [], []), GOAL)).toEqual({ index: 0, run: 0 });
    expect(nextRun(states([0], [], []), GOAL)).toEqual({ index: 1, run: 0 });
    expect(nextRun(states([0], [0], [0]), GOAL)).toEqual({ index: 0, run: 1 });
  });

  test('fills the gap that a failed run left', () => {
    expect(nextRun(states([0, 2], [0, 1, 2]), GOAL)).toEqual({ index: 0, run: 1 });
  });

  test('ends when every cell is done or gave up', () => {
    const [first, second] = states([0, 1, 2], [0]) as [CellState, CellState];
    expect(nextRun([first, { ...second, failedNow: 1 }], GOAL)).toEqual({ index: 1, run: 1 });
    const stuck = { ...second, failedNow: 2 };
    expect(nextRun([first, stuck], GOAL)).toBeNull();
    expect([gaveUp(first, GOAL), gaveUp(stuck, GOAL)]).toEqual([false, true]);
    expect(isDone(first, GOAL)).toBe(true);
  });

  test('whatever fails, it ends after a bounded number of turns with every other cell done', () => {
    const failing = fc.array(fc.boolean(), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(failing, (fails) => {
        const all = states([], [], [], []).map((state) => ({
          cell: state.cell,
          done: new Set<number>(),
          failedNow: 0,
        }));
        const turnsMax = all.length * (GOAL.runs + GOAL.failuresMax);
        let turn = 0;
        for (let next = nextRun(all, GOAL); next !== null; next = nextRun(all, GOAL)) {
          if (fails[turn % fails.length]!) all[next.index]!.failedNow += 1;
          else all[next.index]!.done.add(next.run);
          turn += 1;
          expect(turn).toBeLessThanOrEqual(turnsMax);
        }
        expect(all.every((state) => isDone(state, GOAL) || gaveUp(state, GOAL))).toBe(true);
        if (!fails.includes(true)) expect(turn).toBe(all.length * GOAL.runs);
      }),
    );
  });
});

describe('remainingMs', () => {
  test('is what the missing runs should take, corrected by how it went', () => {
    const some = states([0, 1], [0, 1, 2]);
    const planned = expectedMs(CELLS[0]!);
    expect(remainingMs(some, GOAL, 0, 0)).toBe(planned);
    expect(remainingMs(some, GOAL, 3_000, 1_000)).toBe(3 * planned);
  });

  test('leaves out cells that gave up', () => {
    const [state] = states([0]) as [CellState];
    expect(remainingMs([{ ...state, failedNow: 2 }], GOAL, 0, 0)).toBe(0);
  });
});

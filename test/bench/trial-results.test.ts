import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { medianOfTrials, TrialResults } from '../../bench/strategies/trial-results.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const KEY = { ordering: 'mine', strategy: 'random', trial: 0, schedulesMax: 1_000 };

describe('trials of a strategy', () => {
  test('are taken up where they stopped, in another process as well', () => {
    const file = join(directory, 'trials.json');
    const before = new TrialResults(file);
    expect(before.get(KEY)).toEqual({ ...KEY, tried: 0, isFound: false });
    before.set({ ...KEY, tried: 256, isFound: false });
    before.set({ ...KEY, trial: 1, tried: 17, isFound: true });
    const after = new TrialResults(file);
    expect(after.get(KEY).tried).toBe(256);
    expect(after.get({ ...KEY, trial: 1 })).toMatchObject({ tried: 17, isFound: true });
    // Another bound begins at other seeds: it is another trial.
    expect(after.get({ ...KEY, schedulesMax: 2_000 }).tried).toBe(0);
  });

  test('have a median among those that are over, in which what was not found counts as more', () => {
    const trials = [
      { ...KEY, tried: 10, isFound: true },
      { ...KEY, trial: 1, tried: 1_000, isFound: false },
      { ...KEY, trial: 2, tried: 30, isFound: true },
      { ...KEY, trial: 3, tried: 5, isFound: false },
    ];
    expect(medianOfTrials(trials)).toEqual({ median: 30, found: 2, over: 3 });
    expect(medianOfTrials(trials.slice(0, 2)).median).toBe(Infinity);
    expect(medianOfTrials([])).toEqual({ median: Infinity, found: 0, over: 0 });
  });
});

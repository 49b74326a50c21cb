import { expect, test } from '@jest/globals';
import { loadedModules } from '../../support/loaded-modules.ts';

// A check starts ten threads to explain what it found, and each loads its modules anew.
test.each(['check-worker.ts', 'exhaustive/exhaustive-worker.ts'])(
  'a thread of %s loads nothing that tells or draws, and no ordering but its own, before it is needed',
  (worker) => {
    const loaded = loadedModules([`cli/check/${worker}`], 0);
    expect(loaded).toContain('simulation/check/check-scenario.ts');
    const unwanted = /^(?:diagram|svg|core\/orderings)\/|\/story\.ts$/;
    expect(loaded.filter((file) => unwanted.test(file))).toEqual([]);
  },
);

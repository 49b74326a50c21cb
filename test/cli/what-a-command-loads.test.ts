import { expect, test } from '@jest/globals';
import { loadedModules } from '../support/loaded-modules.ts';

test.each([
  ['run 1 5', 2],
  ['check fifo --seeds 1 --workers 1', 0],
  ['simulate --peers 2 --messages 1', 0],
])(
  'mpcomm %s loads nothing that reads documents, which takes as long as all the rest',
  (words, status) => {
    const loaded = loadedModules(['cli/main.ts', ...words.split(' ')], status);
    expect(loaded).toContain('cli/program.ts');
    expect(loaded.filter((file) => file.includes('node_modules/zod/'))).toEqual([]);
  },
);

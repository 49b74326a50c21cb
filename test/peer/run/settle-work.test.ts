import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** For hangs: it takes a second, and several on a busy machine. */
const TOOK_MS_MAX = 60_000;

test(
  'to settle where nothing changed costs a group of 32 no more than one of 4: blocks of code that run, counted',
  () => {
    const file = join(import.meta.dirname, '../../support/count-settle-work.ts');
    // What is optimised is inlined, and then not counted.
    const flags = ['--no-opt', '--no-maglev', '--disable-warning=ExperimentalWarning'];
    const words = [...flags, file, '4', '32'];
    const out = execFileSync(process.execPath, words, { encoding: 'utf8', timeout: TOOK_MS_MAX });
    const [few = 0, many = 0] = JSON.parse(out) as number[];
    expect(few).toBeGreaterThan(0);
    expect(many).toBe(few);
  },
  TOOK_MS_MAX,
);

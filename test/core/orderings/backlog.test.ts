import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ORDERING_NAMES } from '../../../core/orderings/registry.ts';

const BACKLOGS = [50, 200, 600];
/** Heaps add a few comparisons; a queue that is moved or searched, as many as it is long. */
const GROWTH_MAX = 1.5;
const TOOK_MS_MAX = 240_000;

test(
  'what a delivery costs does not grow with the backlog: blocks of code that run, counted',
  () => {
    const file = join(import.meta.dirname, '../../support/count-work.ts');
    // What is optimised is inlined, and then not counted.
    const flags = ['--no-opt', '--no-maglev', '--disable-warning=ExperimentalWarning'];
    const words = [...flags, file, ...BACKLOGS.map(String)];
    const out = execFileSync(process.execPath, words, { encoding: 'utf8', timeout: TOOK_MS_MAX });
    const work = JSON.parse(out) as Record<string, number[]>;
    expect(Object.keys(work)).toEqual(ORDERING_NAMES);
    const growing = Object.entries(work).filter(
      ([, each]) => Math.max(...each) > each[0]! * GROWTH_MAX,
    );
    expect(growing).toEqual([]);
  },
  TOOK_MS_MAX,
);

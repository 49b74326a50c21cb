import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecOrdering, openExecOrdering } from '../../custom/exec-ordering.ts';
import { checkSeeds } from '../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../simulation/check/draw-options.ts';

const ROOT = join(import.meta.dirname, '../..');
const SEEDS = 40;
const OPTIONS = { peersMax: 5, faults: FAULT_CHOICES };

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) console.warn('skipped, since there is no python3: the examples in examples/exec/');

(hasPython ? describe : describe.skip)('the examples in Python', () => {
  const opened: ExecOrdering[] = [];
  const open = (file: string): ExecOrdering => {
    const ordering = openExecOrdering({
      command: `python3 "${join(ROOT, 'examples/exec', file)}"`,
    });
    opened.push(ordering);
    return ordering;
  };
  let lamport: ExecOrdering;
  beforeAll(() => {
    lamport = open('lamport.py');
  });
  afterAll(() => Promise.all(opened.map((ordering) => ordering.close())));

  test(`lamport.py keeps what it declares in ${SEEDS} runs with faults`, () => {
    const { failing, seeds, faultsHappened } = checkSeeds(lamport.entry, 0, SEEDS, OPTIONS);
    expect(failing).toBeNull();
    expect(seeds).toBe(SEEDS);
    expect(faultsHappened.loss).toBeGreaterThan(0);
    expect(faultsHappened.crash).toBeGreaterThan(0);
  });

  test('broken.py is caught, the same way each time', () => {
    const { entry } = open('broken.py');
    const { failing } = checkSeeds(entry, 0, 1_000, OPTIONS);
    expect(failing!.findings.map(({ name }) => name)).toContain('total');
    const again = checkSeeds(entry, failing!.seed, 1, OPTIONS);
    expect(again.failing).toEqual(failing);
  });
});

describe('the documentation', () => {
  test('has lamport.py as it is', () => {
    const source = readFileSync(join(ROOT, 'examples/exec/lamport.py'), 'utf8');
    const page = readFileSync(join(ROOT, 'docs/exec-protocol.md'), 'utf8');
    expect(page).toContain(`\`\`\`python\n${source}\`\`\``);
  });
});

import { execFile } from 'node:child_process';
import { cpSync, readdirSync, writeFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { PATIENCE_MS } from '../support/patience.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = join(ROOT, 'scripts', 'summarise-results.ts');
const RESULTS = join(ROOT, 'results');
const TEMPORARY = temporaryDirectory();
const GRIDS = readdirSync(RESULTS).filter((name) =>
  existsSync(join(RESULTS, name, 'parameters.json')),
);

/**
 * The script runs as a process of its own, since Plot rounds half a pixel otherwise where it finds a test's
 * globals.
 */
function summarise(...words: string[]): Promise<{ status: number; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [SCRIPT, ...words],
      { timeout: PATIENCE_MS },
      (error, output, errors) => {
        resolve({ status: error === null ? 0 : Number(error.code ?? -1), output: output + errors });
      },
    );
  });
}

test('every committed summary and chart follows from its raw data, byte for byte', async () => {
  expect(GRIDS.length).toBeGreaterThan(0);
  expect(await summarise('--check')).toEqual({
    status: 0,
    output: `${GRIDS.length} folders looked at\n`,
  });
});

test('a file that was changed by hand, or is not made from the data, is found and named', async () => {
  // By its own name: it stands in the summary.
  const copy = join(TEMPORARY, GRIDS[0]!);
  cpSync(join(RESULTS, GRIDS[0]!), copy, { recursive: true });
  expect(await summarise('--check', copy)).toMatchObject({ status: 0 });
  writeFileSync(join(copy, 'summary.csv'), 'ordering\n');
  writeFileSync(join(copy, 'other.svg'), '<svg/>');
  expect(await summarise('--check', copy)).toEqual({
    status: 1,
    output:
      `${join(copy, 'summary.csv')} would change\n` +
      `${join(copy, 'other.svg')} is not made from this data\n1 folders looked at\n`,
  });
  rmSync(join(copy, 'other.svg'));
  expect(await summarise(copy)).toMatchObject({ status: 0 });
  expect(await summarise('--check', copy)).toMatchObject({ status: 0 });
  expect(await summarise(join(copy, 'nothing'))).toMatchObject({ status: 2 });
});

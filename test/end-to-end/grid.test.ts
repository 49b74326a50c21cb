import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const FOLDER = temporaryDirectory();
const OUT = join(FOLDER, 'results');
const GRID = [
  ['--orderings', 'unordered,fifo'],
  ['--peers', '2,3'],
  ['--messages', '5'],
  ['--intervals', '1-5'],
  ['--runs', '2'],
  ['--name', 'small'],
  ['--out', OUT],
  ['--state', join(FOLDER, 'state')],
].flat();
const children = new Set<ChildProcess>();

afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

function grid(...words: string[]) {
  const child = spawn(process.execPath, [MAIN, 'grid', ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  const ended = new Promise<{ status: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, ...texts })),
  );
  return { child, ended };
}

/** The grid's folder, or the one that will hold it, as long as there is none. */
const folder = (): string => join(OUT, readdirSync(OUT)[0] ?? '');
const lines = (): string[] => {
  const file = join(folder(), 'runs.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
};
const slots = (): string[] =>
  lines().map((line) => {
    const { cell } = JSON.parse(line) as { cell: { ordering: string; peers: number; run: number } };
    return `${cell.ordering} ${cell.peers} ${cell.run}`;
  });

test('a grid that was killed in the middle of a line goes on, and measures no run twice', async () => {
  const killed = grid(...GRID);
  await eventually('two runs', () => existsSync(OUT) && lines().length >= 2);
  killed.child.kill('SIGKILL');
  await killed.ended;
  appendFileSync(join(folder(), 'runs.ndjson'), '{"cell":{"ordering":"fi');

  const other = await grid(...GRID, '--seed', '5').ended;
  expect(other.status).toBe(2);
  expect(other.err).toContain('measured.seed is 1 there and 5 here');

  const second = await grid(...GRID).ended;
  expect({ ...second, out: '' }).toMatchObject({ status: 0 });
  expect(second.out).toContain('8 of 8 runs: 4 cells of 2');
  expect(second.out).toContain('Nothing: no run failed');
  expect(slots().sort()).toEqual(
    ['fifo', 'unordered'].flatMap((name) =>
      ['2 0', '2 1', '3 0', '3 1'].map((s) => `${name} ${s}`),
    ),
  );

  const again = await grid('--resume', folder(), '--state', join(FOLDER, 'state')).ended;
  expect(again).toMatchObject({ status: 0, out: second.out });
  expect(again.err).toContain('0 of them to be measured');
  const nothing = await grid('--resume', join(OUT, 'nothing')).ended;
  expect(nothing).toMatchObject({ status: 2 });
  expect(nothing.err).toContain('it has no parameters.json');
});

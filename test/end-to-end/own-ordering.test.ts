import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../control/comparison-document.ts';
import { startLaboratory } from '../../local/laboratory.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEMPLATE = join(ROOT, 'examples', 'my-ordering.ts');
let state: string;

beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'mpcomm-'));
});

afterAll(() => rm(state, { recursive: true }));

function run(
  words: readonly string[],
): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'cli', 'mpcomm.js'), 'run', ...words, '--state', state],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const texts = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (texts.err += chunk.toString()));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, ...texts })));
}

test('the template runs over real UDP in a laboratory of its own, judged by what it declares', async () => {
  const words = ['3', '10', '--interval', '1-10', '--json', '--ordering', TEMPLATE];
  const { status, out, err } = await run(words);
  expect({ status, err }).toMatchObject({ status: 0 });
  const comparison = comparisonSchema.parse(JSON.parse(out));
  expect(comparison).toMatchObject({ ordering: 'file-my-ordering', unorderedRounds: 0 });
  expect(comparison.declared).toEqual(['integrity', 'validity', 'agreement', 'fifo', 'total']);
  expect(comparison.guarantees.total.held).toBe(true);
});

test('a laboratory that was started without the file refuses it', async () => {
  const laboratory = await startLaboratory({
    backend: 'embedded',
    stateDirectory: state,
    peers: 2,
    zones: null,
    loss: 0,
    onLog: () => undefined,
    signal: new AbortController().signal,
  });
  try {
    const { status, err } = await run(['2', '3', '--ordering', TEMPLATE]);
    expect(status).toBe(2);
    expect(err).toContain('was started without an ordering from a file');
    expect(err).toContain('mpcomm up --ordering');
  } finally {
    await laboratory.stop();
  }
});

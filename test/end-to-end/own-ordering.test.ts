import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

test('a member whose ordering loops for ever has failed, and what it delivered before is not lost', async () => {
  const head = '  multicast(_now: number, message: Message): void {\n';
  const looping =
    '    if (message.sequence === 20 && this.#group.self === 1) for (;;) message.sequence;\n';
  const template = await readFile(TEMPLATE, 'utf8');
  expect(template).toContain(head);
  const text = template
    .replace(head, head + looping)
    .replaceAll("'../core/", `'${join(ROOT, 'core')}/`);
  const file = join(state, 'loops.ts');
  await writeFile(file, text);
  const { status, out, err } = await run(['3', '40', '--json', '--ordering', file]);
  expect({ status, err }).toMatchObject({ status: 2 });
  expect(err).toContain('The run was not done to the end: peer-1 failed');
  const { perPeer, findings } = comparisonSchema.parse(JSON.parse(out));
  expect(perPeer[1]).toMatchObject({ standing: 'reported', outcome: 'failed', multicasts: 21 });
  expect(perPeer[1]!.delivered).toBeGreaterThan(10);
  expect(findings.join('\n')).toMatch(
    /peer-1 .* the ordering did not come back from multicast within \d+ s: .*mpcomm check FILE/,
  );
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

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const MODULE = fileURLToPath(new URL('../../../cli/shell/interruption.ts', import.meta.url));

// A program that never stops in order: its own work holds it, as a stuck laboratory would.
const STUCK = `
  import { signalOfInterruption } from ${JSON.stringify(MODULE)};
  signalOfInterruption({ note: (text) => console.error(text) }, 300);
  setInterval(() => {}, 1_000);
  console.log('ready');
`;

test('a program that does not stop in order is ended in time, by the first signal alone', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', STUCK]);
  const exit = once(child, 'exit');
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  expect(await exit).toEqual([143, null]);
  expect(errors).toContain('Not stopped in order within 0.3 s');
});

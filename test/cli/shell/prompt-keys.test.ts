import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { obeySignalKeys } from '../../../cli/shell/prompt-keys.ts';

test('a prompt reads on after it was stopped', async () => {
  const input = new PassThrough();
  const lines = createInterface({ input, output: new PassThrough(), terminal: true });
  obeySignalKeys(lines);
  const typed: string[] = [];
  lines.on('line', (line) => typed.push(line));
  // What readline does once a process that Ctrl-Z stopped goes on: Ctrl-Z itself would stop this one.
  lines.pause();
  lines.emit('SIGCONT');
  input.write('state\r');
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  expect(typed).toEqual(['state']);
  lines.close();
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { RandomStream } from '../../../core/base/random.ts';
import { LAUNCHER } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const directory = temporaryDirectory();

function start(...words: string[]) {
  const child = spawn(process.execPath, [LAUNCHER, ...words]);
  child.stdout.resume();
  child.stderr.resume();
  return { child, exit: once(child, 'exit') };
}

test('a simulation of the project’s orderings is ended by a signal while it computes', async () => {
  const trace = join(directory, 'trace.txt');
  const { child, exit } = start(
    ...['simulate', '--peers', '40', '--messages', '2000', '--trace', trace],
  );
  // Once there is a trace, it computes.
  while (!existsSync(trace) || statSync(trace).size === 0) await setTimeout(20);
  child.kill('SIGTERM');
  expect(await exit).toEqual([null, 'SIGTERM']);
});

test('a comparison of large logs is ended by a signal while it computes', async () => {
  const files = Array.from({ length: 5 }, (_, at) => join(directory, `peer${at}.log`));
  for (const [at, file] of files.entries()) writeFileSync(file, shuffledLog(at));
  const { child, exit } = start('compare', ...files, '-');
  child.stdin.end(shuffledLog(files.length));
  await once(child.stdin, 'finish');
  // What is read now is taken in at once; without the signal, this takes ten times as long.
  await setTimeout(500);
  child.kill('SIGTERM');
  expect(await exit).toEqual([null, 'SIGTERM']);
});

/** 240,000 deliveries in an order of their own. */
function shuffledLog(seed: number): string {
  const lines = Array.from({ length: 240_000 }, (_, at) => `${at % 6} ${Math.floor(at / 6)}`);
  const random = new RandomStream(seed);
  for (let last = lines.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.next() * (last + 1));
    [lines[last], lines[other]] = [lines[other]!, lines[last]!];
  }
  return `${lines.join('\n')}\n`;
}

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const SPARE = new URL('../../../cli/ordering/spare-process.ts', import.meta.url).href;

/** Runs `body` in a thread that spares its process, in a process of its own, which prints what it hears of the thread. */
async function inThread(body: string): Promise<{ stdout: string; stderr: string }> {
  const thread = `const { spareProcess } = await import('${SPARE}'); spareProcess(); ${body}`;
  const program = `
    const { Worker } = await import('node:worker_threads');
    const worker = new Worker(new URL('data:text/javascript,' + ${JSON.stringify(encodeURIComponent(thread))}));
    worker.on('error', (error) => console.log('error: ' + error.message));
    worker.on('exit', (status) => console.log('exit: ' + status));
  `;
  const words = ['--input-type=module', '--eval', program];
  return promisify(execFile)(process.execPath, words, { timeout: 20_000 });
}

test.each([
  ['an error', 'setTimeout(() => { throw new Error("late"); });'],
  [
    'a promise that is rejected',
    'void Promise.reject(new Error("late")); setInterval(() => 0, 9);',
  ],
])(
  '%s that nobody takes ends the thread, and says nothing of process.exit',
  async (_what, body) => {
    expect(await inThread(body)).toEqual({ stdout: 'error: late\nexit: 1\n', stderr: '' });
  },
);

test('who calls process.exit, and takes an error of its own, goes on being refused', async () => {
  const body = `
    let taken = 0;
    process.on('uncaughtException', ({ message }) => {
      taken += 1;
      if (taken === 1) process.nextTick(() => process.exit(0));
      else { console.log(message); process.removeAllListeners('uncaughtException'); throw new Error('over'); }
    });
    setTimeout(() => { throw new Error('first'); });
  `;
  const { stdout } = await inThread(body);
  expect(stdout).toMatch(/the ordering calls process\.exit; a member goes on/);
});

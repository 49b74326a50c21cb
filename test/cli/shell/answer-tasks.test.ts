import { MessageChannel, type Worker } from 'node:worker_threads';
import { expect, test } from '@jest/globals';
import { answerFrom } from '../../../cli/shell/answer-from.ts';
import { answerTasks } from '../../../cli/shell/answer-tasks.ts';

test('a task that throws is answered with why, and the next one is done', async () => {
  const { port1, port2 } = new MessageChannel();
  answerTasks(port1, async (task: number) => {
    await Promise.resolve();
    if (task === 0) throw new RangeError('nothing to divide by');
    return 12 / task;
  });
  // A port has what a thread has of this, but its errors.
  const asked = port2 as unknown as Worker;
  const { signal } = new AbortController();
  const ask = (task: number): Promise<number> => answerFrom(asked, task, 'the thread', signal);
  try {
    await expect(ask(0)).rejects.toThrow('the thread failed: nothing to divide by');
    expect(await ask(4)).toBe(3);
  } finally {
    port1.close();
  }
});

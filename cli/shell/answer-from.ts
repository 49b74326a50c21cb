import type { Worker } from 'node:worker_threads';
import { FailedTask } from './answer-tasks.ts';
import { Failure, messageOf } from './failure.ts';

/**
 * Posts `task` to `worker`, which does one at a time, and returns its answer; `undefined` posts nothing, since the
 * worker answers its start. Throws `Failure` where the worker fails or ends, as what `who` did, and the reason of the
 * signal where that is aborted.
 */
export function answerFrom<Answer>(
  worker: Worker,
  task: unknown,
  who: string,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: Answer | FailedTask): void =>
      finish(() => {
        if (!FailedTask.is(answer)) resolve(answer);
        else reject(new Failure(`${who} failed: ${answer.failedTask}`));
      });
    const onError = (error: unknown): void =>
      finish(() => reject(new Failure(`${who} failed: ${messageOf(error)}`, { cause: error })));
    const onExit = (status: number): void =>
      finish(() => reject(new Failure(`${who} ended with status ${status}`)));
    const onAbort = (): void => finish(() => reject(signal.reason as Error));
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      settle();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    else if (task !== undefined) worker.postMessage(task);
  });
}

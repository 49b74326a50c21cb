import type { MessagePort } from 'node:worker_threads';
import { messageOf } from './failure.ts';

/** What a thread answers to a task that threw. */
export class FailedTask {
  readonly failedTask: string;

  constructor(error: unknown) {
    this.failedTask = messageOf(error);
  }

  /** Whether an answer is one: what came from another thread has no class. */
  static is(answer: unknown): answer is FailedTask {
    return typeof answer === 'object' && answer !== null && 'failedTask' in answer;
  }
}

/**
 * Answers each task that comes to this thread with what `perform` makes of it. What that throws is an answer too, and
 * does not depend on what Node does with errors that nobody takes, of which `--unhandled-rejections=warn` lets the asker wait for ever.
 */
export function answerTasks(port: MessagePort, perform: (task: never) => Promise<unknown>): void {
  port.on('message', (task: unknown) => {
    perform(task as never).then(
      (answer) => port.postMessage(answer),
      (error: unknown) => port.postMessage(new FailedTask(error)),
    );
  });
}

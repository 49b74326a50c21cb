import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CheckJob } from './check-part.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

/** How many times a task is retried, as in the cloud (infra/check-job.ts). */
export const RETRIES_MAX = 3;
const LOG_CHARACTERS_MAX = 4_096;

export interface LocalJobOptions {
  readonly tasks: number;
  /** How many processes run at once. */
  readonly processes: number;
  /** The settings of the store, for `openBackend`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** The program, and the arguments before the job's; another one in a test. */
  readonly program?: readonly string[];
}

/**
 * Runs the tasks of a check as processes on this machine, as Cloud Run does: each knows its index, and one that
 * ends with another status than 0 is started again, three times. Gives the tasks that failed for good, from 1,
 * each with the end of what it said.
 */
export async function runLocally(
  job: CheckJob,
  options: LocalJobOptions,
): Promise<ReadonlyMap<number, string>> {
  const failed = new Map<number, string>();
  let next = 1;
  const work = async (): Promise<void> => {
    for (let index = next++; index <= options.tasks; index = next++) {
      options.signal.throwIfAborted();
      const said = await attempt(job, options, index);
      if (said !== null) failed.set(index, said);
    }
  };
  await Promise.all(Array.from({ length: options.processes }, work));
  return failed;
}

/** `null` once an attempt succeeded, else what the last one said. */
async function attempt(
  job: CheckJob,
  options: LocalJobOptions,
  index: number,
): Promise<string | null> {
  let said = '';
  for (let retries = 0; retries <= RETRIES_MAX; retries += 1) {
    const ended = await runTask(job, options, index, retries);
    options.signal.throwIfAborted();
    if (ended.status === 0) return null;
    said = ended.said || `it ended with ${ended.status ?? 'a signal'}`;
  }
  return said;
}

function runTask(
  job: CheckJob,
  { tasks, environment, signal, program = [process.execPath, MAIN] }: LocalJobOptions,
  index: number,
  attemptNumber: number,
): Promise<{ status: number | null; said: string }> {
  const [command, ...words] = program;
  return new Promise((resolve, reject) => {
    const child = spawn(command!, [...words, JSON.stringify(job)], {
      stdio: ['ignore', 'ignore', 'pipe'],
      signal,
      env: {
        ...process.env,
        ...environment,
        CLOUD_RUN_TASK_INDEX: String(index - 1),
        CLOUD_RUN_TASK_COUNT: String(tasks),
        CLOUD_RUN_TASK_ATTEMPT: String(attemptNumber),
      },
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => {
      said = (said + part.toString()).slice(-LOG_CHARACTERS_MAX);
    });
    child.once('error', (error) => reject(error));
    child.once('close', (status) => resolve({ status, said: said.trim() }));
  });
}

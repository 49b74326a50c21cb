import { type ChildProcess, spawn } from 'node:child_process';
import { RETRIES_MAX } from '../../cli/check/job/local-job.ts';
import type { FakeGoogle } from './fake-google.ts';
import { PATIENCE_MS } from './patience.ts';

export interface FakeJob {
  readonly project: string;
  /** The bundle of the job's tasks, as it was uploaded. */
  readonly program: string;
  /** What a program in Google's network is started with. */
  readonly environment: Readonly<Record<string, string>>;
}

interface Overrides {
  readonly taskCount: number;
  readonly containerOverrides: readonly [{ readonly args: readonly [string] }];
}

/**
 * Cloud Run, as far as `mpcomm check` meets it: starts the tasks of an execution as processes, and what does not end
 * well again. The second task of each is killed as soon as it is there; `retried` counts.
 */
export function answerAsCloudRun(fake: FakeGoogle, { project, program, environment }: FakeJob) {
  const job = `projects/${project}/locations/us-central1/jobs/mpcomm-check`;
  const execution = `${job}/executions/one`;
  const counts = { retried: 0 };
  const start = ({ taskCount, containerOverrides }: Overrides, index: number, attempt: number) => {
    const [{ args }] = containerOverrides;
    const child: ChildProcess = spawn(process.execPath, [program, ...args], {
      stdio: 'ignore',
      timeout: PATIENCE_MS,
      env: {
        PATH: process.env['PATH'] ?? '',
        ...environment,
        CLOUD_RUN_TASK_INDEX: String(index),
        CLOUD_RUN_TASK_COUNT: String(taskCount),
        CLOUD_RUN_TASK_ATTEMPT: String(attempt),
      },
    });
    if (index === 1 && attempt === 0) child.once('spawn', () => child.kill('SIGKILL'));
    child.once('close', (status) => {
      if (status === 0 || attempt === RETRIES_MAX) return;
      counts.retried += 1;
      start({ taskCount, containerOverrides }, index, attempt + 1);
    });
  };
  fake.on(`run.googleapis.com/v2/${job}:run`, ({ body }) => {
    const { overrides } = JSON.parse(body) as { overrides: Overrides };
    for (let index = 0; index < overrides.taskCount; index += 1) start(overrides, index, 0);
    return { status: 200, body: { metadata: { name: execution } } };
  });
  fake.on(`run.googleapis.com/v2/${execution}`, { status: 200, body: {} });
  return counts;
}

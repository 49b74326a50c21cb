import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBackend } from '../../../backend/open-backend.ts';
import { createRunId } from '../../../control/names.ts';
import type { Store } from '../../../control/ports.ts';
import { ORDERING_NAMES } from '../../../core/orderings/registry.ts';
import { isOrderingFile } from '../../../custom/load-ordering.ts';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import { openOrdering } from '../../ordering/ordering-source.ts';
import type { Context } from '../../shell/context.ts';
import { EXIT, Failure } from '../../shell/failure.ts';
import type { CloudOptions } from '../../site/cloud-options.ts';
import { checkSource } from '../check-command.ts';
import { baseReport, type CheckCommandOptions } from '../check-options.ts';
import { createCountDisplay } from '../check-progress.ts';
import { renderCheck } from '../render-check.ts';
import {
  type CheckJob,
  checkPartSchema,
  mergeParts,
  type MergedCheck,
  partsPath,
} from './check-part.ts';
import { cancelExecution, type CloudJobPlace, readExecution, startExecution } from './cloud-job.ts';
import { RETRIES_MAX, runLocally } from './local-job.ts';

export interface CheckJobOptions extends CheckCommandOptions, CloudOptions {
  readonly backend?: 'gcp';
  /** Parts of the seeds, each a task of its own. */
  readonly tasks?: number;
  /** How many of the tasks run at a time, as processes on this machine. */
  readonly processes?: number;
}

/** The schedules of a task, which takes a minute or less, so that a retried one loses little. */
const SEEDS_A_TASK = 10_000;
const TASKS_MAX = 1_000;
const LOCAL_POLL_MS = 500;
/** The interval between two looks in the cloud, where each look costs money. */
const CLOUD_POLL_MS = 5_000;
/** The longest time of each attempt of a task, as infra/check-job.ts has it. */
const TASK_MS_MAX = 1_800_000;
/** The longest time of a whole check: all attempts of a task, and time to begin. */
const CLOUD_MS_MAX = (RETRIES_MAX + 1) * TASK_MS_MAX + 600_000;
/**
 * The cost of a minute of a task with one vCPU and a GiB, in dollars; docs/deploy.md says what of it is
 * assumed.
 */
const TASK_MINUTE_COST = 0.0012;
const NAMED_MAX = 10;

/** Where the tasks run. */
interface Runner {
  readonly store: Store;
  readonly pollMs: number;
  /** Runs all tasks; gives a sentence on those that failed for good, or `null`. */
  readonly run: (job: CheckJob, tasks: number) => Promise<string | null>;
  readonly close: () => Promise<void>;
}

/** `mpcomm check` in tasks: 0 when no schedule broke anything, 1 with a counterexample, 2 with parts missing. */
export async function checkInJob(context: Context, options: CheckJobOptions): Promise<number> {
  const { ordering, exec, shard } = options;
  if (exec !== undefined || (ordering !== undefined && isOrderingFile(ordering))) {
    throw new Failure(
      'tasks check orderings of the registry; a file or a program is checked without --tasks',
    );
  }
  if (shard !== undefined) throw new Failure('--shard is what --tasks divides by itself');
  const names = ordering === undefined ? ORDERING_NAMES : [ordering];
  const runner = await openRunner(context, options);
  try {
    for (const name of names) {
      const status = await checkOne(context, options, runner, name);
      if (status !== EXIT.done) return status;
    }
    return EXIT.done;
  } finally {
    await runner.close();
  }
}

async function checkOne(
  context: Context,
  options: CheckJobOptions,
  runner: Runner,
  ordering: string,
): Promise<number> {
  const entry = await openOrdering({ ordering });
  const base = baseReport(entry, options);
  const job: CheckJob = {
    checkId: createRunId(Date.now(), Math.random()),
    ordering,
    peersMax: base.peersMax,
    peersLargeMax: base.peersLargeMax,
    faults: [...base.faults],
    strategy: base.strategy,
    from: base.from,
    seeds: base.seeds,
  };
  const tasks = Math.min(
    options.tasks ?? Math.min(TASKS_MAX, Math.ceil(job.seeds / SEEDS_A_TASK)),
    job.seeds,
  );
  const { merged, trouble } = await follow(context, runner, job, tasks);
  if (merged.failing !== null) {
    const { seed, broke } = merged.failing;
    context.terminal.note(
      `The schedule of seed ${seed} broke ${broke}, in ${merged.checked} of ${tasks} tasks' schedules; ` +
        'running it again here ...',
    );
    return checkSource(context, { ...options, from: seed, seeds: 1 }, { ordering });
  }
  if (merged.missing.length > 0) throw new Failure(describeMissing(job, tasks, merged, trouble));
  const { checked, faultsHappened, judged, large } = merged;
  const report = { ...base, checked, faultsHappened, judged, large, failure: null };
  const { terminal } = context;
  terminal.data(
    options.json === true ? JSON.stringify(report, null, 2) : renderCheck(report, terminal.paint),
  );
  return EXIT.done;
}

/** Runs the tasks, and shows how many schedules they have written down so far. */
async function follow(
  context: Context,
  { store, pollMs, run }: Runner,
  job: CheckJob,
  tasks: number,
): Promise<{ merged: MergedCheck; trouble: string | null }> {
  context.terminal.note(
    `Check ${job.checkId}: ${job.ordering}, ${job.seeds} schedules in ${tasks} tasks.`,
  );
  const display = createCountDisplay(context.terminal, job.ordering, job.seeds);
  const ended = new AbortController();
  const running = run(job, tasks).finally(() => ended.abort());
  try {
    while (!ended.signal.aborted) {
      display.show((await readMerged(store, job, tasks)).checked);
      await sleep(pollMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
    const trouble = await running;
    return { merged: await readMerged(store, job, tasks), trouble };
  } finally {
    display.finish();
    await running.catch(() => undefined);
  }
}

async function readMerged(store: Store, job: CheckJob, tasks: number): Promise<MergedCheck> {
  const documents = await store.list(partsPath(job.checkId), { bytes: false });
  const parts = documents.flatMap(({ fields }) => checkPartSchema.safeParse(fields).data ?? []);
  return mergeParts(job, tasks, parts);
}

function describeMissing(
  { ordering, from, seeds }: CheckJob,
  tasks: number,
  { missing }: MergedCheck,
  trouble: string | null,
): string {
  const more = missing.length > NAMED_MAX ? ', ...' : '';
  return (
    `no answer of ${missing.length} of ${tasks} tasks (${missing.slice(0, NAMED_MAX).join(', ')}${more}), and none ` +
    `of the others broke anything${trouble === null ? '' : `: ${trouble}`}\n  Here, and with an eye on it: mpcomm ` +
    `check --ordering ${ordering} --from ${from} --seeds ${seeds} --shard ${missing[0]}/${tasks}`
  );
}

function openRunner(context: Context, options: CheckJobOptions): Promise<Runner> {
  return options.backend === 'gcp' ? openInCloud(context, options) : openHere(context, options);
}

async function openHere(context: Context, options: CheckJobOptions): Promise<Runner> {
  const folder = join(stateDirectoryAt(options.state).path, 'check');
  await mkdir(folder, { recursive: true });
  const environment = {
    MPCOMM_BACKEND: 'embedded',
    MPCOMM_STATE_FILE: join(folder, 'parts.sqlite'),
  };
  const backend = await openBackend(environment);
  return {
    store: backend.store,
    pollMs: LOCAL_POLL_MS,
    close: () => backend.close(),
    run: async (job, tasks) => {
      const processes = Math.min(options.processes ?? 1, tasks);
      const { signal } = context;
      const failed = await runLocally(job, { tasks, processes, environment, signal });
      const [first] = failed;
      return first === undefined ? null : `task ${first[0]} said: ${first[1]}`;
    },
  };
}

async function openInCloud(context: Context, options: CheckJobOptions): Promise<Runner> {
  const { openCloud } = await import('../../site/open-cloud.ts');
  const { api, settings, backend } = await openCloud(context, options);
  const place = { api, project: settings.project, region: settings.region };
  return {
    store: backend.store,
    pollMs: CLOUD_POLL_MS,
    close: () => backend.close(),
    run: async (job, tasks) => {
      context.terminal.note(describeBounds(tasks));
      const name = await startExecution(place, job, tasks);
      const untilMs = Date.now() + CLOUD_MS_MAX;
      for (;;) {
        const execution = await readExecution(place, name);
        const { missing } = await readMerged(backend.store, job, tasks);
        if (missing.length === 0) return null;
        if (execution?.completionTime !== undefined) {
          return `${execution.failedCount} tasks of ${name} failed, ${execution.retriedCount} were retried; its log says why`;
        }
        if (Date.now() > untilMs) return `${name} has not ended`;
        await sleep(CLOUD_POLL_MS, undefined, { signal: context.signal }).catch(() => undefined);
        if (!context.signal.aborted) continue;
        await stopInterrupted(context, place, name);
        context.signal.throwIfAborted();
      }
    },
  };
}

/** What is known before it begins: nothing else bounds what a check can cost. */
function describeBounds(tasks: number): string {
  const [least, most] = [1, ((RETRIES_MAX + 1) * TASK_MS_MAX) / 60_000].map((minutes) =>
    (tasks * minutes * TASK_MINUTE_COST).toFixed(2),
  );
  return (
    `A task may take ${TASK_MS_MAX / 60_000} minutes and is retried ${RETRIES_MAX} times at most. At a minute each they ` +
    `cost about ${least} dollars, and in no case more than ${most} (partly assumed: docs/deploy.md).`
  );
}

/** Whoever goes away from a check leaves no tasks behind that cost money, or is told how to end them. */
async function stopInterrupted(
  { terminal }: Context,
  place: CloudJobPlace,
  name: string,
): Promise<void> {
  const id = name.slice(name.lastIndexOf('/') + 1);
  terminal.note(
    (await cancelExecution(place, name))
      ? `Interrupted: the tasks of ${id} are being stopped. The parts that they wrote stay for 30 days.`
      : `Interrupted, and ${id} goes on: gcloud run jobs executions cancel ${id} --region ${place.region} ` +
          `--project ${place.project}`,
  );
}

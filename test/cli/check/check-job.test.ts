import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type CheckJob,
  checkPartSchema,
  mergeParts,
  partsPath,
} from '../../../cli/check/job/check-part.ts';
import { checkInJob } from '../../../cli/check/job/job-command.ts';
import { runLocally } from '../../../cli/check/job/local-job.ts';
import { performPart } from '../../../cli/check/job/perform-part.ts';
import { checkSeeds } from '../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../simulation/check/draw-options.ts';
import { openBackend } from '../../../backend/open-backend.ts';
import { findOrdering } from '../../../custom/load-ordering.ts';
import { PROJECT, useCloud } from '../../support/cloud-context.ts';
import { apiError, type FakeRequest } from '../../support/fake-google.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { recordedContext } from '../../support/recorded-context.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const JOB: CheckJob = {
  checkId: '20260131-235959-0a1b2c3d',
  ordering: 'fifo',
  peersMax: 4,
  peersLargeMax: 4,
  strategy: 'random',
  faults: [...FAULT_CHOICES],
  from: 5,
  seeds: 40,
};
const OPTIONS = { peersMax: JOB.peersMax, faults: FAULT_CHOICES };

const partsOf = async ({ store }: MemoryBackend) =>
  (await store.list(partsPath(JOB.checkId))).map(({ fields }) => checkPartSchema.parse(fields));

describe('the parts of a check', () => {
  test('say together what one process says of all seeds', async () => {
    const backend = new MemoryBackend();
    for (const index of [3, 1, 2]) await performPart(backend.store, JOB, { index, count: 3 });
    const merged = mergeParts(JOB, 3, await partsOf(backend));
    const whole = checkSeeds(await findOrdering('fifo'), JOB.from, JOB.seeds, OPTIONS);
    expect(merged).toEqual({
      checked: whole.seeds,
      faultsHappened: whole.faultsHappened,
      judged: whole.judged,
      large: whole.large,
      failing: null,
      missing: [],
    });
  });

  test('are written once: a task that is retried changes nothing', async () => {
    const backend = new MemoryBackend();
    const shard = { index: 1, count: 2 };
    expect(await performPart(backend.store, JOB, shard)).toBe('done');
    const before = await partsOf(backend);
    expect(await performPart(backend.store, JOB, shard)).toBe('was done');
    expect(await partsOf(backend)).toEqual(before);
    expect(mergeParts(JOB, 2, before).missing).toEqual([2]);
    expect(mergeParts(JOB, 2, [...before, ...before]).checked).toBe(before[0]!.checked);
  });

  test('name the first schedule that broke something, whichever task comes first', async () => {
    const [part] = await (async () => {
      const backend = new MemoryBackend();
      await performPart(backend.store, { ...JOB, seeds: 3 }, { index: 1, count: 3 });
      return partsOf(backend);
    })();
    const broken = (index: number, seed: number) => ({
      ...part!,
      index,
      failing: { seed, broke: 'fifo-order', text: 'out of order' },
    });
    const merged = mergeParts({ ...JOB, seeds: 3 }, 3, [broken(3, 30), broken(2, 20), part!]);
    expect(merged.failing).toMatchObject({ seed: 20 });
    const foreign = { ...part!, checkId: '20260131-235959-ffffffff', index: 2 };
    expect(mergeParts({ ...JOB, seeds: 3 }, 3, [part!, foreign]).missing).toEqual([2, 3]);
  });
});

describe('tasks as processes on this machine', () => {
  const state = temporaryDirectory();
  const options = { seeds: 60, from: 0, peers: 4, faults: ['all'] as const, state };

  test('give one answer, as one process would', async () => {
    const { context, data, notes } = recordedContext();
    const job = { ...options, faults: ['all' as const], ordering: 'fifo', tasks: 3, processes: 2 };
    expect(await checkInJob(context, { ...job, json: true })).toBe(0);
    const report = JSON.parse(data.join('\n')) as Record<string, unknown>;
    const whole = checkSeeds(await findOrdering('fifo'), 0, 60, OPTIONS);
    expect(report).toMatchObject({
      ordering: 'fifo',
      seeds: 60,
      checked: 60,
      failure: null,
      faultsHappened: whole.faultsHappened,
      judged: whole.judged,
      large: whole.large,
    });
    expect(notes.join('\n')).toMatch(/60 schedules in 3 tasks/);
  });

  test('one that is killed is started again, and one that always fails is named', async () => {
    const program = join(state, 'task.mjs');
    // The first task dies by a signal at its first attempt; the second one dies at every attempt.
    writeFileSync(
      program,
      `const { CLOUD_RUN_TASK_INDEX: index, CLOUD_RUN_TASK_ATTEMPT: attempt } = process.env;
       if (index === '1') { process.stderr.write('out of memory'); process.exit(1); }
       if (attempt === '0') process.kill(process.pid, 'SIGKILL');`,
    );
    const failed = await runLocally(JOB, {
      tasks: 3,
      processes: 2,
      environment: {},
      signal: new AbortController().signal,
      program: [process.execPath, program],
    });
    expect([...failed]).toEqual([[2, 'out of memory']]);
  });

  test('each killed where it hurts, say together what one process says', async () => {
    const main = new URL('../../../cli/check/job/main.ts', import.meta.url).href;
    const program = join(state, 'killed.mjs');
    // At its first attempt the first task dies before it does anything, the second one once its part is written.
    writeFileSync(
      program,
      `const { CLOUD_RUN_TASK_INDEX: index, CLOUD_RUN_TASK_ATTEMPT: attempt } = process.env;
       const die = () => process.kill(process.pid, 'SIGKILL');
       if (attempt === '0' && index === '0') die();
       if (attempt === '0' && index === '1') process.stdout.write = die;
       await import(${JSON.stringify(main)});`,
    );
    const environment = {
      MPCOMM_BACKEND: 'embedded',
      MPCOMM_STATE_FILE: join(state, 'killed.sqlite'),
    };
    const { signal } = new AbortController();
    const words = [process.execPath, '--disable-warning=ExperimentalWarning', program];
    const options = { tasks: 3, processes: 1, environment, signal, program: words };
    expect([...(await runLocally(JOB, options))]).toEqual([]);
    const backend = await openBackend(environment);
    try {
      const documents = await backend.store.list(partsPath(JOB.checkId));
      expect(documents).toHaveLength(3);
      const parts = documents.map(({ fields }) => checkPartSchema.parse(fields));
      const whole = checkSeeds(await findOrdering('fifo'), JOB.from, JOB.seeds, OPTIONS);
      expect(mergeParts(JOB, 3, parts)).toMatchObject({
        checked: whole.seeds,
        judged: whole.judged,
        missing: [],
      });
    } finally {
      await backend.close();
    }
  });

  test('say in one line why they failed, and nothing of the program', async () => {
    const main = fileURLToPath(new URL('../../../cli/check/job/main.ts', import.meta.url));
    const run = (...words: string[]) =>
      spawnSync(process.execPath, ['--no-warnings', main, ...words], {
        encoding: 'utf8',
        env: { MPCOMM_BACKEND: 'embedded', MPCOMM_STATE_FILE: join(state, 'one-line.sqlite') },
        timeout: PATIENCE_MS,
      });
    for (const words of [[], ['{"checkId":'], ['{}'], [JSON.stringify(JOB)]]) {
      const { status, stderr } = run(...words);
      expect([status, stderr]).toEqual([
        1,
        expect.stringMatching(/^mpcomm check: [^\n]{10,300}\n$/),
      ]);
    }
  });

  test('are for orderings of the registry', async () => {
    const { context } = recordedContext();
    const job = { ...options, faults: ['all' as const], tasks: 2 };
    await expect(
      checkInJob(context, { ...job, ordering: './examples/my-ordering.ts' }),
    ).rejects.toThrow(/orderings of the registry/);
  });
});

describe('tasks of a Cloud Run job', () => {
  const cloud = useCloud();
  const LOCATION = `projects/${PROJECT}/locations/us-central1`;
  const RUN = `run.googleapis.com/v2/${LOCATION}/jobs/mpcomm-check:run`;
  const EXECUTION = `${LOCATION}/jobs/mpcomm-check/executions/mpcomm-check-abcde`;

  const check = (change: object = {}) => {
    const recorded = cloud.context();
    const job = {
      state: cloud.state,
      backend: 'gcp' as const,
      project: PROJECT,
      ordering: 'fifo',
      seeds: 30,
      from: 0,
      peers: 4,
    };
    const status = checkInJob(recorded.context, {
      ...job,
      faults: ['all'],
      tasks: 3,
      json: true,
      ...change,
    });
    return { ...recorded, status };
  };

  /** Every task of the execution, but for those in `lost`. */
  const execute = (lost: readonly number[]) => async (request: FakeRequest) => {
    const { overrides } = JSON.parse(request.body) as {
      overrides: { taskCount: number; containerOverrides: [{ args: [string] }] };
    };
    const job = JSON.parse(overrides.containerOverrides[0].args[0]) as CheckJob;
    const count = overrides.taskCount;
    for (let index = 1; index <= count; index += 1) {
      if (!lost.includes(index)) await performPart(cloud.backend.store, job, { index, count });
    }
    return { status: 200, body: { metadata: { name: EXECUTION } } };
  };

  const ended = (failedCount: number) =>
    cloud.google.on(`run.googleapis.com/v2/${EXECUTION}`, {
      status: 200,
      body: { failedCount, retriedCount: 2, completionTime: '2026-01-31T12:00:00Z' },
    });

  test('are started with one call, and their parts read from Firestore', async () => {
    cloud.google.on(RUN, execute([]));
    ended(0);
    const { status, data, notes } = check();
    expect(await status).toBe(0);
    expect(notes.join('\n')).toMatch(
      /may take 30 minutes and is retried 3 times at most\..* about 0\.00 dollars, .* more than 0\.43 /,
    );
    expect(JSON.parse(data.join('\n'))).toMatchObject({ checked: 30, failure: null });
    expect(
      cloud.callsOf('run.googleapis.com').filter(({ method }) => method === 'POST'),
    ).toHaveLength(1);
  });

  test('that failed for good are named, with what to do; nobody says that nothing broke', async () => {
    cloud.google.on(RUN, execute([2]));
    ended(1);
    await expect(check().status).rejects.toThrow(
      /no answer of 1 of 3 tasks \(2\).*1 tasks of .* failed, 2 were retried.*--shard 2\/3/s,
    );
  });

  test.each([
    [200, /the tasks of mpcomm-check-abcde are being stopped/],
    [403, /gcloud run jobs executions cancel mpcomm-check-abcde --region us-central1/],
  ])('are stopped by Ctrl-C, or it is told how (%i)', async (answered, said) => {
    const { context, notes } = cloud.context();
    const interrupted = new AbortController();
    cloud.google.on(RUN, () => {
      setTimeout(() => interrupted.abort(new Error('interrupted')), 50);
      return { status: 200, body: { metadata: { name: EXECUTION } } };
    });
    cloud.google.on(`run.googleapis.com/v2/${EXECUTION}`, { status: 200, body: {} });
    cloud.google.on(`run.googleapis.com/v2/${EXECUTION}:cancel`, { status: answered, body: {} });
    const job = { state: cloud.state, backend: 'gcp' as const, project: PROJECT, ordering: 'fifo' };
    const options = { ...job, seeds: 30, from: 0, peers: 4, faults: ['all' as const], tasks: 3 };
    await expect(checkInJob({ ...context, signal: interrupted.signal }, options)).rejects.toThrow(
      'interrupted',
    );
    expect(notes.join('\n')).toMatch(said);
  });

  test('need a job, and the right to start it', async () => {
    cloud.google.on(RUN, apiError(404, 'NOT_FOUND', 'no job'));
    await expect(check().status).rejects.toThrow(/no job mpcomm-check.*--check-job true/s);
    cloud.google.on(
      RUN,
      apiError(403, 'PERMISSION_DENIED', "Permission 'run.jobs.runWithOverrides' denied"),
    );
    await expect(check().status).rejects.toThrow(/roles\/run\.jobsExecutorWithOverrides/);
  });
});

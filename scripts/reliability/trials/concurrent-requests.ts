import { randomUUID } from 'node:crypto';
import { paths } from '../../../control/documents.ts';
import { LIMITS } from '../../../control/limits.ts';
import { PROBLEM_MEDIA_TYPE } from '../../../control/problem.ts';
import {
  SMALL_RUN,
  type Answer,
  type TrialLaboratory,
  withLaboratory,
} from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

const REQUESTS = 200;

/** A run that is long enough to be under way while the last of the requests is answered. */
const RUN = { ...SMALL_RUN, messages: 10, intervalMs: { min: 500, max: 1_000 } };

export const concurrentRequests: Trial = {
  name: 'concurrent-requests',
  summary: `${REQUESTS} requests to run at once must make one run, and tell the others whose turn it is`,
  backends: ['embedded', 'emulators'],
  runsDefault: 2,
  msMax: (runs) => 120_000 + runs * 120_000,
  run: (context) => withLaboratory(context, {}, (trial) => tryRequests(context, trial)),
};

async function tryRequests(context: TrialContext, trial: TrialLaboratory): Promise<void> {
  for (let round = 1; round <= context.runs; round += 1) {
    await tryKeys(context, trial, 'no key', () => ({}));
    await tryKeys(context, trial, 'a key each', () => ({ 'idempotency-key': randomUUID() }));
    const key = { 'idempotency-key': `key-${round}` };
    await tryKeys(context, trial, 'the same key', () => key);
  }
}

/** Sends all requests at once; the one run that they make must then end well. */
async function tryKeys(
  context: TrialContext,
  trial: TrialLaboratory,
  keys: string,
  headers: () => Record<string, string>,
): Promise<void> {
  const before = await runIds(trial);
  const answers = await Promise.all(
    Array.from({ length: REQUESTS }, () => trial.post('/run', RUN, headers())),
  );
  const begun = (await runIds(trial)).filter((runId) => !before.includes(runId));
  context.check(begun.length === 1, `${keys}: one run was made, and not ${begun.length}`);
  const [runId] = begun;
  if (runId === undefined) return;
  for (const answer of answers) {
    const isRight = keys === 'the same key' ? isThatRun(answer, runId) : true;
    const is = isRight && (isThatRun(answer, runId) || isConflict(answer, runId));
    context.check(is, `${keys}: in good form is ${answer.status} ${JSON.stringify(answer.json)}`);
  }
  const accepted = answers.filter(({ status }) => status === 202).length;
  const expected = keys === 'the same key' ? REQUESTS : 1;
  context.check(accepted === expected, `${keys}: 202 came ${expected} times, and not ${accepted}`);
  const times = answers.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b);
  const [median, last] = [times[times.length >> 1]!, times.at(-1)!];
  context.measured(
    `${keys}: answered after (median, last)`,
    `${median.toFixed(0)} ms, ${last.toFixed(0)} ms`,
  );
  const plan = await trial.plan(runId);
  const wrong = await verifyRun(trial.store, plan, await trial.comparison(plan));
  context.check(wrong.length === 0, `the run is whole: ${wrong.join('; ')}`);
}

async function runIds({ store }: TrialLaboratory): Promise<string[]> {
  const runs = await store.list(paths.runs, { bytes: false });
  return runs.map(({ path }) => path.slice(paths.runs.length + 1));
}

function isThatRun({ status, json }: Answer, runId: string): boolean {
  return status === 202 && json?.['runId'] === runId;
}

/** The documented conflict: problem details that name the run that has the laboratory. */
function isConflict({ status, type, json }: Answer, runId: string): boolean {
  return (
    status === 409 &&
    type === PROBLEM_MEDIA_TYPE &&
    json?.['type'] === 'urn:mpcomm:problem:run-active' &&
    json['runId'] === runId &&
    typeof json['detail'] === 'string' &&
    Date.parse(String(json['until'])) < Date.now() + LIMITS.deadlineMsMax
  );
}

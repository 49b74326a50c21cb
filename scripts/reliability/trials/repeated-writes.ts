import { isDeepStrictEqual } from 'node:util';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import type { Document, Store } from '../../../control/ports.ts';
import { withFaultyLaboratory } from '../faulty-emulators.ts';
import { LostAnswers } from '../grpc-faults.ts';
import { SMALL_RUN, type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

const EVENTS_PER_REPORT = 3;
const BEGIN_MS_MAX = 60_000;

export const repeatedWrites: Trial = {
  name: 'repeated-writes',
  summary: 'every document is written twice, and every event of a report comes three times more',
  backends: ['embedded', 'emulators'],
  runsDefault: 5,
  msMax: (runs) => 180_000 + runs * 120_000,
  async run(context) {
    if (context.backend === 'embedded') {
      return withLaboratory(context, {}, (trial) => tryRuns(context, trial));
    }
    // Here the writers themselves write twice, because they do not hear that they succeeded.
    const fault = new LostAnswers();
    await withFaultyLaboratory(context, { firestore: fault }, async ({ trial }) => {
      await tryRuns(context, trial);
      const least = context.runs * SMALL_RUN.peers * 2;
      context.check(fault.lost >= least, `at least ${least} answers were lost, not ${fault.lost}`);
      context.measured('answers that were lost after the write took effect', fault.lost);
    });
  },
};

async function tryRuns(context: TrialContext, trial: TrialLaboratory): Promise<void> {
  for (let run = 1; run <= context.runs; run += 1) {
    const { plan, comparison } = await trial.run(SMALL_RUN, BEGIN_MS_MAX);
    const before = await documentsOf(trial.store, plan);
    await writeAgain(context, trial.store, before);
    await repeatEvents(context, trial, plan);
    const wrong = await verifyRun(trial.store, plan, comparison);
    context.check(wrong.length === 0, `run ${run} is whole: ${wrong.join('; ')}`);
    const after = await documentsOf(trial.store, plan);
    const isSame = isDeepStrictEqual(after, before);
    context.check(isSame, `run ${run}: no document changed by being written again`);
  }
  const runs = await trial.store.list(paths.runs, { bytes: false });
  const comparisons = await trial.store.list(paths.comparisons);
  const counts = `${runs.length} runs and ${comparisons.length} comparisons`;
  const isRight = runs.length === context.runs && comparisons.length === context.runs;
  context.check(isRight, `${context.runs} of each, and not ${counts}`);
}

/** Writes each document once more, with the fields of its neighbour: the first one must stay. */
async function writeAgain(
  context: TrialContext,
  store: Store,
  documents: readonly Document[],
): Promise<void> {
  for (const [index, { path }] of documents.entries()) {
    const { fields, bytes } = documents[(index + 1) % documents.length]!;
    const created = await store.create(path, fields, bytes.length > 0 ? bytes : undefined);
    context.check(!created, `${path} cannot be created a second time`);
  }
}

async function repeatEvents(
  context: TrialContext,
  trial: TrialLaboratory,
  plan: RunPlan,
): Promise<void> {
  for (const { peerId } of plan.members) {
    for (let time = 0; time < EVENTS_PER_REPORT; time += 1) {
      const document = paths.report(plan.runId, peerId);
      const { status } = await trial.post(
        '/compare',
        {},
        {
          'ce-specversion': '1.0',
          'ce-id': `${peerId}-${time}`,
          'ce-type': 'google.cloud.firestore.document.v1.created',
          'ce-source': '//firestore.googleapis.com/projects/p/databases/(default)',
          'ce-subject': `documents/${document}`,
          'ce-document': document,
        },
      );
      context.check(status >= 200 && status < 300, `an event that came again is taken: ${status}`);
    }
  }
}

async function documentsOf(store: Store, plan: RunPlan): Promise<Document[]> {
  const lists = await Promise.all([
    store.list(paths.chunks(plan.runId)),
    store.list(paths.reports(plan.runId)),
  ]);
  const single = await Promise.all([
    store.read(paths.run(plan.runId)),
    store.read(paths.comparison(plan.runId)),
  ]);
  return [...lists.flat(), ...single.filter((each) => each !== undefined)];
}

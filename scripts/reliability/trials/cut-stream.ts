import { withFaultyLaboratory } from '../faulty-emulators.ts';
import { SMALL_RUN } from '../trial-laboratory.ts';
import type { Trial } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

const PERIOD_MS = 1_000;
/** A request may fall into a cut more than once, and is repeated under its key. */
const BEGIN_MS_MAX = 60_000;

export const cutStream: Trial = {
  name: 'cut-stream',
  summary: 'every connection to Pub/Sub is cut once a second: each command arrives all the same',
  backends: ['emulators'],
  runsDefault: 20,
  msMax: (runs) => 120_000 + runs * 60_000,
  async run(context) {
    await withFaultyLaboratory(context, {}, async ({ trial, pubsub }) => {
      const timer = setInterval(() => pubsub.cut(), PERIOD_MS);
      const joinedAfterMs: number[] = [];
      try {
        for (let run = 1; run <= context.runs; run += 1) {
          const { plan, comparison } = await trial.run(SMALL_RUN, BEGIN_MS_MAX);
          const wrong = await verifyRun(trial.store, plan, comparison);
          context.check(wrong.length === 0, `run ${run} is whole: ${wrong.join('; ')}`);
          joinedAfterMs.push(comparison.createdAtMs - plan.createdAtMs);
        }
      } finally {
        clearInterval(timer);
      }
      context.check(pubsub.cuts >= context.runs, `connections were cut, ${pubsub.cuts} times`);
      joinedAfterMs.sort((a, b) => a - b);
      context.measured('connections cut', pubsub.cuts);
      const [median, last] = [joinedAfterMs[joinedAfterMs.length >> 1], joinedAfterMs.at(-1)];
      context.measured('from request to comparison (median, longest)', `${median} ms, ${last} ms`);
    });
  },
};

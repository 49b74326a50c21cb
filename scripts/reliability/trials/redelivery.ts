import { withFaultyLaboratory } from '../faulty-emulators.ts';
import { Redelivery } from '../grpc-faults.ts';
import { SMALL_RUN, until } from '../trial-laboratory.ts';
import type { Trial } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

const DELIVERIES = 3;
const REDELIVERED_MS_MAX = 30_000;

export const redelivery: Trial = {
  name: 'redelivery',
  summary: `Pub/Sub delivers every command ${DELIVERIES} times, though each was acknowledged: run once all the same`,
  backends: ['emulators'],
  runsDefault: 10,
  msMax: (runs) => 120_000 + runs * 60_000,
  async run(context) {
    const fault = new Redelivery(DELIVERIES);
    await withFaultyLaboratory(context, { pubsub: fault }, async ({ trial }) => {
      const repeats = () => trial.countInLogs('the command came a second time');
      for (let run = 1; run <= context.runs; run += 1) {
        const { plan, comparison } = await trial.run(SMALL_RUN);
        const expected = run * SMALL_RUN.peers * (DELIVERIES - 1);
        await until(
          'every peer got the command again',
          REDELIVERED_MS_MAX,
          () => repeats() >= expected,
        );
        const wrong = await verifyRun(trial.store, plan, comparison);
        context.check(wrong.length === 0, `run ${run} is whole: ${wrong.join('; ')}`);
        context.check(repeats() >= expected, `${expected} repeats, and not ${repeats()}`);
      }
      const joined = trial.countInLogs('joining a run');
      const expected = context.runs * SMALL_RUN.peers;
      context.check(joined === expected, `members joined ${expected} times, and not ${joined}`);
      context.measured('commands delivered again', repeats());
      context.measured('acknowledgements turned into refusals', fault.refusals);
    });
  },
};

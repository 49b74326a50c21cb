import { setTimeout as sleep } from 'node:timers/promises';
import { withFaultyLaboratory, type FaultyLaboratory } from '../faulty-emulators.ts';
import { SMALL_RUN, until } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

/** Short times, so that the trial takes seconds: the product's own are 5 s, 180 s, and a ping a minute. */
const HEARTBEAT_MS = 1_000;
const SILENCE_MS = 8_000;
const PING_MS = 1_000;

/**
 * The longest time until a rebuilding: silence, the heartbeat that notices it, and a new connection on
 * a busy machine.
 */
const REBUILT_MS_MAX = SILENCE_MS + HEARTBEAT_MS + 20_000;

/** The functions' own connection is dead as well: a call gives up after 30 s, the next has a new one. */
const BEGIN_MS_MAX = 120_000;
const REBUILT = '"the subscription was rebuilt"';
const FOUND = 'the command of a run did not come';

export const silentSubscription: Trial = {
  name: 'silent-subscription',
  summary: 'connections to Pub/Sub stay open and carry nothing: noticed, rebuilt, nothing lost',
  backends: ['emulators'],
  runsDefault: 2,
  msMax: (runs) => 180_000 + runs * 400_000,
  async run(context) {
    const environment = { MPCOMM_HEARTBEAT_MS: String(HEARTBEAT_MS) };
    const noticing = { ...environment, MPCOMM_SILENCE_MS: String(SILENCE_MS) };
    await withFaultyLaboratory(context, { laboratory: { environment: noticing } }, (faulty) =>
      trySilence(context, faulty),
    );
    await withFaultyLaboratory(context, { laboratory: { environment } }, (faulty) =>
      tryMissedCommands(context, faulty),
    );
  },
};

/** Nobody asks for a run: that no ping comes any more is all that there is to notice. */
async function trySilence(context: TrialContext, faulty: FaultyLaboratory): Promise<void> {
  const { trial, pubsub, direct } = faulty;
  const ping = () => direct.bus.publish({ command: 'ping', issuedAtMs: Date.now() });
  const timer = setInterval(() => void ping().catch(() => undefined), PING_MS);
  const rebuilt = () => trial.countInLogs(REBUILT);
  try {
    await sleep(2 * SILENCE_MS);
    context.check(rebuilt() === 0, `no subscription that hears pings is rebuilt, but ${rebuilt()}`);
    for (let round = 1; round <= context.runs; round += 1) {
      pubsub.forget();
      const startedAtMs = performance.now();
      const all = round * trial.laboratory.peerIds.length;
      await until('every subscription is rebuilt', REBUILT_MS_MAX, () => rebuilt() >= all);
      const seconds = ((performance.now() - startedAtMs) / 1_000).toFixed(1);
      context.measured(
        `round ${round}: silent for ${SILENCE_MS / 1_000} s is rebuilt after`,
        `${seconds} s`,
      );
      await runWell(context, faulty);
      context.check(
        rebuilt() === all,
        `each was rebuilt once a round, ${all} times, not ${rebuilt()}`,
      );
    }
  } finally {
    clearInterval(timer);
  }
}

/** The silence is too short to be noticed; the run that falls into it must not be lost. */
async function tryMissedCommands(context: TrialContext, faulty: FaultyLaboratory): Promise<void> {
  const { trial, pubsub } = faulty;
  for (let round = 1; round <= context.runs; round += 1) {
    pubsub.forget();
    await runWell(context, faulty);
    const all = round * trial.laboratory.peerIds.length;
    const found = trial.countInLogs(FOUND);
    context.check(found >= all, `each peer found the run in the store, ${all} times, not ${found}`);
    await until('every subscription is rebuilt', REBUILT_MS_MAX, () => {
      return trial.countInLogs(REBUILT) >= all;
    });
    await runWell(context, faulty);
    // A rebuilding is followed by a pause, in which the next one is not due.
    await sleep(20_000);
  }
}

async function runWell(context: TrialContext, { trial }: FaultyLaboratory): Promise<void> {
  const { plan, comparison } = await trial.run(SMALL_RUN, BEGIN_MS_MAX);
  const wrong = await verifyRun(trial.store, plan, comparison);
  context.check(wrong.length === 0, `the run is whole: ${wrong.join('; ')}`);
}

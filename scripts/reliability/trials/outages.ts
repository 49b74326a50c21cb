import { setTimeout as sleep } from 'node:timers/promises';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { withFaultyLaboratory, type FaultyLaboratory } from '../faulty-emulators.ts';
import { SMALL_RUN, type TrialRunBody, until } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

/** A run that is long enough for an outage to begin and to end in the middle of it. */
const LONG_RUN = {
  ...SMALL_RUN,
  messages: 30,
  intervalMs: { min: 200, max: 600 },
  deadlineMs: 90_000,
};
const OUTAGE_MS = 6_000;

/** An outage in which every heartbeat grows too old to count, and a run that multicasts on after it. */
const LONG_OUTAGE_MS = 20_000;
const LONGER_RUN = { ...LONG_RUN, messages: 100, deadlineMs: 150_000 };

const FIRST_CHUNK_MS_MAX = 30_000;

/**
 * The time after the end of an outage in which streams and topics come back, so that a run is whole again.
 */
const RECOVERY_MS_MAX = 120_000;

export const busRestart: Trial = {
  name: 'bus-restart',
  summary: 'Pub/Sub is killed in a run and comes back without topic or subscriptions',
  backends: ['emulators'],
  runsDefault: 2,
  msMax: (runs) => 120_000 + runs * 400_000,
  run: (context) =>
    withFaultyLaboratory(context, {}, async (faulty) => {
      for (let round = 1; round <= context.runs; round += 1)
        await tryRestart(context, faulty, round);
    }),
};

async function tryRestart(
  context: TrialContext,
  faulty: FaultyLaboratory,
  round: number,
): Promise<void> {
  const { trial, emulators } = faulty;
  const plan = await beginAndWait(faulty);
  await emulators.pubsub.stop();
  await sleep(OUTAGE_MS);
  await emulators.pubsub.startAgain();
  const backAtMs = performance.now();
  await verifyUnharmed(context, faulty, plan, 'the run in which Pub/Sub was restarted');
  // A command that is published before a peer has its subscription again is nobody's: the emulator
  // forgot it, as the cloud would not. Such a run must end all the same, and name who was silent.
  for (let runs = 1; ; runs += 1) {
    const next = await trial.run(SMALL_RUN, RECOVERY_MS_MAX);
    const wrong = await verifyRun(trial.store, next.plan, next.comparison);
    const recoveredMs = performance.now() - backAtMs;
    if (wrong.length === 0) {
      context.measured(`round ${round}: runs until one was whole`, runs);
      context.measured(`round ${round}: whole again after`, `${Math.round(recoveredMs)} ms`);
      return;
    }
    const told = next.comparison.findings.length > 0;
    context.check(told, `${next.plan.runId}, which is not whole, says so in its comparison`);
    if (recoveredMs > RECOVERY_MS_MAX) throw new Error(`it does not recover: ${wrong.join('; ')}`);
  }
}

export const databaseOutage: Trial = {
  name: 'database-outage',
  summary:
    'Firestore is frozen, out of reach, or its connections die, in the middle of a run: what is written arrives once',
  backends: ['emulators'],
  runsDefault: 2,
  msMax: (runs) => 120_000 + runs * 900_000,
  run: (context) =>
    withFaultyLaboratory(context, {}, async (faulty) => {
      const { emulators, firestore } = faulty;
      for (let round = 1; round <= context.runs; round += 1) {
        await tryOutage(context, faulty, 'frozen', {
          begin: () => emulators.firestore.signal('SIGSTOP'),
          end: () => emulators.firestore.signal('SIGCONT'),
        });
        await tryOutage(context, faulty, 'out of reach', {
          begin: () => (firestore.mode = 'refuse'),
          end: () => (firestore.mode = 'pass'),
        });
        await tryOutage(context, faulty, 'frozen for longer than a peer counts as live', {
          begin: () => emulators.firestore.signal('SIGSTOP'),
          end: () => emulators.firestore.signal('SIGCONT'),
          run: LONGER_RUN,
          outageMs: LONG_OUTAGE_MS,
        });
        await tryOutage(context, faulty, 'out of reach for as long', {
          begin: () => (firestore.mode = 'refuse'),
          end: () => (firestore.mode = 'pass'),
          run: LONGER_RUN,
          outageMs: LONG_OUTAGE_MS,
        });
        await tryOutage(context, faulty, 'behind connections that died without a word', {
          begin: () => firestore.forget(),
          // Nobody mends them: whoever had one has to take another.
          end: () => undefined,
          run: LONGER_RUN,
          outageMs: LONG_OUTAGE_MS,
        });
        await tryOutage(context, faulty, 'in a black hole', {
          begin: () => (firestore.mode = 'swallow'),
          // Swallowed bytes are lost; their connections end, as those of a peer that came back do.
          end: () => {
            firestore.mode = 'pass';
            firestore.cut();
          },
        });
      }
    }),
};

interface Outage {
  readonly begin: () => void;
  readonly end: () => void;
  readonly run?: TrialRunBody;
  readonly outageMs?: number;
}

async function tryOutage(
  context: TrialContext,
  faulty: FaultyLaboratory,
  how: string,
  { begin, end, run = LONG_RUN, outageMs = OUTAGE_MS }: Outage,
): Promise<void> {
  const plan = await beginAndWait(faulty, run);
  begin();
  await sleep(outageMs);
  end();
  await verifyUnharmed(context, faulty, plan, `the run in which Firestore was ${how}`);
  context.measured(`${how}, ${outageMs / 1_000} s`, `run ${plan.runId} whole`);
}

/** Begins a long run, and waits until each member has uploaded something of it. */
async function beginAndWait(
  { trial }: FaultyLaboratory,
  run: TrialRunBody = LONG_RUN,
): Promise<RunPlan> {
  const plan = await trial.begin(run, RECOVERY_MS_MAX);
  await until('every member has uploaded a chunk', FIRST_CHUNK_MS_MAX, async () => {
    const first = plan.members.map(({ peerId }) => paths.chunk(plan.runId, peerId, 0));
    const found = await Promise.all(first.map((path) => trial.store.read(path)));
    return found.every((document) => document !== undefined);
  });
  return plan;
}

async function verifyUnharmed(
  context: TrialContext,
  { trial }: FaultyLaboratory,
  plan: RunPlan,
  what: string,
): Promise<void> {
  const wrong = await verifyRun(trial.store, plan, await trial.comparison(plan));
  context.check(wrong.length === 0, `${what} is whole: ${wrong.join('; ')}`);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { ORDERING_NAMES } from '../../../core/orderings/registry.ts';
import { type TrialLaboratory, withLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';

const SHAPE = {
  peers: 4,
  messages: 1_000,
  payloadBytes: 1_000,
  intervalMs: { min: 0, max: 0 },
} as const;
/** Of each period the slow peer runs for the first time, and is stopped for the second: a tenth of the speed. */
const RUNS_MS = 2;
const STOPPED_MS = 18;
const DEADLINE_MS = 120_000;

export const slowMember: Trial = {
  name: 'slow-member',
  summary: 'one of 4 peers runs for 2 of each 20 ms: the others wait for it, and nothing is lost',
  backends: ['embedded'],
  runsDefault: ORDERING_NAMES.length,
  msMax: (runs) => 60_000 + runs * (DEADLINE_MS + 30_000),
  run: (context) =>
    withLaboratory(context, { peers: SHAPE.peers }, async (trial) => {
      for (let run = 0; run < context.runs; run += 1) await slowRun(context, trial, run);
    }),
};

/** One run of one ordering, the orderings in turn, and another slow peer each time. */
async function slowRun(context: TrialContext, trial: TrialLaboratory, run: number): Promise<void> {
  const ordering = ORDERING_NAMES[run % ORDERING_NAMES.length]!;
  const slowest = trial.laboratory.peerIds[run % SHAPE.peers]!;
  const over = new AbortController();
  const slowness = slowDown(trial.laboratory.processId(slowest), over.signal);
  try {
    const body = { ...SHAPE, ordering, seed: run, deadlineMs: DEADLINE_MS };
    const { comparison } = await trial.run(body);
    const { perPeer, findings } = comparison;
    const delivered = perPeer.map((peer) => peer.delivered);
    const isWhole = delivered.every((count) => count === SHAPE.peers * SHAPE.messages);
    context.check(isWhole, `${ordering}, ${slowest} slow: delivered ${delivered.join(', ')}`);
    const seconds = Math.max(...perPeer.map(({ durationMs }) => durationMs ?? 0)) / 1_000;
    const named = findings.filter((text) => /slower than the others/.test(text));
    const isRight = named.every((text) => text.includes(slowest));
    context.check(isRight, `${ordering}, ${slowest} slow, but named: ${named.join(' ')}`);
    const busy = perPeer.map(({ busyMs = 0 }) => (busyMs / 1_000).toFixed(1)).join(', ');
    context.measured(
      `${ordering}, ${slowest} slow`,
      `${seconds.toFixed(1)} s; busy for ${busy} s${named.length > 0 ? '; it was named' : ''}`,
    );
    context.say(`  ${ordering}, ${slowest} slow: ${seconds.toFixed(1)} s; busy for ${busy} s`);
    for (const text of findings) context.say(`    ${text}`);
  } finally {
    over.abort();
    await slowness;
  }
}

/** Stops and continues a process, until `signal` is aborted; it runs afterwards. */
async function slowDown(processId: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    process.kill(processId, 'SIGSTOP');
    try {
      await sleep(STOPPED_MS);
    } finally {
      process.kill(processId, 'SIGCONT');
    }
    await sleep(RUNS_MS);
  }
}

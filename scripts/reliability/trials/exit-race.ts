import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '../../../core/base/random.ts';
import { HAS_PROC } from '../process-figures.ts';
import { TrialLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';

/** `mpcomm exit` gives up after this time. */
const DOWN_MS_MAX = 30_000;
/**
 * The longest delay: a supervisor starts a peer again after half a second, and it takes about another
 * half until it listens.
 */
const DELAY_MS_MAX = 2_000;
const PAUSED_SHARE = 0.2;

export const exitRace: Trial = {
  name: 'exit-race',
  summary:
    'an exit command within two seconds of a crash must end the laboratory, and start nothing',
  backends: ['embedded', 'emulators'],
  runsDefault: 20,
  msMax: (runs) => 60_000 + runs * 60_000,
  run: raceAll,
};

async function raceAll(context: TrialContext): Promise<void> {
  const random = createRandom(context.seed, 0);
  const times: number[] = [];
  for (let round = 1; round <= context.runs; round += 1) {
    const delayMs = Math.floor(random() * DELAY_MS_MAX);
    const signal = random() < PAUSED_SHARE ? 'SIGSTOP' : 'SIGKILL';
    const downMs = await race(context, signal, delayMs);
    times.push(downMs);
    context.say(`  ${signal}, exit after ${delayMs} ms: down after ${downMs.toFixed(0)} ms`);
  }
  times.sort((a, b) => a - b);
  const [median, longest] = [times[times.length >> 1]!, times.at(-1)!];
  const figure = `${median.toFixed(0)} ms, ${longest.toFixed(0)} ms`;
  context.measured('from the exit command to the end (median, longest)', figure);
}

/** One laboratory, one peer that crashes or is paused, one exit command; gives how long the end took. */
async function race(
  context: TrialContext,
  signal: 'SIGKILL' | 'SIGSTOP',
  delayMs: number,
): Promise<number> {
  const trial = await TrialLaboratory.start(context, {});
  const { laboratory } = trial;
  try {
    process.kill(laboratory.processId('peer-1'), signal);
    await sleep(delayMs);
    const { status } = await trial.post('/exit', {});
    context.check(status === 202, `the exit command was taken, with ${status}`);
    const issuedAtMs = performance.now();
    const end = await Promise.race([laboratory.whenDown, sleep(DOWN_MS_MAX, null)]);
    const what = `after ${signal} and ${delayMs} ms`;
    context.check(end?.how === 'exited', `${what} it ended by the command: ${String(end?.how)}`);
    if (end !== null && HAS_PROC) {
      context.check(children().length === 0, `${what} no process is left: ${children().join()}`);
    }
    return performance.now() - issuedAtMs;
  } finally {
    await trial.stop();
  }
}

/** Ids of the processes that this one started. */
function children(): string[] {
  return readdirSync('/proc').filter(
    (name) => /^\d+$/.test(name) && parentOf(name) === process.pid,
  );
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program is in brackets, and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // It ended while we looked.
  }
}

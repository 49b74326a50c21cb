import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HAS_PROC, measure, probeEnvironment, type ProcessFigures } from '../process-figures.ts';
import { growthOf, GROWTH_MAX, type Growth } from '../growth.ts';
import { SMALL_RUN, TrialLaboratory } from '../trial-laboratory.ts';
import type { Trial, TrialContext } from '../trial.ts';
import { verifyRun } from '../verify-run.ts';

/** Measurements over the whole soak, evenly spread. */
const MEASUREMENTS = 25;
/** The share of the first runs, which load code and size the heap: growth there does not count. */
const WARM_UP_SHARE = 0.2;
const MS_PER_RUN_MAX = 20_000;

/** This process, which holds the laboratory: its trigger, its schedule, its supervisors. */
const SELF = 'laboratory';

export const soak: Trial = {
  name: 'soak',
  summary: 'run after run on one laboratory: memory, sockets and descriptors must stay flat',
  backends: ['embedded', 'emulators'],
  runsDefault: 500,
  msMax: (runs) => 120_000 + runs * MS_PER_RUN_MAX,
  run: soakLaboratory,
};

async function soakLaboratory(context: TrialContext): Promise<void> {
  if (!HAS_PROC) throw new Error('this system has no /proc to measure processes by');
  const directory = mkdtempSync(join(tmpdir(), 'mpcomm-memory-'));
  const environment = probeEnvironment(directory);
  Object.assign(process.env, environment);
  await import('../memory-probe.ts');
  const trial = await TrialLaboratory.start(context, { environment });
  try {
    await runAndMeasure(context, trial, directory);
  } finally {
    await trial.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runAndMeasure(
  context: TrialContext,
  trial: TrialLaboratory,
  directory: string,
): Promise<void> {
  const names = [SELF, 'functions', ...trial.laboratory.peerIds];
  const pidsOf = () =>
    names.map((name) => (name === SELF ? process.pid : trial.laboratory.processId(name)));
  const pids = pidsOf();
  const series: ProcessFigures[][] = names.map(() => []);
  const every = Math.max(1, Math.ceil(context.runs / MEASUREMENTS));
  const startedAtMs = performance.now();
  context.say(header(names));
  for (let run = 1; run <= context.runs; run += 1) {
    const { plan, comparison } = await trial.run(SMALL_RUN);
    const wrong = await verifyRun(trial.store, plan, comparison);
    context.check(wrong.length === 0, `run ${run} is whole: ${wrong.join('; ')}`);
    if (run % every !== 0 && run !== context.runs) continue;
    const figures = await Promise.all(pids.map((pid) => measure(pid, directory)));
    figures.forEach((each, index) => series[index]!.push(each));
    context.say(row(run, performance.now() - startedAtMs, figures));
  }
  context.check(pidsOf().join() === pids.join(), 'no process was started again on the way');
  names.forEach((name, index) => judge(context, name, series[index]!));
  const msPerRun = (performance.now() - startedAtMs) / context.runs;
  context.measured('milliseconds a run, mean', Math.round(msPerRun));
}

function judge(context: TrialContext, name: string, series: readonly ProcessFigures[]): void {
  const settled = series.slice(Math.floor(series.length * WARM_UP_SHARE));
  for (const figure of Object.keys(GROWTH_MAX) as (keyof Growth)[]) {
    const growth = growthOf(settled.map((each) => each[figure]));
    const bound = GROWTH_MAX[figure];
    const claim = `${name}: ${figure} grew by ${growth.toFixed(1)} after the warm-up, at most ${bound}`;
    context.check(growth <= bound, claim);
    context.measured(`${name}, growth of ${figure} (bound ${bound})`, growth.toFixed(1));
  }
}

function header(names: readonly string[]): string {
  const cells = names.map((name) => name.padStart(22));
  return `  runs  seconds${cells.join('')}   (resident MiB, heap MiB after collection, descriptors, sockets)`;
}

function row(run: number, elapsedMs: number, figures: readonly ProcessFigures[]): string {
  const cells = figures.map(({ residentMiB, heapMiB, fileDescriptors, sockets }) =>
    `${residentMiB.toFixed(0)} ${heapMiB.toFixed(1)} ${fileDescriptors} ${sockets}`.padStart(22),
  );
  return `${String(run).padStart(6)}${(elapsedMs / 1_000).toFixed(0).padStart(9)}${cells.join('')}`;
}

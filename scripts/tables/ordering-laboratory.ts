import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { followRun, readPlan } from '../../cli/run/follow-run.ts';
import { postRun } from '../../cli/site/functions-client.ts';
import { type Comparison, comparisonSchema } from '../../control/comparison-document.ts';
import { startLaboratory } from '../../local/laboratory.ts';

const DIRECTORY = fileURLToPath(new URL('../../results/orderings-on-one-machine', import.meta.url));
const RUNS = join(DIRECTORY, 'runs.ndjson');

/**
 * The messages of a run, few and far between, so that the machine's two cores are no part of what is
 * measured.
 */
const MESSAGES = 20;
const INTERVAL_MS = { min: 400, max: 1_600 };

/** What the peers of a run measured on their own clocks, over their own messages. */
export interface LaboratoryMeasured {
  readonly ownMsMedian: number;
  readonly ownMsMax: number;
}

/** Runs every ordering once on real processes in emulated zones, and keeps the comparisons. */
export async function measureLaboratory(
  names: readonly string[],
  zones: readonly string[],
): Promise<void> {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'mpcomm-orderings-'));
  const { signal } = new AbortController();
  const onLog = (note: string): boolean => process.stderr.write(`${note}\n`);
  const laboratory = await startLaboratory({
    backend: 'embedded',
    stateDirectory,
    peers: zones.length,
    zones,
    loss: 0,
    onLog,
    signal,
  });
  const comparisons: Comparison[] = [];
  for (const ordering of names) {
    const body = {
      peers: zones.length,
      messages: MESSAGES,
      ordering,
      intervalMs: INTERVAL_MS,
      seed: 7,
    };
    const runId = await postRun(laboratory.url, body, signal);
    const plan = await readPlan(laboratory.backend.store, runId);
    const comparison = await followRun(laboratory.backend, plan, () => undefined, signal);
    process.stderr.write(`${ordering}: ${comparison.unorderedRounds} of ${comparison.rounds}\n`);
    comparisons.push(comparison);
  }
  await laboratory.stop();
  rmSync(stateDirectory, { recursive: true, force: true });
  mkdirSync(DIRECTORY, { recursive: true });
  writeFileSync(RUNS, comparisons.map((comparison) => `${JSON.stringify(comparison)}\n`).join(''));
}

/** What `measureLaboratory` kept, by ordering; empty when it never ran. */
export function readLaboratory(): Map<string, LaboratoryMeasured> {
  if (!existsSync(RUNS)) return new Map();
  const lines = readFileSync(RUNS, 'utf8').trimEnd().split('\n');
  const comparisons = lines.map((line) => comparisonSchema.parse(JSON.parse(line)));
  return new Map(comparisons.map((comparison) => [comparison.ordering!, measured(comparison)]));
}

function measured({ perPeer }: Comparison): LaboratoryMeasured {
  const medians = perPeer.map(({ ownLatencyMs }) => ownLatencyMs?.p50 ?? NaN).sort((a, b) => a - b);
  return {
    ownMsMedian: medians[medians.length >> 1]!,
    ownMsMax: Math.max(...perPeer.map(({ ownLatencyMs }) => ownLatencyMs?.max ?? NaN)),
  };
}

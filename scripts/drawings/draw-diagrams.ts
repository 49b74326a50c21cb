/**
 * Draws the space-time diagrams of docs/diagrams.md in the simulator, byte for byte the same each time:
 *
 *   node scripts/drawings/draw-diagrams.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createScenario } from '../../cli/simulate/create-scenario.ts';
import { drawCounterexample, drawRun } from '../../cli/render/pictures.ts';
import { assert } from '../../core/base/assert.ts';
import { findOrdering } from '../../custom/load-ordering.ts';
import { CHECK_OPTIONS } from '../../simulation/check/check-scenario.ts';
import { checkSeeds } from '../../simulation/check/check-seeds.ts';
import { shrinkFailing } from '../../simulation/check/shrink-failing.ts';
import { FAULT_CHOICES } from '../../simulation/check/draw-options.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulate } from '../../simulation/simulate.ts';
import { simulatedComparison } from '../../simulation/simulated-comparison.ts';

const ROOT = join(import.meta.dirname, '../..');
const SEEDS_MAX = 1_000;

/** Each picture's text by its name in docs/. */
export async function drawDiagrams(): Promise<Record<string, string>> {
  return {
    'diagram-unordered.svg': await drawUnordered(),
    'diagram-counterexample.svg': await drawBroken('examples/broken/ties-not-broken.ts'),
  };
}

async function drawUnordered(): Promise<string> {
  const entry = await findOrdering('unordered');
  const scenario = createScenario({ peers: 4, messages: 50, seed: 2026 });
  const recorder = new EventRecorder(scenario.peers);
  const result = simulate(entry.create, scenario, recorder, { measure: true });
  const comparison = simulatedComparison(entry, scenario, result);
  return drawRun(comparison, { logs: recorder.logs, clocks: 'one', notes: [] });
}

/** The first counterexample that `mpcomm check` finds, as it draws it. */
async function drawBroken(path: string): Promise<string> {
  const entry = await findOrdering(join(ROOT, path));
  const options = { peersMax: 8, faults: FAULT_CHOICES };
  const { failing } = checkSeeds(entry, 0, SEEDS_MAX, options);
  assert(failing !== null, `${path} breaks something`);
  const { seed, scenario, findings } = shrinkFailing(entry, failing);
  const recorder = new EventRecorder(scenario.peers);
  simulate(entry.create, scenario, recorder, CHECK_OPTIONS);
  return drawCounterexample(entry.name, seed, scenario, findings[0]!, recorder.logs);
}

if (process.argv[1] === import.meta.filename) {
  for (const [name, svg] of Object.entries(await drawDiagrams())) {
    writeFileSync(join(ROOT, 'docs', name), svg);
  }
}

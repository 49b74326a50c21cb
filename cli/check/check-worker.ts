import { parentPort, workerData } from 'node:worker_threads';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import {
  CHECK_OPTIONS,
  type Checked,
  type CheckOptions,
  checkSeeds,
  type Failing,
  shrinkFailing,
  type ShrinkLimits,
  type Shrunken,
} from '../../simulation/check/check-seeds.ts';
import type { Finding } from '../../simulation/check/finding.ts';
import { tellStory } from '../../simulation/check/story.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulate } from '../../simulation/simulate.ts';
import { openOrdering, type OrderingSource } from '../ordering/ordering-source.ts';
import { drawCounterexample } from '../render/pictures.ts';

/** What a worker is started with. */
export interface CheckWorkerData {
  readonly source: OrderingSource;
  readonly options: CheckOptions;
  /** Two unsigned 32-bit numbers: how many runs were begun, and the seed of the last one. */
  readonly progress: SharedArrayBuffer;
}

export type CheckTask =
  | { readonly task: 'check'; readonly first: number; readonly count: number }
  | { readonly task: 'explain'; readonly failing: Failing };

export type CheckAnswer =
  | { readonly task: 'check'; readonly checked: Checked }
  | {
      readonly task: 'explain';
      readonly shrunken: Shrunken;
      readonly story: string;
      readonly svg: string | null;
    };

/** For programs, of which each event costs some 100 us: half a minute. */
const PROGRAM_LIMITS: ShrinkLimits = { attemptsMax: 600, eventsMax: 300_000 };
/** A program that died is started anew for each attempt, and one that hangs takes seconds for each. */
const DYING_PROGRAM_LIMITS: ShrinkLimits = { attemptsMax: 8, eventsMax: 300_000 };

function shrinkLimits(source: OrderingSource, { findings }: Failing): ShrinkLimits | undefined {
  if (!('exec' in source)) return undefined;
  return findings[0]!.name === 'failed' ? DYING_PROGRAM_LIMITS : PROGRAM_LIMITS;
}

/** The failure did not happen again: there is nothing to tell but that. */
function asItWas(failing: Failing): CheckAnswer {
  const story =
    'It did not happen again in the same schedule: the ordering takes time or randomness from ' +
    'elsewhere,\nor a program that declares reset keeps something of the run before.';
  return {
    task: 'explain',
    shrunken: { ...failing, drawn: failing.scenario, attempts: 0 },
    story,
    svg: null,
  };
}

function draw(entry: OrderingEntry, { seed, scenario }: Shrunken, finding: Finding): string {
  const recorder = new EventRecorder(scenario.peers);
  simulate(entry.create, scenario, recorder, CHECK_OPTIONS);
  return drawCounterexample(entry.name, seed, scenario, finding, recorder.logs);
}

async function main(port: NonNullable<typeof parentPort>): Promise<void> {
  const { source, options, progress } = workerData as CheckWorkerData;
  const entry = await openOrdering(source);
  const begun = new Uint32Array(progress);
  const begin = (seed: number): void => {
    begun[0]! += 1;
    begun[1] = seed;
  };
  const perform = (task: CheckTask): CheckAnswer => {
    if (task.task === 'check') {
      const checked = checkSeeds(entry, task.first, task.count, options, begin);
      return { task: 'check', checked };
    }
    const { failing } = task;
    const limits = shrinkLimits(source, failing);
    const shrunken = shrinkFailing(entry, failing, () => begin(failing.seed), limits);
    const [finding] = shrunken.findings;
    if (finding === undefined) return asItWas(failing);
    const story = tellStory(entry, shrunken.scenario, finding);
    const svg = draw(entry, shrunken, finding);
    return { task: 'explain', shrunken, story, svg };
  };
  port.on('message', (task: CheckTask) => port.postMessage(perform(task)));
}

if (parentPort !== null) await main(parentPort);

import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { OrderingEntry } from '../core/orderings/registry.ts';
import { BAD_LUCK } from './bad-luck.ts';
import { loadOrdering } from '../custom/load-ordering.ts';
import { type CheckOptions, checkSeeds } from '../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../simulation/check/draw-options.ts';
import {
  formatStrategy,
  parseStrategy,
  type Strategy,
} from '../simulation/check/strategy/strategy.ts';

/**
 * How many schedules each strategy of `mpcomm check` takes until it finds what is broken:
 * `node bench/strategies.ts [--trials N] [--schedules M] [--seconds S] [--strategies LIST] [FILE|bad-luck ...]`.
 *
 * Without files, for examples/broken/, the broken orderings of test/gallery/ and those of bad-luck.ts. Each trial
 * begins at a seed of its own, past the large schedules, which are the same for every strategy, and gives up after M schedules; a strategy
 * gives up on an ordering after S seconds of processor time. Printed is the median, and how many trials found it.
 */
const TRIALS_DEFAULT = 20;
const SCHEDULES_DEFAULT = 400;
const SECONDS_DEFAULT = 20;
const STRATEGIES_DEFAULT = 'random,pct:1,pct:3,pct:10,coverage';
/** Whole campaigns of coverage, and past the large schedules of each 1,024 seeds. */
const FIRST_SEED = 256;
const SEEDS_A_TRIAL = 1_024;
/** A campaign of coverage. */
const SEEDS_AT_A_TIME = 256;

const FOLDERS = ['../examples/broken', '../test/gallery'] as const;
/** These are right, are what others are made of, or take minutes for each schedule. */
const NOT_BROKEN =
  /(?:-base|-right|^right-.*|^heartbeats|^kept-outside-create|^deaf-to-others|^echoes-for-ever)$/;

interface Limits {
  readonly trials: number;
  readonly schedules: number;
  readonly seconds: number;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trials: { type: 'string', default: String(TRIALS_DEFAULT) },
      schedules: { type: 'string', default: String(SCHEDULES_DEFAULT) },
      seconds: { type: 'string', default: String(SECONDS_DEFAULT) },
      strategies: { type: 'string', default: STRATEGIES_DEFAULT },
    },
  });
  const strategies = values.strategies.split(',').map(parseStrategy);
  const isAll = positionals.length === 0;
  const named = positionals.filter((name) => name !== 'bad-luck');
  const files = isAll ? brokenFiles() : named;
  const synthetic = isAll || named.length < positionals.length ? BAD_LUCK : [];
  const limits = {
    trials: Number(values.trials),
    schedules: Number(values.schedules),
    seconds: Number(values.seconds),
  };
  console.log(`| Ordering | ${strategies.map(formatStrategy).join(' | ')} |`);
  console.log(`| --- | ${strategies.map(() => '---:').join(' | ')} |`);
  const entries = await Promise.all(files.map((file) => loadOrdering(file)));
  for (const entry of [...entries, ...synthetic]) {
    const cells = strategies.map((strategy) => measure(entry, strategy, limits));
    console.log(`| ${entry.name.replace(/^file-/, '')} | ${cells.join(' | ')} |`);
  }
}

function brokenFiles(): string[] {
  return FOLDERS.flatMap((folder) => {
    const path = join(import.meta.dirname, folder);
    const names = readdirSync(path).filter((name) => name.endsWith('.ts'));
    return names
      .filter((name) => !NOT_BROKEN.test(basename(name, '.ts')))
      .map((name) => join(path, name));
  });
}

/** The median of all trials; those that found nothing count as more than any that did. */
function measure(entry: OrderingEntry, strategy: Strategy, limits: Limits): string {
  const begin = process.cpuUsage();
  const mayGoOn = (): boolean => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6 < limits.seconds;
  };
  const found: number[] = [];
  let trial = 0;
  for (; trial < limits.trials && mayGoOn(); trial += 1) {
    const first = FIRST_SEED + trial * SEEDS_A_TRIAL;
    found.push(schedulesUntilFound(entry, strategy, first, limits.schedules, mayGoOn));
  }
  const sorted = found.sort((a, b) => a - b);
  const middle = (trial - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  const hits = found.filter((schedules) => schedules < Infinity).length;
  const shown = median === Infinity ? '–' : String(median);
  return hits === limits.trials ? shown : `${shown} (${hits} of ${trial})`;
}

function schedulesUntilFound(
  entry: OrderingEntry,
  strategy: Strategy,
  first: number,
  schedulesMax: number,
  mayGoOn: () => boolean,
): number {
  const options: CheckOptions = { peersMax: 8, peersLargeMax: 8, faults: FAULT_CHOICES, strategy };
  for (let tried = 0; tried < schedulesMax && mayGoOn(); tried += SEEDS_AT_A_TIME) {
    const count = Math.min(SEEDS_AT_A_TIME, schedulesMax - tried);
    const { failing, seeds } = checkSeeds(entry, first + tried, count, options);
    if (failing !== null) return tried + seeds;
  }
  return Infinity;
}

await main();

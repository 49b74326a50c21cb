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
import {
  isTrialOver,
  medianOfTrials,
  type TrialResult,
  TrialResults,
} from './strategies/trial-results.ts';

/**
 * How many schedules each strategy of `mpcomm check` takes until it finds what is broken:
 * `node bench/strategies.ts [--trials N] [--schedules M] [--seconds S] [--strategies LIST] [--results FILE] [--rate]
 * [FILE|bad-luck ...]`.
 *
 * Without files, for examples/broken/, the broken orderings of test/gallery/ and those of bad-luck.ts. Each trial
 * begins at a seed of its own and gives up after M schedules; a strategy gives up on an ordering after S seconds of
 * processor time. Large schedules are left out, which are the same for every strategy. Printed is the median, and how
 * many trials found it. With --results, FILE keeps how far each trial came: the same command goes on there, also with
 * more trials, as long as M is the same. With --rate, for what is found once in thousands: how often it was found in as many schedules
 * as S seconds allow.
 */
const TRIALS_DEFAULT = 20;
const SCHEDULES_DEFAULT = 400;
const SECONDS_DEFAULT = 20;
const STRATEGIES_DEFAULT = 'random,pct:1,pct:3,pct:10,coverage';
/** A campaign of coverage, which learns nothing from others. */
const CAMPAIGN = 256;
/** Of each 1,024 seeds the first campaign has the large schedules; these are the others. */
const CAMPAIGNS_OF_KILO = 3;

const FOLDERS = ['../examples/broken', '../test/gallery'] as const;
/** These are right, are what others are made of, or take minutes for each schedule. */
const NOT_BROKEN =
  /(?:-base|-right|^right-.*|^heartbeats|^kept-outside-create|^deaf-to-others|^echoes-for-ever)$/;
/** Found once in thousands of schedules or less: to be measured by name. */
const HARD = new Set(['isis-stored', 'skeen-forgets-its-sender', 'skeen-undecided-last']);

interface Limits {
  readonly trials: number;
  readonly schedules: number;
  readonly seconds: number;
  readonly results: TrialResults;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      trials: { type: 'string', default: String(TRIALS_DEFAULT) },
      schedules: { type: 'string', default: String(SCHEDULES_DEFAULT) },
      seconds: { type: 'string', default: String(SECONDS_DEFAULT) },
      strategies: { type: 'string', default: STRATEGIES_DEFAULT },
      results: { type: 'string' },
      rate: { type: 'boolean', default: false },
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
    results: new TrialResults(values.results ?? null),
  };
  console.log(`| Ordering | ${strategies.map(formatStrategy).join(' | ')} |`);
  console.log(`| --- | ${strategies.map(() => '---:').join(' | ')} |`);
  const entries = await Promise.all(files.map((file) => loadOrdering(file, { members: 16 })));
  for (const entry of [...entries, ...synthetic]) {
    const measure = values.rate ? rateOf : medianOf;
    const cells = strategies.map((strategy) => measure(entry, strategy, limits));
    console.log(`| ${entry.name.replace(/^file-/, '')} | ${cells.join(' | ')} |`);
  }
}

function brokenFiles(): string[] {
  return FOLDERS.flatMap((folder) => {
    const path = join(import.meta.dirname, folder);
    const names = readdirSync(path).filter((name) => name.endsWith('.ts'));
    return names
      .filter((name) => !NOT_BROKEN.test(basename(name, '.ts')) && !HARD.has(basename(name, '.ts')))
      .map((name) => join(path, name));
  });
}

/** The median of all trials; those that found nothing count as more than any that did. */
function medianOf(entry: OrderingEntry, strategy: Strategy, limits: Limits): string {
  const mayGoOn = forSeconds(limits.seconds);
  const trials = Array.from({ length: limits.trials }, (_, trial) => {
    return runTrial(entry, strategy, trial, limits, mayGoOn);
  });
  const { median, found, over } = medianOfTrials(trials);
  if (found === 0) return '–';
  const shown = median === Infinity ? '–' : String(median);
  return found === limits.trials ? shown : `${shown} (${found} of ${over})`;
}

/** Goes on with a trial until it is over or the time is, and keeps how far it came after each campaign. */
function runTrial(
  entry: OrderingEntry,
  strategy: Strategy,
  trial: number,
  { schedules: schedulesMax, results }: Limits,
  mayGoOn: () => boolean,
): TrialResult {
  // A whole number of thousands, so that no two trials share a schedule.
  const kilos = Math.ceil(schedulesMax / (CAMPAIGN * CAMPAIGNS_OF_KILO));
  const key = { ordering: entry.name, strategy: formatStrategy(strategy), trial, schedulesMax };
  let result = results.get(key);
  while (!isTrialOver(result) && mayGoOn()) {
    const { tried } = result;
    const campaign = trial * kilos * CAMPAIGNS_OF_KILO + tried / CAMPAIGN;
    const count = Math.min(CAMPAIGN, schedulesMax - tried);
    const found = searchCampaign(entry, strategy, campaign, 0, count);
    result = { ...key, tried: tried + (found ?? count), isFound: found !== null };
    results.set(result);
  }
  return result;
}

/** How often it was found in how many schedules: each search goes on behind what the one before it found. */
function rateOf(entry: OrderingEntry, strategy: Strategy, { seconds }: Limits): string {
  const mayGoOn = forSeconds(seconds);
  let [hits, campaigns] = [0, 0];
  for (; mayGoOn(); campaigns += 1) {
    for (let done = 0; done < CAMPAIGN;) {
      const found = searchCampaign(entry, strategy, campaigns, done, CAMPAIGN - done);
      if (found !== null) hits += 1;
      done += found ?? CAMPAIGN;
    }
  }
  return `${hits} in ${(campaigns * CAMPAIGN).toLocaleString('en-US')}`;
}

/** How many schedules of a campaign, from the one numbered `first` on, it takes to find a fault; `null`: `count` do not. */
function searchCampaign(
  entry: OrderingEntry,
  strategy: Strategy,
  campaign: number,
  first: number,
  count: number,
): number | null {
  const options: CheckOptions = { peersMax: 8, peersLargeMax: 8, faults: FAULT_CHOICES, strategy };
  const kilo = Math.floor(campaign / CAMPAIGNS_OF_KILO);
  const place = 1 + (campaign % CAMPAIGNS_OF_KILO);
  const seed = (kilo * (CAMPAIGNS_OF_KILO + 1) + place) * CAMPAIGN + first;
  const { failing, seeds } = checkSeeds(entry, seed, count, options);
  return failing === null ? null : seeds;
}

/** Whether less than `seconds` of processor time have passed since this call. */
function forSeconds(seconds: number): () => boolean {
  const begin = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6 < seconds;
  };
}

await main();

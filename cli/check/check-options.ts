import { LIMITS } from '../../control/limits.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { type CheckOptions, drawsRepetition } from '../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES, type FaultChoice } from '../../simulation/check/draw-options.ts';
import {
  formatStrategy,
  type Strategy,
  STRATEGY_DEFAULT,
} from '../../simulation/check/strategy/strategy.ts';
import type { ExecCommandOptions } from '../ordering/exec-options.ts';
import { Failure } from '../shell/failure.ts';
import { seedsOfShard, shardOf, type Shard } from './check-shard.ts';

/**
 * The most peers of a schedule, unless --peers says otherwise; the second number is for large
 * schedules.
 */
export const PEERS_DEFAULT = 8;
export const PEERS_MAX = 16;

/** What --faults takes: kinds, or one of the two that stand for sets of them. */
export const FAULTS_ALLOWED = ['none', 'all', ...FAULT_CHOICES] as const;

export interface CheckCommandOptions extends ExecCommandOptions {
  /** A name or a file; all orderings of the registry when it is not given. */
  readonly ordering?: string;
  readonly seeds: number;
  readonly from: number;
  /** The most peers; where absent, PEERS_DEFAULT, and PEERS_MAX in large schedules. */
  readonly peers?: number;
  readonly faults: readonly (typeof FAULTS_ALLOWED)[number][];
  readonly strategy?: Strategy;
  readonly shard?: Shard;
  readonly workers?: number;
  readonly save?: string;
  /** Whether what is remembered of the ordering is dropped first. */
  readonly forget?: boolean;
  readonly state: string;
  readonly json?: boolean;
}

/** What a check of `entry` asks, before anything is known of it. Throws `Failure` for options that do not go. */
export function baseReport(entry: OrderingEntry, options: CheckCommandOptions) {
  const drawn = drawnOptions(options);
  const { first, count } = chooseSeeds(options);
  return {
    ordering: entry.name,
    guarantees: entry.guarantees,
    retransmits: entry.retransmits,
    handsOnPayloads: entry.handsOnPayloads ?? true,
    survives: entry.survives,
    peersMax: drawn.peersMax,
    peersLargeMax: drawn.peersLargeMax ?? drawn.peersMax,
    faults: drawn.faults,
    strategy: formatStrategy(drawn.strategy ?? STRATEGY_DEFAULT),
    notDrawn: notDrawn(entry, options, drawn),
    from: first,
    seeds: count,
  };
}

/** What is drawn for each seed, by the options. Throws `Failure` for options that exclude each other. */
export function drawnOptions({ peers, faults, strategy }: CheckCommandOptions): CheckOptions {
  if (faults.length > 1 && (faults.includes('none') || faults.includes('all'))) {
    throw new Failure('--faults takes either "none" or "all", or kinds of faults; not both');
  }
  const isChosen = (kind: FaultChoice): boolean => faults[0] === 'all' || faults.includes(kind);
  return {
    peersMax: peers ?? PEERS_DEFAULT,
    peersLargeMax: peers ?? PEERS_MAX,
    faults: FAULT_CHOICES.filter(isChosen),
    strategy: strategy ?? STRATEGY_DEFAULT,
  };
}

/** Kinds of faults that were asked for by name, and of which no schedule has any. */
function notDrawn(
  entry: OrderingEntry,
  { faults }: CheckCommandOptions,
  drawn: CheckOptions,
): FaultChoice[] {
  const isNamed = !faults.includes('all');
  return drawn.faults.filter((kind) => isNamed && kind === 'repetition' && !drawsRepetition(entry));
}

/** The seeds of this shard. Throws `Failure` where there are no such seeds. */
function chooseSeeds({ from, seeds, shard }: CheckCommandOptions): {
  first: number;
  count: number;
} {
  if (from + seeds - 1 > LIMITS.seedMax) {
    throw new Failure(`--from ${from} and --seeds ${seeds} go beyond seed ${LIMITS.seedMax}`);
  }
  return seedsOfShard(from, seeds, shard ?? shardOf(process.env) ?? { index: 1, count: 1 });
}

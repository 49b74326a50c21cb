import type { Command } from 'commander';
import { availableParallelism } from 'node:os';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { hasLink } from '../../../simulation/choices/chosen-setup.ts';
import { type Scope } from '../../../simulation/exhaustive/scope.ts';
import { execSourceOf, type ExecCommandOptions } from '../../ordering/exec-options.ts';
import type { OrderingSource } from '../../ordering/ordering-source.ts';
import { Failure } from '../../shell/failure.ts';
import { integerFrom } from '../../shell/parse-values.ts';
import type { LeftOpen } from '../../../simulation/exhaustive/wider-scopes.ts';

const PEERS_ALLOWED = { min: 2, max: 4 } as const;
const MESSAGES_ALLOWED = { min: 1, max: 3 } as const;
const LOSSES_MAX = 3;
const CRASHES_MAX = 2;
const TIMERS_MAX = 10;
const LATES_MAX = 3;
const SECONDS_MAX = 30 * 24 * 3_600;

const DEFAULTS = {
  peers: 3,
  messages: 1,
  losses: 0,
  crashes: 0,
  timers: 1,
  late: 0,
  seconds: 600,
} as const;

/** Options of check, by commander's names, that mean something to the exhaustive search as well. */
const SHARED = [
  ...['ordering', 'exec', 'execChannels', 'guarantees'],
  ...['peers', 'workers', 'save', 'state', 'json'],
];
/** Options that only the exhaustive search has. */
const OWN = ['messages', 'losses', 'crashes', 'timers', 'late', 'wholeStack', 'seconds'];

const MAY_BE_WIDER: readonly LeftOpen[] = ['messages', 'losses', 'crashes'];

export interface ExhaustiveOptions {
  readonly source: OrderingSource;
  /** The sizes of the largest scope that is searched. */
  readonly size: Omit<Scope, 'channels'>;
  /**
   * Whether the ordering runs with its link and its detector, if it has them, even where nothing is to be
   * lost.
   */
  readonly wholeStack: boolean;
  /** Whether more timers, and members that are late, are tried as well: where neither was asked for. */
  readonly isBeyondSought: boolean;
  /** What it was not said how much of is wanted: then wider scopes are looked into at random as well (wider-scopes.ts). */
  readonly leftOpen: ReadonlySet<LeftOpen>;
  readonly seconds: number;
  readonly workers: number;
  readonly save?: string;
  readonly state: string;
  readonly json: boolean;
}

/** The options, as commander gives them, that matter here. */
interface Given extends ExecCommandOptions {
  readonly exhaustive?: boolean;
  readonly ordering?: string;
  readonly peers?: number;
  readonly messages?: number;
  readonly losses?: number;
  readonly crashes?: number;
  readonly timers?: number;
  readonly late?: number;
  readonly wholeStack?: boolean;
  readonly seconds?: number;
  readonly workers?: number;
  readonly save?: string;
  readonly state: string;
  readonly json?: boolean;
}

/** Adds the options of the exhaustive search to `mpcomm check`. */
export function withExhaustive(check: Command): Command {
  const { min, max } = MESSAGES_ALLOWED;
  return check
    .option('--exhaustive', 'all schedules of a small scope, instead of random ones')
    .option(
      '--messages <MAX>',
      `with --exhaustive: of each peer, at most (default: ${DEFAULTS.messages})`,
      integerFrom(min, max),
    )
    .option(
      '--losses <COUNT>',
      'with --exhaustive: packets that may be lost (default: 0)',
      integerFrom(0, LOSSES_MAX),
    )
    .option(
      '--crashes <COUNT>',
      'with --exhaustive: peers that may crash (default: 0)',
      integerFrom(0, CRASHES_MAX),
    )
    .option(
      '--timers <COUNT>',
      `with --exhaustive: of each peer, how often its timer may go off (default: ${DEFAULTS.timers})`,
      integerFrom(0, TIMERS_MAX),
    )
    .option(
      '--late <COUNT>',
      'with --exhaustive: of each peer, how often a step of it may come late, by 1 s or 60 s (default: 0)',
      integerFrom(0, LATES_MAX),
    )
    .option(
      '--whole-stack',
      'with --exhaustive: with the reliable link and the failure detector, not on plain channels',
    )
    .option(
      '--seconds <COUNT>',
      `with --exhaustive: stop after this time; the same command goes on (default: ${DEFAULTS.seconds})`,
      integerFrom(1, SECONDS_MAX),
    );
}

/**
 * What the exhaustive search is asked for; `null` when check is to draw schedules as ever. Throws `Failure` for
 * options that do not go together: none is ignored.
 */
export function exhaustiveOptionsOf(check: Command, given: Given): ExhaustiveOptions | null {
  if (given.exhaustive !== true) {
    const own = OWN.find((name) => isGiven(check, name));
    if (own === undefined) return null;
    throw new Failure(`${flagOf(check, own)} is for the exhaustive search; it needs --exhaustive`);
  }
  refuseOthers(check);
  const { peers = DEFAULTS.peers, seconds = DEFAULTS.seconds } = given;
  if (peers > PEERS_ALLOWED.max) {
    const { min, max } = PEERS_ALLOWED;
    throw new Failure(`--exhaustive takes --peers ${min} to ${max}, not ${peers}`);
  }
  const { messages, losses, crashes, timers, late } = { ...DEFAULTS, ...withoutAbsent(given) };
  return {
    source: sourceOf(given),
    size: { peers, messages, losses, crashes, timers, lates: late },
    wholeStack: given.wholeStack ?? false,
    isBeyondSought: !isGiven(check, 'timers') && !isGiven(check, 'late'),
    leftOpen: new Set(MAY_BE_WIDER.filter((name) => !isGiven(check, name))),
    seconds,
    workers: given.workers ?? availableParallelism(),
    state: given.state,
    json: given.json ?? false,
    ...(given.save === undefined ? {} : { save: given.save }),
  };
}

/** The largest scope that was asked for. Throws `Failure` where the ordering does not allow it. */
export function scopeFor(
  entry: OrderingEntry,
  { size, wholeStack }: Pick<ExhaustiveOptions, 'size' | 'wholeStack'>,
): Scope {
  const isPlain = hasLink(entry) && !wholeStack && size.losses === 0;
  return { ...size, channels: isPlain ? 'reliable' : 'datagrams' };
}

function withoutAbsent(given: Given): Partial<Given> {
  const present = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present);
}

function sourceOf(given: Given): OrderingSource {
  const program = execSourceOf(given);
  if (program !== null) return program;
  if (given.ordering !== undefined) return { ordering: given.ordering };
  throw new Failure('--exhaustive needs one ordering: mpcomm check NAME|FILE --exhaustive');
}

function refuseOthers(check: Command): void {
  const known = ['exhaustive', ...SHARED, ...OWN];
  const others = check.options
    .map((option) => option.attributeName())
    .filter((name) => isGiven(check, name) && !known.includes(name));
  if (others.length === 0) return;
  const flags = others.map((name) => flagOf(check, name)).join(', ');
  const verb = others.length === 1 ? 'is' : 'are';
  throw new Failure(`${flags} ${verb} for random schedules, and cannot go with --exhaustive`);
}

/**
 * Whether an option was typed: not set by default, nor by a variable of the environment that is meant for
 * other commands.
 */
function isGiven(check: Command, name: string): boolean {
  return check.getOptionValueSource(name) === 'cli';
}

function flagOf(check: Command, name: string): string {
  return check.options.find((option) => option.attributeName() === name)?.long ?? name;
}

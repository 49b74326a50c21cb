import { parseArgs } from 'node:util';
import { ORDERINGS, type OrderingEntry } from '../core/orderings/registry.ts';
import type { Estimate } from '../simulation/choices/estimate-schedules.ts';
import { estimatePlans } from '../simulation/exhaustive/estimate-plans.ts';
import { hasLink } from '../simulation/choices/chosen-setup.ts';
import { type Scope } from '../simulation/exhaustive/scope.ts';
import type { ScopeState } from '../simulation/exhaustive/scope-search.ts';
import { isWholeScope, searchWholeScope } from '../simulation/exhaustive/search-whole-scope.ts';
import { namedOrderings } from './named-orderings.ts';

/**
 * Which small scopes `mpcomm check --exhaustive` comes to the end of, for each ordering or those named:
 * `node bench/exhaustive-scopes.ts [--seconds S] [--channels reliable|datagrams] [ordering...]`.
 *
 * Each scope is searched on one thread for at most S seconds (30) of processor time. One that does not end is
 * estimated: the schedules of the level that it came to, after Knuth (1975), at the speed that it had. Left
 * out ("–") is a scope of which a part takes more than HOURS_MAX, or is the same without a fault and did not end: it
 * takes longer, and nobody can say how much.
 */
const SECONDS_DEFAULT = 30;
/** The processor time of an hour on two cores. */
const HOURS_MAX = 2;

const SIZES = [
  { peers: 2, messages: 1 },
  { peers: 2, messages: 2 },
  { peers: 3, messages: 1 },
  { peers: 3, messages: 2 },
] as const;
const FAULTS = [
  { losses: 0, crashes: 0 },
  { losses: 0, crashes: 1 },
  { losses: 1, crashes: 0 },
  { losses: 1, crashes: 1 },
] as const;
/** Schedules that are drawn for an estimate: in a long one, their orders alone take a while to count. */
const PROBES = 200;
/** The default of the command. */
const TIMERS = 1;

type Faults = (typeof FAULTS)[number];

/** What is known of one scope; seconds are of processor time. */
interface Searched {
  readonly scope: Scope;
  readonly state: ScopeState;
  readonly seconds: number;
  /** The schedules of the levels up to the one that it came to; `null` where it ended, or where it cannot be told. */
  readonly estimate: Estimate | null;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: String(SECONDS_DEFAULT) },
      channels: { type: 'string' },
    },
  });
  const names = namedOrderings(positionals);
  if (names === null) return;
  const sizes = SIZES.map(({ peers, messages }) => `${peers} x ${messages}`);
  console.log(`| Ordering | Channels | Faults | ${sizes.join(' | ')} |`);
  console.log(`| --- | --- | --- | ${sizes.map(() => '---:').join(' | ')} |`);
  for (const name of names) {
    const entry = ORDERINGS.get(name)!;
    const all = hasLink(entry) ? (['reliable', 'datagrams'] as const) : (['datagrams'] as const);
    for (const channels of all.filter((each) => each === (values.channels ?? each))) {
      printStack(entry, channels, Number(values.seconds));
    }
  }
}

function printStack(entry: OrderingEntry, channels: Scope['channels'], secondsMax: number): void {
  const [beyond, unfinished]: [Scope[], Scope[]] = [[], []];
  for (const faults of FAULTS) {
    if (channels === 'reliable' && faults.losses > 0) continue;
    const cells = SIZES.map((size) => {
      const scope: Scope = { ...size, ...faults, channels, timers: TIMERS };
      const isSameSize = ({ peers, messages }: Scope): boolean =>
        peers === scope.peers && messages === scope.messages;
      const parts = [...beyond, ...unfinished.filter(isSameSize)];
      if (parts.some((part) => isPartOf(part, scope))) return '–';
      const searched = searchFor(entry, scope, secondsMax);
      if (secondsOf(searched) > HOURS_MAX * 3_600) beyond.push(scope);
      else if (!isWholeScope(searched.state)) unfinished.push(scope);
      return describe(searched);
    });
    const stack = channels === 'reliable' ? 'plain' : hasLink(entry) ? 'whole stack' : 'datagrams';
    console.log(`| ${entry.name} | ${stack} | ${nameOf(faults)} | ${cells.join(' | ')} |`);
  }
}

function isPartOf(part: Scope, scope: Scope): boolean {
  return (['peers', 'messages', 'losses', 'crashes'] as const).every(
    (name) => part[name] <= scope[name],
  );
}

function searchFor(entry: OrderingEntry, scope: Scope, secondsMax: number): Searched {
  const begin = process.cpuUsage();
  const secondsSince = (): number => {
    const { user, system } = process.cpuUsage(begin);
    return (user + system) / 1e6;
  };
  const state = searchWholeScope(entry, scope, () => secondsSince() < secondsMax);
  const seconds = secondsSince();
  if (isWholeScope(state) || state.broken !== null || state.givenUp !== null) {
    return { scope, state, seconds, estimate: null };
  }
  const plans = state.plans.map(({ fates }) => fates);
  const level = estimatePlans(entry, scope, plans, undefined, PROBES);
  const before = state.tally.schedules - state.ofLevel;
  const estimate = level && { ...level, mean: before + level.mean };
  return { scope, state, seconds, estimate };
}

/** As far as it is known, of the whole scope; Infinity where nothing is. */
function secondsOf({ state, seconds, estimate }: Searched): number {
  if (isWholeScope(state)) return seconds;
  if (estimate === null || state.tally.schedules === 0) return Infinity;
  return (seconds * estimate.mean) / state.tally.schedules;
}

function describe(searched: Searched): string {
  const { scope, state, estimate } = searched;
  if (state.broken !== null) return `broken: ${state.broken.join(', ')}`;
  if (state.givenUp !== null) return state.givenUp;
  const time = describeTime(secondsOf(searched));
  if (isWholeScope(state)) return `${state.tally.schedules.toLocaleString('en-US')} in ${time}`;
  if (estimate === null) return 'cannot be estimated';
  const tried = state.tally.schedules;
  // Rare schedules have many of the others behind them: an estimate that is refuted already is none.
  if (estimate.mean < tried) return `more than ${tried.toLocaleString('en-US')}`;
  const error = Math.round((100 * estimate.standardError) / estimate.mean);
  const levels = scope.losses + scope.crashes;
  // Nothing is known of levels that were not begun, which are larger.
  const atLeast = state.level < levels ? 'more than ' : '';
  return `${atLeast}≈ ${estimate.mean.toExponential(1)} ± ${error} %: ${time}`;
}

function describeTime(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 3_600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 100 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return 'days';
}

function nameOf({ losses, crashes }: Faults): string {
  const parts = [...(losses > 0 ? ['a loss'] : []), ...(crashes > 0 ? ['a crash'] : [])];
  return parts.length === 0 ? 'none' : parts.join(' and ');
}

main();

import { parseArgs } from 'node:util';
import { ORDERINGS, type OrderingEntry } from '../core/orderings/registry.ts';
import { hasLink } from '../simulation/choices/chosen-setup.ts';
import type { Scope } from '../simulation/exhaustive/scope.ts';
import { namedOrderings } from './named-orderings.ts';
import {
  beginResult,
  isOver,
  type ScopeResult,
  ScopeResults,
  searchLonger,
  secondsOf,
} from './scopes/scope-result.ts';
import {
  HOUR_SECONDS,
  describeScopeResult,
  nameOfFaults,
  type Stack,
  tablesOf,
} from './scopes/scope-table.ts';

/**
 * Which small scopes `mpcomm check --exhaustive` comes to the end of, for each ordering or those named:
 * `node bench/exhaustive-scopes.ts [--seconds S] [--results FILE] [--channels reliable|datagrams] [--peers P]
 * [--messages M] [--losses L] [--crashes C] [--hours] [--table] [ordering...]`.
 *
 * Each scope is searched on one thread for at most S seconds (120, a minute on two cores) of processor time: all of
 * them for a 25th of that, then those that did not end for a fifth, and then for all of it, so that whatever time
 * there is brings as much as it can. A scope that contains one which did not end is not searched beyond the first
 * round: it takes longer. FILE keeps how far each search came, and the same command goes on there; --table prints what
 * is in it and searches nothing. With --hours, those of which the estimate says that they end within an hour on two cores
 * are then searched for an hour each, the shortest first. The number of schedules of what did not end is estimated after Knuth (1975).
 */
const SECONDS_DEFAULT = 120;
/** How often the results of a search that takes hours are kept. */
const KEPT_EVERY_SECONDS = 300;
/** Of the seconds, in each round. */
const ROUNDS = [1 / 25, 1 / 5, 1] as const;

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
/** The default of the command. */
const TIMERS = 1;

const OPTIONS = {
  seconds: { type: 'string', default: String(SECONDS_DEFAULT) },
  results: { type: 'string' },
  channels: { type: 'string' },
  peers: { type: 'string' },
  messages: { type: 'string' },
  losses: { type: 'string' },
  crashes: { type: 'string' },
  hours: { type: 'boolean', default: false },
  table: { type: 'boolean', default: false },
} as const;

function main(): void {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS });
  const names = namedOrderings(positionals);
  if (names === null) return;
  const results = new ScopeResults(values.results ?? null);
  const isAsked = (scope: Scope): boolean =>
    (['channels', 'peers', 'messages', 'losses', 'crashes'] as const).every(
      (name) => values[name] === undefined || values[name] === String(scope[name]),
    );
  const stacks = names.map((name) => {
    const entry = ORDERINGS.get(name)!;
    return { entry, scopes: scopesOf(entry).filter(isAsked) };
  });
  const seconds = Number(values.seconds);
  if (!values.table) {
    for (const share of ROUNDS) {
      for (const { entry, scopes } of stacks) searchRound(entry, scopes, results, seconds, share);
    }
    if (values.hours) searchHours(stacks, results);
  }
  console.log(tablesOf(stacks, results, seconds));
}

/** Whatever is plain first, and the smallest of it first. */
function scopesOf(entry: OrderingEntry): Scope[] {
  const all = hasLink(entry) ? (['reliable', 'datagrams'] as const) : (['datagrams'] as const);
  return all.flatMap((channels) => {
    const possible = FAULTS.filter(({ losses }) => channels === 'datagrams' || losses === 0);
    return possible.flatMap((faults) =>
      SIZES.map((size): Scope => ({ ...size, ...faults, channels, timers: TIMERS })),
    );
  });
}

function searchRound(
  entry: OrderingEntry,
  scopes: readonly Scope[],
  results: ScopeResults,
  secondsMax: number,
  share: number,
): void {
  const unfinished: Scope[] = [];
  for (const scope of scopes) {
    const before = results.get(entry.name, scope) ?? beginResult(entry.name, scope);
    if (isOver(before)) continue;
    const isLonger = unfinished.some((part) => isPartOf(part, scope));
    const seconds = isLonger ? secondsMax * ROUNDS[0] : secondsMax * share;
    const result = searchAndKeep(entry, before, seconds, results);
    if (!isOver(result)) unfinished.push(scope);
  }
}

/** Goes on with what did not end and may within an hour, the shortest first, as long as that is what the estimate says. */
function searchHours(stacks: readonly Stack[], results: ScopeResults): void {
  const mayEnd = (result: ScopeResult): boolean =>
    !isOver(result) && result.seconds < HOUR_SECONDS && secondsOf(result) <= HOUR_SECONDS;
  const open = stacks.flatMap(({ entry, scopes }) =>
    scopes
      .flatMap((scope) => results.get(entry.name, scope) ?? [])
      .filter(mayEnd)
      .map((result) => ({ entry, result })),
  );
  for (const { entry, result } of open.sort((a, b) => secondsOf(a.result) - secondsOf(b.result))) {
    searchAndKeep(entry, result, HOUR_SECONDS, results, mayEnd);
  }
}

/** Goes on until the search has taken `secondsMax` in all, as long as `mayGoOn` says so of what came of it so far. */
function searchAndKeep(
  entry: OrderingEntry,
  before: ScopeResult,
  secondsMax: number,
  results: ScopeResults,
  mayGoOn: (result: ScopeResult) => boolean = () => true,
): ScopeResult {
  let last = before;
  while (!isOver(last) && last.seconds < secondsMax && mayGoOn(last)) {
    last = searchLonger(entry, last, Math.min(secondsMax, last.seconds + KEPT_EVERY_SECONDS));
    keep(results, last);
  }
  return last;
}

function keep(results: ScopeResults, result: ScopeResult): void {
  results.set(result);
  const { ordering, state } = result;
  const { peers, messages, channels } = state.scope;
  const name = `${ordering}, ${channels}, ${nameOfFaults(state.scope)}, ${peers} x ${messages}`;
  console.error(`${name}: ${describeScopeResult(result)}`);
}

function isPartOf(part: Scope, scope: Scope): boolean {
  return (
    part.channels === scope.channels &&
    (['peers', 'messages', 'losses', 'crashes'] as const).every((name) => part[name] <= scope[name])
  );
}

main();

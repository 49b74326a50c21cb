import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { hasLink } from '../../simulation/choices/chosen-setup.ts';
import type { Scope } from '../../simulation/exhaustive/scope.ts';
import { isWholeScope } from '../../simulation/exhaustive/search-whole-scope.ts';
import { type ScopeResult, type ScopeResults, secondsOf } from './scope-result.ts';

/** The processor time of an hour on two cores. */
export const HOUR_SECONDS = 7_200;

interface Size {
  readonly peers: number;
  readonly messages: number;
}

/** A row for each ordering, its channels and what may go wrong; a column for each size. */
export function tableOf(
  stacks: readonly { readonly entry: OrderingEntry; readonly scopes: readonly Scope[] }[],
  sizes: readonly Size[],
  results: ScopeResults,
  seconds: number,
): string {
  const rows = new Map<string, Map<string, string>>();
  for (const { entry, scopes } of stacks) {
    for (const scope of scopes) {
      const name = `${entry.name} | ${nameOfChannels(entry, scope)} | ${nameOfFaults(scope)}`;
      if (!rows.has(name)) rows.set(name, new Map());
      const result = results.get(entry.name, scope);
      const cell = result === undefined ? '' : describeScopeResult(result, seconds);
      rows.get(name)!.set(`${scope.peers} x ${scope.messages}`, cell);
    }
  }
  const columns = sizes.map(({ peers, messages }) => `${peers} x ${messages}`);
  const lines = [...rows].map(([name, cells]) => {
    return `| ${name} | ${columns.map((column) => cells.get(column) ?? '').join(' | ')} |`;
  });
  const head = `| Ordering | Channels | At most | ${columns.join(' | ')} |`;
  const rule = `| --- | --- | --- | ${columns.map(() => '---:').join(' | ')} |`;
  return [head, rule, ...lines].join('\n');
}

function nameOfChannels(entry: OrderingEntry, { channels }: Scope): string {
  if (channels === 'reliable') return 'plain';
  return hasLink(entry) ? 'whole stack' : 'datagrams';
}

export function nameOfFaults({ losses, crashes }: Scope): string {
  const parts = [...(losses > 0 ? ['a loss'] : []), ...(crashes > 0 ? ['a crash'] : [])];
  return parts.length === 0 ? 'no fault' : parts.join(' and ');
}

/** In brackets stands what was not searched for all of `secondsMax`. */
export function describeScopeResult(result: ScopeResult, secondsMax = 0): string {
  const { state, seconds } = result;
  if (state.broken !== null) return `broken: ${state.broken.join(', ')}`;
  if (state.givenUp !== null) return state.givenUp;
  if (isWholeScope(state)) {
    return `${state.tally.schedules.toLocaleString('en-US')} in ${describeTime(seconds)}`;
  }
  const text = describeEstimate(result);
  return seconds < secondsMax ? `(${text})` : text;
}

function describeEstimate(result: ScopeResult): string {
  const { state, estimate } = result;
  const tried = state.tally.schedules;
  if (estimate === null) return `open: more than ${tried.toLocaleString('en-US')}`;
  const total = secondsOf(result);
  const error = Math.round((100 * estimate.standardError) / estimate.mean);
  const about = `≈ ${estimate.mean.toExponential(1).replace('+', '')} ± ${error} %`;
  // Rare schedules have many of the others behind them: an estimate that is refuted already is none.
  if (estimate.mean < tried)
    return `open: more than ${tried.toLocaleString('en-US')}, not ${about}`;
  return `${total <= HOUR_SECONDS ? 'hour' : 'no'}: ${about}, ${describeTime(total)}`;
}

function describeTime(seconds: number): string {
  if (seconds < 0.1) return '< 0.1 s';
  if (seconds < 100) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 10 * 3_600) return `${(seconds / 3_600).toFixed(1)} h`;
  if (seconds < 100 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  return 'days';
}

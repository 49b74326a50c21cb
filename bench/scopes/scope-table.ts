import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { hasLink } from '../../simulation/choices/chosen-setup.ts';
import type { Scope } from '../../simulation/exhaustive/scope.ts';
import { isWholeScope } from '../../simulation/exhaustive/search-whole-scope.ts';
import { type ScopeResult, type ScopeResults, secondsOf } from './scope-result.ts';

/** The processor time of an hour on two cores. */
export const HOUR_SECONDS = 7_200;

/** The scopes of one ordering. */
export interface Stack {
  readonly entry: OrderingEntry;
  readonly scopes: readonly Scope[];
}

/** What stands in one cell: a row and a column are made where they first come up. */
interface Cell {
  readonly row: string;
  readonly column: string;
  readonly text: string;
}

/**
 * The tables of docs/simulator.md: a row for each ordering on plain channels and what may go wrong, with a column for each
 * size; and of the whole stack a row for each ordering, with a column for what may go wrong. There it is of the smallest
 * size alone.
 */
export function tablesOf(stacks: readonly Stack[], results: ScopeResults, seconds: number): string {
  const plain: Cell[] = [];
  const whole: Cell[] = [];
  for (const { entry, scopes } of stacks) {
    for (const scope of scopes) {
      const result = results.get(entry.name, scope);
      const text = result === undefined ? '' : describeScopeResult(result, seconds);
      const [faults, size] = [nameOfFaults(scope), `${scope.peers} x ${scope.messages}`];
      if (!isWholeStack(entry, scope)) {
        const channels = hasLink(entry) ? 'plain' : 'datagrams';
        plain.push({ row: `${entry.name} | ${channels} | ${faults}`, column: size, text });
      } else if (scope.peers * scope.messages === 2) {
        whole.push({ row: entry.name, column: faults, text });
      }
    }
  }
  const tables = [
    render(['Ordering', 'Channels', 'At most'], plain),
    ...(whole.length === 0 ? [] : [render(['Ordering'], whole)]),
  ];
  return tables.join('\n\n');
}

function render(head: readonly string[], cells: readonly Cell[]): string {
  const columns = [...new Set(cells.map(({ column }) => column))];
  const rows = [...new Set(cells.map(({ row }) => row))];
  const texts = new Map(cells.map(({ row, column, text }) => [`${row} | ${column}`, text]));
  const lineOf = (parts: readonly string[]): string => `| ${parts.join(' | ')} |`;
  return [
    lineOf([...head, ...columns]),
    lineOf([...head.map(() => '---'), ...columns.map(() => '---:')]),
    ...rows.map((row) => {
      return lineOf([row, ...columns.map((column) => texts.get(`${row} | ${column}`) ?? '')]);
    }),
  ].join('\n');
}

function isWholeStack(entry: OrderingEntry, { channels }: Scope): boolean {
  return channels === 'datagrams' && hasLink(entry);
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

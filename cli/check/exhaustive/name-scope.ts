import type { Estimate } from '../../../simulation/choices/search/estimate-schedules.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import { count, formatNumber } from '../../render/table.ts';

/** A scope in words, such as `3 peers x 1 message with at most 1 crash`. */
export function nameOfScope({
  peers,
  messages,
  losses,
  crashes,
}: Pick<Scope, 'peers' | 'messages' | 'losses' | 'crashes'>): string {
  const faults = [
    ...(losses === 0 ? [] : [count(losses, 'loss', 'losses')]),
    ...(crashes === 0 ? [] : [count(crashes, 'crash', 'crashes')]),
  ];
  const most = faults.length === 0 ? '' : ` with at most ${faults.join(' and ')}`;
  return `${count(peers, 'peer')} x ${count(messages, 'message')}${most}`;
}

/** How many timers a scope has, such as `2 timers and 1 late step of each peer`. */
function describeTimersOf({ timers, lates = 0 }: Pick<Scope, 'timers' | 'lates'>): string {
  const late = lates === 0 ? '' : ` and ${count(lates, 'late step')}`;
  return `${count(timers, 'timer')}${late} of each peer`;
}

/**
 * A scope with its timers, such as `3 peers x 1 message with at most 1 crash and 2 timers of each peer`; `most` stands
 * before these: nothing, or `up to `.
 */
export function nameWithTimers(scope: Scope, most = ''): string {
  const join = scope.losses + scope.crashes > 0 ? 'and' : 'with';
  return `${nameOfScope(scope)} ${join} ${most}${describeTimersOf(scope)}`;
}

/** What may go wrong that the scope leaves out, such as `more losses than 1, crashes`. */
export function describeFaultsUpTo({ losses, crashes, channels }: Scope): string {
  const beyond = (most: number, name: string): string =>
    most === 0 ? name : `more ${name} than ${most}`;
  const parts = [beyond(crashes, 'crashes')];
  if (channels === 'datagrams') parts.unshift(beyond(losses, 'losses'));
  return parts.join(', ');
}

/** An estimate in words, such as `about 1.2e6 (give or take 8 %)`. */
export function describeEstimate({ mean, standardError }: Estimate): string {
  const share = mean === 0 ? 0 : Math.round((100 * standardError) / mean);
  const number = mean < 1e7 ? formatNumber(Math.round(mean)) : mean.toExponential(1);
  return `about ${number} (give or take ${share} %)`;
}

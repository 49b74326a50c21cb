import { isDeeperThan } from '../../../simulation/exhaustive/beyond-scopes.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import { count, formatNumber, wrap } from '../../render/table.ts';
import { nameOfScope, nameWithTimers } from './name-scope.ts';
import type { BeyondScope, TriedBeyond } from './search-beyond.ts';

/** What was tried beyond what was asked for: what was searched to its end, in part, and what was only drawn. */
export function describeBeyond({ drawn, searched }: TriedBeyond): string[] {
  const whole = searched.filter(({ isWhole }) => isWhole).filter(isWidestOf);
  const parts = searched.filter(({ isWhole }) => !isWhole);
  const texts = [
    ...whole.map(
      ({ scope, tally }) => `all ${count(tally.schedules, 'schedule')} of ${nameIn(scope)}`,
    ),
    ...sumsBySize(parts).map(({ scope, schedules }) => {
      return `${count(schedules, 'schedule')}, and not all, of ${nameIn(scope)}`;
    }),
    ...drawn.map(({ scope, schedules }) => {
      return `${formatNumber(schedules)} drawn at random, which proves nothing, of ${nameIn(scope)}`;
    }),
  ];
  if (texts.length === 0) return [];
  return [
    '  besides, beyond the bound, no counterexample among',
    ...texts.map((text) => wrap(`- ${text}`, '    ')),
  ];
}

function nameIn(scope: Scope): string {
  return nameWithTimers(scope, 'up to ');
}

/** Whether no other scope of the same size contains this one. */
function isWidestOf({ scope }: BeyondScope, _index: number, all: readonly BeyondScope[]): boolean {
  return !all.some((other) => other.scope !== scope && isPartOf(scope, other.scope));
}

function isPartOf(part: Scope, whole: Scope): boolean {
  const isSameSize = part.peers === whole.peers && part.messages === whole.messages;
  return isSameSize && !isDeeperThan(part, whole);
}

/** What was tried of the scopes of each size together: the sum of their schedules, and the widest of their bounds. */
function sumsBySize(parts: readonly BeyondScope[]): { scope: Scope; schedules: number }[] {
  const sums = new Map<string, { scope: Scope; schedules: number }>();
  for (const { scope, tally } of parts) {
    const { scope: known = scope, schedules = 0 } = sums.get(nameOfScope(scope)) ?? {};
    const timers = Math.max(known.timers, scope.timers);
    const lates = Math.max(known.lates ?? 0, scope.lates ?? 0);
    const sum = { scope: { ...scope, timers, lates }, schedules: schedules + tally.schedules };
    sums.set(nameOfScope(scope), sum);
  }
  return [...sums.values()];
}

import { compare, type Disagreement, type PeerLog } from '../../core/judge/comparison.ts';
import type { GuaranteeName } from '../../core/guarantees.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { ExclusionError } from '../../core/views/view.ts';
import type { Scenario } from '../scenario.ts';
import type { Failure, SimulationResult } from '../simulate.ts';
import { minorityOf } from './draw-options.ts';
import type { Finding } from './finding.ts';
import { judgeLiveness } from './liveness.ts';
import { type DeliveredWhenLastMulticast, judgeSorting } from './sorting.ts';

/** Safety first: what was delivered wrongly says more than what is missing. */
const SAFETY: readonly GuaranteeName[] = [
  'integrity',
  'fifo',
  'causal',
  'total',
  'uniformTotal',
  'gapFree',
];
const COMPLETENESS: readonly GuaranteeName[] = ['agreement', 'uniformAgreement', 'validity'];

/** What the run broke of what `entry` promises; the first is the one to look at. */
export function judge(
  entry: OrderingEntry,
  scenario: Scenario,
  result: SimulationResult,
  delivered: DeliveredWhenLastMulticast | null,
): Finding[] {
  const { guarantees } = compare(result.members.map(toPeerLog), scenario.messages);
  const findings = [...judgeEnd(result), ...broken(entry, guarantees, SAFETY)];
  if (mayExpectCompleteness(entry, result)) {
    if (findings.length === 0) findings.push(...judgeLiveness(entry, scenario, result));
    findings.push(...broken(entry, guarantees, COMPLETENESS));
  }
  if (findings.length === 0 && delivered !== null) findings.push(...judgeSorting(delivered));
  return findings;
}

/** Whether agreement, validity and progress are promised in a run in which these members crashed. */
function mayExpectCompleteness(entry: OrderingEntry, { members }: SimulationResult): boolean {
  const crashed = members.filter((member) => member.crashed).length;
  return crashed <= (entry.survives === 'minority' ? minorityOf(members.length) : 0);
}

function toPeerLog({ sequence, crashed }: SimulationResult['members'][number]): PeerLog {
  return {
    sequence,
    multicasts: sequence.multicasts,
    multicastsNoted: true,
    correct: !crashed,
    reportPlace: null,
  };
}

function judgeEnd({ members, reason, events }: SimulationResult): Finding[] {
  const findings: Finding[] = [];
  const failure = firstFailure(members);
  if (failure !== null) {
    const at = `${(failure.atUs / 1_000).toFixed(3)} ms`;
    const text = `the ordering of peer ${failure.member} threw at ${at}: ${String(failure.error)}`;
    findings.push({ name: 'failed', text, observations: [] });
  }
  if (reason === 'stuck') {
    const text = `the run was stopped after ${events} events: the ordering does not calm down`;
    findings.push({ name: 'endless', text, observations: [] });
  }
  return findings;
}

/** A member that stops itself because the others went on without it did right, and counts as crashed. */
function firstFailure(members: SimulationResult['members']): Failure | null {
  const failures = members.flatMap(({ failure }) =>
    failure === null || failure.error instanceof ExclusionError ? [] : [failure],
  );
  return failures.sort((a, b) => a.atUs - b.atUs)[0] ?? null;
}

function broken(
  entry: OrderingEntry,
  guarantees: Disagreement['guarantees'],
  names: readonly GuaranteeName[],
): Finding[] {
  return names.flatMap((name) => {
    const { held, counterexample } = guarantees[name];
    if (held !== false || counterexample === undefined || !entry.guarantees.includes(name))
      return [];
    return [{ name, ...counterexample }];
  });
}

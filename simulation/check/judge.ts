import { compareDeliveries, type Disagreement, type PeerLog } from '../../core/judge/comparison.ts';
import type { GuaranteeName } from '../../core/guarantees.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { contentsOf } from '../../control/workload.ts';
import { ExclusionError } from '../../core/views/view.ts';
import type { Scenario } from '../scenario.ts';
import type { OrderingFailure, MemberResult, SimulationResult } from '../simulate.ts';
import { minorityOf } from './draw-options.ts';
import type { Finding } from './finding.ts';
import { judgeLiveness } from './liveness.ts';

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

/** What can be judged of a run: the guarantees, that all is delivered in the end, and not only then. */
export type Judged = GuaranteeName | 'progress' | 'sorting';

/** What was judged of one run, and what it broke. */
export interface Judgement {
  /** The first is the one to look at. */
  readonly findings: readonly Finding[];
  /** What could be judged, and held or did not: the rest of what an ordering declares was not. */
  readonly judged: readonly Judged[];
}

/** Holds one run to what `entry` declares, and to what is asked of every ordering. */
export function judge(
  entry: OrderingEntry,
  scenario: Scenario,
  result: SimulationResult,
): Judgement {
  const guarantees = judgeGuarantees(entry, scenario, result);
  const isExpected = mayExpectCompleteness(entry, result);
  const names = isExpected ? [...SAFETY, ...COMPLETENESS] : SAFETY;
  const declared = names.filter((name) => entry.guarantees.includes(name));
  const judged: Judged[] = declared.filter((name) => guarantees[name].held !== null);
  const findings = [...judgeEnd(entry, result), ...broken(guarantees, declared, SAFETY)];
  if (isExpected && entry.retransmits) {
    judged.push('progress');
    if (findings.length === 0) findings.push(...judgeLiveness(scenario, result));
  }
  findings.push(...broken(guarantees, declared, COMPLETENESS));
  return { findings, judged };
}

/** Why guarantees could not be judged in a run, by name; those that could are left out. */
export function reasonsOf(
  entry: OrderingEntry,
  scenario: Scenario,
  result: SimulationResult,
): Partial<Record<GuaranteeName, string>> {
  const guarantees = judgeGuarantees(entry, scenario, result);
  const reasons = Object.entries(guarantees).flatMap(([name, { held, reason }]) =>
    held === null ? [[name, reason ?? 'for no reason that is known']] : [],
  );
  return Object.fromEntries(reasons) as Partial<Record<GuaranteeName, string>>;
}

function judgeGuarantees(
  entry: OrderingEntry,
  { messages, ...payloadRules }: Scenario,
  { members }: SimulationResult,
): Disagreement['guarantees'] {
  const logs = members.map((member) => toPeerLog(entry, member));
  return compareDeliveries(logs, messages, contentsOf(payloadRules)).guarantees;
}

/** Whether agreement, validity and progress are promised in a run in which these members crashed. */
export function mayExpectCompleteness(
  entry: OrderingEntry,
  { members }: SimulationResult,
): boolean {
  return members.filter(({ crashed }) => crashed).length <= missingMax(entry, members);
}

/** How many members may be missing while the others go on. */
function missingMax({ survives }: OrderingEntry, members: readonly MemberResult[]): number {
  return survives === 'minority' ? minorityOf(members.length) : 0;
}

function toPeerLog(
  { handsOnPayloads = true }: OrderingEntry,
  { sequence, firstPremature, crashed }: MemberResult,
): PeerLog {
  return {
    sequence,
    multicasts: sequence.multicasts,
    multicastsNoted: true,
    contentsNoted: handsOnPayloads,
    firstPremature,
    correct: !crashed,
    reportPlace: null,
  };
}

function judgeEnd(entry: OrderingEntry, { members, reason, events }: SimulationResult): Finding[] {
  const findings: Finding[] = [];
  const failure = firstFailure(members);
  if (failure !== null) {
    const at = `${(failure.atUs / 1_000).toFixed(3)} ms`;
    const what = entry.explain?.(failure.error) ?? String(failure.error);
    const text = `the ordering of peer ${failure.member} threw at ${at}: ${what}`;
    findings.push({ name: 'failed', text, observations: [] });
  }
  if (reason === 'stuck') {
    const text = `the run was stopped after ${events} events: the ordering does not calm down`;
    findings.push({ name: 'endless', text, observations: [] });
  }
  return [...findings, ...judgeExclusion(entry, members)];
}

/** A member that stops itself because the others went on without it did right, and counts as crashed. */
function firstFailure(members: readonly MemberResult[]): OrderingFailure | null {
  const failures = members.flatMap(({ failure }) =>
    failure === null || isExclusion(failure) ? [] : [failure],
  );
  return failures.sort((a, b) => a.atUs - b.atUs)[0] ?? null;
}

function isExclusion({ error }: OrderingFailure): boolean {
  return error instanceof ExclusionError;
}

/**
 * Members may stop themselves only while those that are left are as many as the ordering needs: whoever
 * is excluded was excluded by them. Not asked where more members crashed than the ordering survives.
 */
function judgeExclusion(entry: OrderingEntry, members: readonly MemberResult[]): Finding[] {
  const excluded = [...members.keys()].filter((peer) => {
    const { failure } = members[peer]!;
    return failure !== null && isExclusion(failure);
  });
  const crashed = members.filter((member) => member.crashed && member.failure === null).length;
  const allowed = missingMax(entry, members);
  if (excluded.length === 0 || crashed > allowed || crashed + excluded.length <= allowed) return [];
  const text =
    `peer ${excluded.join(', ')} stopped as excluded, and ${crashed} of ${members.length} peers ` +
    `crashed; an ordering that survives ${entry.survives} goes on without at most ${allowed}`;
  return [{ name: 'excluded', text, observations: [] }];
}

function broken(
  guarantees: Disagreement['guarantees'],
  declared: readonly GuaranteeName[],
  names: readonly GuaranteeName[],
): Finding[] {
  return names.flatMap((name) => {
    const { held, counterexample } = guarantees[name];
    if (held !== false || counterexample === undefined || !declared.includes(name)) return [];
    return [{ name, ...counterexample }];
  });
}

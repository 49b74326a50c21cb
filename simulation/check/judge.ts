import { type Disagreement, judgeDeliveries } from '../../core/judge/comparison.ts';
import {
  GUARANTEE_NAMES,
  type GuaranteeName,
  LIVENESS_GUARANTEES,
  SAFETY_GUARANTEES,
} from '../../core/guarantees.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { contentsOf } from '../../control/workload.ts';
import { ExclusionError } from '../../core/views/view.ts';
import { peerLogOf } from '../peer-log.ts';
import { SharingError } from '../run/world.ts';
import type { Scenario } from '../scenario.ts';
import type { OrderingFailure, MemberResult, SimulationResult } from '../simulate.ts';
import { minorityOf } from './draw-options.ts';
import type { Finding } from './finding.ts';
import { judgeLiveness } from './liveness.ts';
import { ObservedRun } from './observed.ts';
import { isUntroubled } from './untroubled.ts';

/** What can be judged of a run: the guarantees, that all is delivered in the end, and not only then. */
export type Judged = GuaranteeName | 'progress' | 'sorting';

/** What was judged of one run, and what it broke. */
export interface Judgement {
  /** What the run broke; the first finding is the one to look at. */
  readonly findings: readonly Finding[];
  /** What could be judged, whether it held or not; the rest of what an ordering declares could not. */
  readonly judged: readonly Judged[];
}

/**
 * Holds one run to what `entry` declares, and to what is asked of every ordering. `isWhole`: the run was not
 * cut short, so that what is missing will never come.
 */
export function judge(
  entry: OrderingEntry,
  scenario: Scenario,
  result: SimulationResult,
  isWhole = true,
): Judgement {
  const guarantees = judgeGuarantees(entry, scenario, result);
  const isExpected = isWhole && mayExpectCompleteness(entry, result);
  const names = isExpected ? [...SAFETY_GUARANTEES, ...LIVENESS_GUARANTEES] : SAFETY_GUARANTEES;
  const declared = names.filter((name) => entry.guarantees.includes(name));
  const observed = new ObservedRun(result.members);
  const judged: Judged[] = declared.filter(
    (name) => guarantees[name].held !== null && observed.whyNot(name) === null,
  );
  // The guarantees of safety come first: what was delivered wrongly says more than what is missing.
  const findings = [
    ...judgeFailure(entry, result),
    ...broken(guarantees, declared, SAFETY_GUARANTEES),
    ...judgeEnd(scenario, result),
  ];
  // What a run broke before says why messages are missing in it: progress is then not asked for.
  if (isExpected && entry.retransmits && findings.length === 0) {
    judged.push('progress');
    findings.push(...judgeLiveness(scenario, result));
  }
  findings.push(...broken(guarantees, declared, LIVENESS_GUARANTEES));
  return { findings, judged };
}

/** Why guarantees could not be judged in a run, by name; a guarantee that could be judged is left out. */
export function reasonsOf(
  entry: OrderingEntry,
  scenario: Scenario,
  result: SimulationResult,
): Partial<Record<GuaranteeName, string>> {
  const guarantees = judgeGuarantees(entry, scenario, result);
  const observed = new ObservedRun(result.members);
  const reasons: Partial<Record<GuaranteeName, string>> = {};
  for (const name of GUARANTEE_NAMES) {
    const { held, reason } = guarantees[name];
    const why = held === null ? reason : observed.whyNot(name);
    if (why !== undefined && why !== null) reasons[name] = why;
  }
  return reasons;
}

/** Whether a run is only wrong in what is missing at its end: a longer one may show that it comes. */
export function isUnfinished({ reason }: SimulationResult, findings: readonly Finding[]): boolean {
  return reason === 'end' && findings.length > 0 && findings.every(isAboutTheEnd);
}

/** Whether it is only known once nothing is left to happen: what is missing may come until then. */
export function isAboutTheEnd({ name }: Pick<Finding, 'name'>): boolean {
  return name === 'liveness' || (LIVENESS_GUARANTEES as readonly string[]).includes(name);
}

/** What the members of a run delivered, held to all guarantees, with the contents that its rules give. */
export function judgeGuarantees(
  entry: OrderingEntry,
  { messages, ...payloadRules }: Scenario,
  { members }: SimulationResult,
): Disagreement['guarantees'] {
  const logs = members.map((member) => peerLogOf(member, entry.handsOnPayloads ?? true));
  return judgeDeliveries(logs, messages, contentsOf(payloadRules));
}

/** Whether agreement, validity and progress are promised in a run in which these members crashed. */
export function mayExpectCompleteness(
  entry: OrderingEntry,
  { members }: SimulationResult,
): boolean {
  const missing = members.filter(({ crashed }) => crashed).length;
  return missing <= missingMax(entry, members.length);
}

/** How many of `peers` members may be missing, so that the others still deliver everything. */
export function missingMax({ survives }: OrderingEntry, peers: number): number {
  return survives === 'minority' ? minorityOf(peers) : 0;
}

function judgeFailure(entry: OrderingEntry, { members }: SimulationResult): Finding[] {
  const failure = firstFailure(members);
  if (failure === null) return [];
  const at = `${(failure.atUs / 1_000).toFixed(3)} ms`;
  const what = entry.explain?.(failure.error) ?? String(failure.error);
  const text = `the ordering of peer ${failure.member} threw at ${at}: ${what}`;
  const name = failure.error instanceof SharingError ? 'sharing' : 'failed';
  return [{ name, text, observations: [] }];
}

function judgeEnd(scenario: Scenario, { members, reason, events }: SimulationResult): Finding[] {
  const exclusion = judgeExclusion(scenario, members);
  if (reason !== 'stuck') return exclusion;
  const text = `the run was stopped after ${events} events: the ordering does not calm down`;
  return [{ name: 'endless', text, observations: [] }, ...exclusion];
}

/** A member that stops itself because the others went on without it did right, and counts as crashed. */
export function isOrderingFault(failure: OrderingFailure): boolean {
  return !isExclusion(failure);
}

function firstFailure(members: readonly MemberResult[]): OrderingFailure | null {
  const failures = members.flatMap(({ failure }) =>
    failure !== null && isOrderingFault(failure) ? [failure] : [],
  );
  return failures.sort((a, b) => a.atUs - b.atUs)[0] ?? null;
}

function isExclusion({ error }: OrderingFailure): boolean {
  return error instanceof ExclusionError;
}

/**
 * Judges exclusions. A member that stops itself as excluded claims that the others went on without it.
 * Members that go on without others have to be a majority, or two groups could do so; so no more than a
 * minority is ever excluded. And no member is excluded where none was away, slow or cut off.
 */
function judgeExclusion(scenario: Scenario, members: readonly MemberResult[]): Finding[] {
  const excluded = [...members.keys()].filter((peer) => {
    const { failure } = members[peer]!;
    return failure !== null && isExclusion(failure);
  });
  const most = isUntroubled(scenario) ? 0 : minorityOf(members.length);
  if (excluded.length <= most) return [];
  const who = `${excluded.length === 1 ? 'peer' : 'peers'} ${excluded.join(', ')}`;
  const why =
    most === 0 && members.length > 2
      ? 'in a run in which nobody was away, slow or cut off'
      : `of ${members.length} peers, of which at most ${most} can be excluded by a majority`;
  return [{ name: 'excluded', text: `${who} stopped as excluded, ${why}`, observations: [] }];
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

import { assert } from '../core/base/assert.ts';
import type { GuaranteeName } from '../core/guarantees.ts';
import { blockedOf } from '../control/blocked.ts';
import { buildComparison } from '../control/comparison/build-comparison.ts';
import type { MemberLog } from '../control/comparison/member-log.ts';
import type { Comparison } from '../control/comparison-document.ts';
import type { Counters, Percentiles, Report } from '../control/documents.ts';
import type { Scenario } from './scenario.ts';
import type { SimulatedBank } from './observers/simulated-bank.ts';
import type { MemberResult, SimulationResult } from './simulate.ts';

/** The ordering that ran: a registry entry, or the part of one that a file with an ordering tells. */
export interface SimulatedOrdering {
  readonly name: string;
  readonly guarantees: readonly GuaranteeName[];
  /** `false` when the ordering is not told what messages carry, so that no content is judged. */
  readonly handsOnPayloads?: boolean;
}

/**
 * The comparison document of a simulated run, as a real run has it. It depends on nothing but its
 * arguments: `createdAtMs` is when the run ended, in virtual time. `result` has to be measured, and a
 * run whose workload is the bank is compared with the `bank` that observed it.
 */
export function simulatedComparison(
  ordering: SimulatedOrdering,
  scenario: Scenario,
  result: SimulationResult,
  bank: SimulatedBank | null = null,
): Comparison {
  return buildComparison({
    runId: `simulated-${scenario.seed}`,
    createdAtMs: Math.ceil(result.endedAtUs / 1_000),
    ordering: ordering.name,
    declared: ordering.guarantees,
    backend: 'simulation',
    network: 'simulated',
    seed: scenario.seed,
    messages: scenario.messages,
    messagesKnown: true,
    workload: scenario.workload,
    payloadBytes: ordering.handsOnPayloads === false ? null : scenario.payloadBytes,
    members: result.members.map((_member, self) => toMemberLog(scenario, result, bank, self)),
  });
}

function toMemberLog(
  scenario: Scenario,
  result: SimulationResult,
  bank: SimulatedBank | null,
  self: number,
): MemberLog {
  const member = result.members[self]!;
  const { delay } = scenario.network;
  const isCrash = member.crashed && member.failure === null;
  return {
    peerId: `peer-${self}`,
    zone: delay.kind === 'zones' ? delay.zones[self]! : null,
    standing: isCrash ? 'crashed' : 'reported',
    reason: isCrash ? 'it crashed, as the scenario asked' : null,
    report: isCrash ? null : { ...toReport(scenario, result, self), ...bank?.reportOf(self) },
    sequence: member.sequence,
    multicasts: member.sequence.multicasts,
    multicastsNoted: true,
    contentsNoted: true,
    firstPremature: member.firstPremature,
    reportedAtUs: isCrash ? null : Math.max(0, member.lastDeliveryAtUs),
  };
}

function toReport(scenario: Scenario, result: SimulationResult, self: number): Report {
  const member = result.members[self]!;
  const { firstMulticastAtUs, lastDeliveryAtUs, sequence } = member;
  const ending = describeEnding(scenario, result, member);
  return {
    runId: `simulated-${scenario.seed}`,
    peerId: `peer-${self}`,
    incarnation: 'simulated',
    ...ending,
    missing: [],
    ...blockedOf(member.blockage, (index) => `peer-${index}`),
    chunks: 0,
    deliveries: sequence.length,
    multicasts: sequence.multicasts,
    network: 'simulated',
    roundTripMs: {},
    durationMs:
      firstMulticastAtUs < 0 ? 0 : Math.max(0, lastDeliveryAtUs - firstMulticastAtUs) / 1_000,
    counters: toCounters(member),
  };
}

function describeEnding(
  { peers, messages }: Scenario,
  { reason }: SimulationResult,
  { failure, distinct }: MemberResult,
): Pick<Report, 'outcome' | 'reason'> {
  if (failure !== null) {
    const at = `at ${failure.atUs / 1_000} ms`;
    return { outcome: 'failed', reason: `the ordering failed ${at}: ${failure.error.message}` };
  }
  if (distinct === peers * messages) return { outcome: 'complete' };
  if (reason === 'stuck') {
    return { outcome: 'deadline', reason: 'the run was stopped after too many events' };
  }
  if (reason === 'interrupted') {
    return { outcome: 'deadline', reason: 'the run was stopped before its end' };
  }
  if (reason === 'end') {
    return {
      outcome: 'deadline',
      reason: 'the scenario ended before everything was delivered',
    };
  }
  return {
    outcome: 'settled',
    reason: 'nothing more was to come: what is missing was lost, or never multicast',
  };
}

function toCounters(member: MemberResult): Counters {
  const { measured } = member;
  assert(measured !== null, 'a comparison is made of a run that was measured');
  return {
    datagramsSent: measured.datagramsSent,
    datagramsReceived: member.messagesReceived,
    bytesSent: measured.bytesSent,
    bytesReceived: measured.bytesReceived,
    dataMessagesSent: member.dataMessagesSent,
    controlMessagesSent: member.controlMessagesSent,
    dropped: member.overflows > 0 ? { overflow: member.overflows } : {},
    emulatedLosses: member.packetsLost,
    ownLatencyMs: percentiles(member.ownLatencyUs.filter((us) => !Number.isNaN(us))),
    heldMs: percentiles(measured.holdingUs),
    heldMax: member.heldMax,
    deliveredAfterLastArrival: member.deliveredAfterLastArrival,
  };
}

/** Percentiles by nearest rank, in milliseconds; `null` without values. */
function percentiles(valuesUs: Float64Array | Uint32Array): Percentiles {
  if (valuesUs.length === 0) return { p50: null, p90: null, p99: null, max: null };
  const sorted = valuesUs.slice().sort();
  const rank = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]! / 1_000;
  return { p50: rank(0.5), p90: rank(0.9), p99: rank(0.99), max: rank(1) };
}

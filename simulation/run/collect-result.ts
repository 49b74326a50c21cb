import { toError } from '../../core/base/to-error.ts';
import type { FaultKind } from '../scenario.ts';
import type { MemberSoFar, RunSoFar } from './run-so-far.ts';
import type { EndReason, MemberResult, SimulationResult } from '../simulation-result.ts';

/**
 * Whether every member that runs multicast all its messages, delivered all messages of members that
 * run, and delivered as many as the others that run: what crashed members multicast is delivered by all
 * of them or by none, as far as numbers tell.
 */
export function allDelivered({ members, scenario }: RunSoFar): boolean {
  let length = -1;
  // Numbers that differ are found fast, so pairs of members are compared only when all numbers are the
  // same.
  for (const { running, record, schedule } of members) {
    if (!running) continue;
    if (length < 0) length = record.sequence.length;
    if (!schedule.sentAll || record.sequence.length !== length) return false;
  }
  return members.every(
    ({ running, record }) => !running || hasAllOf(record.distinctFrom, members, scenario.messages),
  );
}

function hasAllOf(from: Uint32Array, members: readonly MemberSoFar[], messages: number): boolean {
  for (let sender = 0; sender < members.length; sender += 1) {
    if (members[sender]!.running && from[sender]! < messages) return false;
  }
  return true;
}

/** The result of a run that is over. */
export function collectResult(simulation: RunSoFar, reason: EndReason): SimulationResult {
  const { scenario, failures } = simulation;
  const members = simulation.members.map((_member, self) => collectMember(simulation, self));
  return {
    members,
    faultsHappened: countFaults(simulation),
    reason,
    allDelivered: allDelivered(simulation),
    endedAtUs: reason === 'end' ? scenario.endUs : simulation.nowUs,
    events: simulation.events,
    failure: failures[0] ?? members.find(({ failure }) => failure !== null)?.failure ?? null,
  };
}

function countFaults({
  network,
  crashes,
  secondLives,
  pauses,
  lateStarts,
  scenario,
}: RunSoFar): Record<FaultKind, number> {
  const skews = scenario.faults.filter(
    (fault) => fault.kind === 'clockSkew' && (fault.rate !== 1 || fault.offsetUs !== 0),
  );
  return {
    crash: crashes,
    restart: secondLives.restarts,
    pause: pauses,
    lateStart: lateStarts,
    clockSkew: skews.length,
    partition: network.cut,
    clog: network.clogged,
    loss: network.lost,
    repetition: network.repeated,
    reordering: network.reordered,
  };
}

function collectMember(run: RunSoFar, self: number): MemberResult {
  const { members, failures } = run;
  const { record, running } = members[self]!;
  const asked = askWhatItWaitsFor(run, self);
  return {
    sequence: record.sequence,
    firstPremature: record.firstPremature < 0 ? null : record.firstPremature,
    crashed: !running,
    failure: failures.find(({ member }) => member === self) ?? asked.failure,
    distinct: record.distinct,
    dataMessagesSent: record.dataMessagesSent,
    controlMessagesSent: record.controlMessagesSent,
    packetsLost: record.packetsLost,
    overflows: record.overflows,
    messagesReceived: record.messagesReceived,
    ownLatencyUs: record.ownLatencyUs,
    blockage: asked.blockage,
    heldMax: record.heldMax,
    deliveredAfterLastArrival: record.deliveredAfterLastArrival,
    firstMulticastAtUs: record.firstMulticastAtUs,
    lastDeliveryAtUs: record.lastDeliveryAtUs,
    measured: record.measurements?.result() ?? null,
  };
}

/** What a member that runs waits for; an ordering that throws when it is asked has failed, as in any other call. */
function askWhatItWaitsFor(
  { members, nowUs }: RunSoFar,
  self: number,
): Pick<MemberResult, 'blockage' | 'failure'> {
  const { running, ordering } = members[self]!;
  try {
    return { blockage: running ? (ordering.blockage?.() ?? null) : null, failure: null };
  } catch (thrown) {
    return { blockage: null, failure: { member: self, atUs: nowUs, error: toError(thrown) } };
  }
}

import {
  compare,
  type PairDistance,
  type PeerLog,
  type Tally,
} from '../../core/judge/comparison.ts';
import type { Comparison, PeerResult } from '../comparison-document.ts';
import type { Report } from '../documents.ts';
import { describeFindings, describePeer } from './findings.ts';
import { type BankVerdict, judgeBank } from './judge-bank.ts';
import type { ComparisonInput, MemberLog } from './member-log.ts';

/**
 * The comparison document of a run, or of logs from files.
 *
 * A member counts as correct when it reported and took part to the end: one that was told to stop,
 * failed, or gave up in the handshake counts as crashed, as does one without a report.
 */
export function buildComparison(input: ComparisonInput): Comparison {
  const { members, messages } = input;
  const disagreement = compare(members.map(toPeerLog), messages);
  const { tallies, pairs, guarantees, ...rounds } = disagreement;
  const bank = judgeWorkload(input);
  return {
    schemaVersion: 1,
    runId: input.runId,
    createdAtMs: input.createdAtMs,
    ordering: input.ordering,
    backend: input.backend,
    network: input.network,
    seed: input.seed,
    peers: members.length,
    messages,
    messagesKnown: input.messagesKnown,
    ...rounds,
    guarantees: excuseCutOff(guarantees, members),
    declared: [...input.declared],
    perPeer: members.map((member, peer) => toPeerResult(member, peer, tallies[peer]!)),
    kendallTau: { ...summarize(pairs), pairs },
    cost: sumCost(members),
    bank: bank?.result ?? null,
    findings: [
      ...describeFindings(input, disagreement),
      ...(bank?.findings ?? []).map(({ peer, text }) => describePeer(members[peer]!, peer, text)),
    ],
  };
}

function judgeWorkload({ workload, seed, messages, members }: ComparisonInput): BankVerdict | null {
  if (workload !== 'bank' || seed === null) return null;
  return judgeBank({ seed, messages, members, tookPart: isCorrect });
}

/** What a run that its deadline cut off cannot tell: the rest may have been on its way. */
const LIVENESS = ['validity', 'agreement', 'uniformAgreement'] as const;

function excuseCutOff(
  guarantees: Comparison['guarantees'],
  members: readonly MemberLog[],
): Comparison['guarantees'] {
  const cutOff = members.filter(({ report }) => report?.outcome === 'deadline');
  if (cutOff.length === 0) return guarantees;
  const where = cutOff.map(({ peerId }) => peerId).join(', ');
  const excused = { ...guarantees };
  for (const name of LIVENESS) {
    const { held, counterexample } = guarantees[name];
    if (held !== false) continue;
    const reason = `the deadline cut the run off at ${where}: ${counterexample?.text ?? ''}`;
    excused[name] = { held: null, reason };
  }
  return excused;
}

const TO_THE_END: readonly Report['outcome'][] = ['complete', 'settled', 'deadline'];

function toPeerLog(member: MemberLog): PeerLog {
  const { sequence, multicasts, multicastsNoted, reportedAtUs } = member;
  const correct = isCorrect(member);
  return { sequence, multicasts, multicastsNoted, correct, reportPlace: reportedAtUs };
}

function isCorrect({ report, standing }: MemberLog): boolean {
  const tookPart = report === null || TO_THE_END.includes(report.outcome);
  return standing === 'reported' && tookPart;
}

function toPeerResult(member: MemberLog, peer: number, tally: Tally): PeerResult {
  const { report } = member;
  const counters = report?.counters;
  return {
    peer,
    peerId: member.peerId,
    zone: member.zone,
    standing: member.standing,
    outcome: report?.outcome ?? null,
    reason: member.reason ?? report?.reason ?? null,
    multicasts: member.multicasts,
    ...tally,
    datagrams: counters
      ? { sent: counters.datagramsSent, received: counters.datagramsReceived }
      : null,
    bytes: counters ? { sent: counters.bytesSent, received: counters.bytesReceived } : null,
    messagesSent: counters
      ? { data: counters.dataMessagesSent, control: counters.controlMessagesSent }
      : null,
    dropped: counters?.dropped ?? null,
    emulatedLosses: counters?.emulatedLosses ?? null,
    ownLatencyMs: counters?.ownLatencyMs ?? null,
    heldMs: counters?.heldMs ?? null,
    heldMax: counters?.heldMax ?? null,
    deliveredAfterLastArrival: counters?.deliveredAfterLastArrival ?? null,
    roundTripMs: report?.roundTripMs ?? null,
    durationMs: report?.durationMs ?? null,
    ...(report?.recorded === undefined ? {} : { recorded: report.recorded }),
  };
}

/** Mean and maximum over the pairs that have two common messages. */
function summarize(pairs: readonly PairDistance[]): { mean: number | null; max: number | null } {
  const distances = pairs.flatMap(({ normalized }) => (normalized === null ? [] : [normalized]));
  if (distances.length === 0) return { mean: null, max: null };
  const sum = distances.reduce((total, distance) => total + distance, 0);
  return { mean: sum / distances.length, max: Math.max(...distances) };
}

/** Over all members that reported; `null` when those multicast nothing. */
function sumCost(members: readonly MemberLog[]): Comparison['cost'] {
  const reports = members.flatMap(({ report }) => (report === null ? [] : [report]));
  const sum = (of: (report: Report) => number) =>
    reports.reduce((total, report) => total + of(report), 0);
  const multicasts = sum((report) => report.multicasts);
  if (multicasts === 0) return null;
  return {
    datagramsPerMulticast: sum(({ counters }) => counters.datagramsSent) / multicasts,
    bytesPerMulticast: sum(({ counters }) => counters.bytesSent) / multicasts,
    controlMessagesPerMulticast: sum(({ counters }) => counters.controlMessagesSent) / multicasts,
  };
}

import {
  compareDeliveries,
  type PairDistance,
  type PairHands,
  type PeerLog,
  type Tally,
} from '../../core/judge/comparison.ts';
import type { MulticastContents } from '../../core/records/content.ts';
import type { Comparison, PeerResult } from '../comparison-document.ts';
import type { Report } from '../documents.ts';
import { contentsOf } from '../workload.ts';
import { excuse } from './excuses.ts';
import { describeFindings, describePeer } from './findings.ts';
import { type BankVerdict, judgeBank } from './judge-bank.ts';
import type { ComparisonInput, MemberLog } from './member-log.ts';
import { type Company, companyOf } from './who-stayed.ts';

/**
 * The comparison document of a run, or of logs from files. `hands` measure the pairs of logs: by default the
 * thread that asks.
 *
 * A member counts as correct when it reported, took part to the end, and the others did not end without
 * it (who-stayed.ts): one that was told to stop, failed, or gave up in the handshake counts as crashed,
 * as does one without a report.
 */
export function buildComparison(input: ComparisonInput, hands?: PairHands): Comparison {
  const { members, messages } = input;
  const contents = contentsOfRun(input);
  const company = companyOf(members);
  const { stayed } = company;
  const logs = members.map((member, place) => toPeerLog(member, stayed[place]!));
  const disagreement = compareDeliveries(logs, messages, contents, input.facts, hands);
  const { tallies, pairs, guarantees, ...rounds } = disagreement;
  const bank = judgeWorkload(input, company);
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
    guarantees: excuse(guarantees, input, company),
    declared: [...input.declared],
    contentsJudged: contents !== null && members.every(hasKnownContents),
    perPeer: members.map((member, peer) => ({
      ...toPeerResult(member, peer, tallies[peer]!),
      ...(company.leftBehind[peer]! ? { leftBehind: true as const } : {}),
    })),
    kendallTau: { ...summarize(pairs), pairs },
    cost: sumCost(members),
    bank: bank?.result ?? null,
    findings: [
      ...describeFindings(input, disagreement, company),
      ...(bank?.findings ?? []).map(({ peer, text }) => describePeer(members[peer]!, peer, text)),
    ],
  };
}

/** What each message carried, by the rules of the run; `null` where they are not known. */
function contentsOfRun({
  seed,
  workload,
  payloadBytes = null,
}: ComparisonInput): MulticastContents | null {
  if (seed === null || payloadBytes === null) return null;
  return contentsOf({ seed, workload, payloadBytes });
}

/** Whether the contents of a member's deliveries are known; without deliveries there are none to know. */
function hasKnownContents({ contentsNoted = false, sequence }: MemberLog): boolean {
  return contentsNoted || sequence.length === 0;
}

function judgeWorkload(
  { workload, seed, messages, members }: ComparisonInput,
  { stayed }: Company,
): BankVerdict | null {
  if (workload !== 'bank' || seed === null) return null;
  return judgeBank({ seed, messages, members, stayed });
}

function toPeerLog(member: MemberLog, correct: boolean): PeerLog {
  const { sequence, multicasts, multicastsPresumed, multicastsNoted, reportedAtUs } = member;
  return {
    sequence,
    multicasts,
    ...(multicastsPresumed === undefined ? {} : { multicastsPresumed }),
    multicastsNoted,
    correct,
    contentsNoted: member.contentsNoted ?? false,
    firstPremature: member.firstPremature ?? null,
    reportPlace: reportedAtUs,
  };
}

function toPeerResult(member: MemberLog, peer: number, tally: Tally): PeerResult {
  const { report } = member;
  const counters = report?.counters;
  return {
    peer,
    peerId: member.peerId,
    ...(member.called === undefined ? {} : { called: member.called }),
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
    ...(counters?.busyMs === undefined ? {} : { busyMs: counters.busyMs }),
    ...(counters?.standstillMs === undefined ? {} : { standstillMs: counters.standstillMs }),
    ...(counters?.standstillMsMax === undefined
      ? {}
      : { standstillMsMax: counters.standstillMsMax }),
    roundTripMs: report?.roundTripMs ?? null,
    durationMs: report?.durationMs ?? null,
    ...(report?.pace === undefined ? {} : { pace: report.pace }),
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

/** The cost over all members that reported; `null` when those multicast nothing. */
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

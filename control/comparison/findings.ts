import type { Disagreement } from '../../core/judge/comparison.ts';
import { nameSome } from '../name-some.ts';
import { describePace } from './describe-pace.ts';
import { describeSlowest, describeStandstills } from './describe-slowest.ts';
import type { ComparisonInput, MemberLog } from './member-log.ts';
import type { Company } from './who-stayed.ts';

/**
 * Sentences for a person about what was missing or looks wrong, member by member. What the
 * guarantees say is not said again.
 */
export function describeFindings(
  input: ComparisonInput,
  disagreement: Disagreement,
  company: Company,
): string[] {
  const { members } = input;
  const reports = members.map(({ report }) => report);
  const nameAt = (peer: number): string => nameOf(members[peer]!, peer);
  const findings = [
    ...(input.messagesKnown ? [] : [inferred(input, disagreement.rounds)]),
    ...members.flatMap((member, peer) => describeStanding(member, nameOf(member, peer), members)),
    ...members.flatMap((member, peer) =>
      company.leftBehind[peer]! ? describeLeavingBehind(member, nameOf(member, peer), members) : [],
    ),
    ...members.flatMap((member, peer) => describeClaims(member, nameOf(member, peer), input)),
    ...members.flatMap((member, peer) =>
      describeTally(member, disagreement.tallies[peer]!, nameOf(member, peer)),
    ),
    ...members.flatMap((member, peer) =>
      disagreement.tallies[peer]!.missing > 0 ? describeOverflow(member, nameOf(member, peer)) : [],
    ),
    ...members.flatMap((member, peer) => describeBlockage(member, nameOf(member, peer))),
    ...members.flatMap((member, peer) => describeLateness(member, nameOf(member, peer))),
    ...members.flatMap((member, peer) => describePace(member.report?.pace, nameOf(member, peer))),
    ...describeSlowest(reports, nameAt),
    ...describeStandstills(reports, nameAt),
    ...members.flatMap((member, peer) => describeRecording(member, nameOf(member, peer))),
  ];
  return findings.map(toSentence);
}

/** A sentence about one peer: `text` begins with what it did. */
export function describePeer(member: MemberLog, peer: number, text: string): string {
  return toSentence(`${nameOf(member, peer)} ${text}`);
}

function describeRecording({ report }: MemberLog, name: string): string[] {
  const { events = 0, leftOut = 0 } = report?.recorded ?? {};
  if (leftOut === 0) return [];
  return [`${name} recorded its first ${events} events, and only counted ${leftOut} after them`];
}

function toSentence(finding: string): string {
  return `${finding.charAt(0).toUpperCase()}${finding.slice(1)}${/[.!?]$/.test(finding) ? '' : '.'}`;
}

function inferred({ messages, members }: ComparisonInput, rounds: number): string {
  const implied =
    rounds === members.length * messages
      ? `${count(messages, 'message')} a peer is what the logs imply`
      : `the logs imply ${count(rounds, 'message')} in all, and of no sender more than ${messages}`;
  return `how many messages each peer multicast was not given; ${implied}`;
}

/** `peer 2 (peer-c in me-west1-a)`; of a log from a file `peer 5003 (c.log)`, or `c.log`. */
function nameOf(member: MemberLog, peer: number): string {
  if (member.called === null) return `the peer of ${member.peerId}`;
  if (member.called !== undefined) return `peer ${member.called} (${member.peerId})`;
  const zone = member.zone === null ? '' : ` in ${member.zone}`;
  return `peer ${peer} (${member.peerId}${zone})`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function describeStanding(
  member: MemberLog,
  name: string,
  members: readonly MemberLog[],
): string[] {
  const because = member.reason === null ? '' : `: ${member.reason}`;
  switch (member.standing) {
    case 'silent':
      return [`${name} wrote nothing${because}`];
    case 'crashed': {
      const wrote = count(member.sequence.length, 'delivery').replace(/ys$/, 'ies');
      if (member.called !== undefined) {
        return [
          `${name} crashed, as was told, after ${wrote}: nobody asks it to have delivered what it or ` +
            'others multicast',
        ];
      }
      return [`${name} wrote ${wrote} and then no report${because}`];
    }
    case 'rejected':
      return [`what ${name} wrote could not be used${because}`];
    case 'reported':
      return describeOutcome(member, name, members);
  }
}

/** Tells of a member that reported as if it took part to the end, although others had ended without it. */
function describeLeavingBehind(
  { peerId }: MemberLog,
  name: string,
  members: readonly MemberLog[],
): string[] {
  const others = members.filter((other) => other.report?.missing.includes(peerId));
  const whom = others.length === 0 ? 'the others' : nameSome(others.map((other) => other.peerId));
  return [`${name} counts as crashed: ${whom} ended the run without it`];
}

const OUTCOMES = {
  complete: '',
  settled: 'ended without messages that were lost or never multicast',
  deadline: "was stopped by the run's deadline",
  handshake: 'gave up before the run, because members did not answer',
  abandoned: 'was told to stop before the end',
  failed: 'could not go on with its ordering',
} as const;

function describeOutcome(
  { report, reason }: MemberLog,
  name: string,
  members: readonly MemberLog[],
): string[] {
  if (report === null || report.outcome === 'complete') return [];
  const why = reason ?? report.reason;
  const because = why === undefined ? '' : explain(report.outcome, why);
  const missed = report.missing.map((peerId) => {
    const zone = members.find((member) => member.peerId === peerId)?.zone ?? null;
    return zone === null ? peerId : `${peerId} in ${zone}`;
  });
  const whom = missed.length === 0 ? '' : ` (it missed ${nameSome(missed)})`;
  return [`${name} ${OUTCOMES[report.outcome]}${whom}${because}`];
}

/** Explains an outcome. What told a member to stop is often one word, such as SIGTERM, and no sentence. */
function explain(outcome: keyof typeof OUTCOMES, why: string): string {
  return outcome === 'abandoned' ? ` (${why.replace(/\.$/, '')})` : `: ${why}`;
}

/** Tells where a member's word about itself is impossible, or differs from what was asked or found. */
function describeClaims(member: MemberLog, name: string, input: ComparisonInput): string[] {
  const { multicasts, report, sequence } = member;
  const findings: string[] = [];
  if (multicasts !== null && multicasts > input.messages) {
    findings.push(
      `${name} claims ${count(multicasts, 'multicast')} where ${input.messages} were asked: ` +
        'those beyond count as invented',
    );
  }
  if (multicasts !== null && multicasts < input.messages && input.messagesKnown) {
    findings.push(`${name} multicast ${multicasts} of ${count(input.messages, 'message')}`);
  }
  if (report !== null && report.deliveries !== sequence.length) {
    findings.push(
      `the report of ${name} counts ${report.deliveries} deliveries, its log has ` +
        String(sequence.length),
    );
  }
  return findings;
}

function describeTally(
  { standing, called }: MemberLog,
  tally: Disagreement['tallies'][number],
  name: string,
): string[] {
  const findings: string[] = [];
  if (tally.missing > 0) {
    const missing = count(tally.missing, 'message');
    if (standing === 'reported') findings.push(`${name} never delivered ${missing}`);
    if (standing === 'crashed' && called === undefined) {
      findings.push(
        `what ${name} wrote lacks ${missing}; what it delivered in its last second is not known`,
      );
    }
  }
  if (tally.duplicates > 0) {
    findings.push(
      `${name} delivered again what it had delivered, ${count(tally.duplicates, 'time')}`,
    );
  }
  if (tally.invented > 0) {
    findings.push(`${name} delivered ${count(tally.invented, 'message')} that nobody multicast`);
  }
  if (tally.altered !== null && tally.altered > 0) {
    findings.push(
      `${name} delivered ${count(tally.altered, 'message')} with another content than was multicast`,
    );
  }
  return findings;
}

/** Tells what a member that lacks messages lost, since it was too slow for what came. */
function describeOverflow({ report }: MemberLog, name: string): string[] {
  const overflow = report?.counters.dropped['overflow'] ?? 0;
  if (overflow === 0) return [];
  return [`${name} lost ${count(overflow, 'datagram')} that found its receive buffer full`];
}

/** Head-of-line blocking: one message that cannot be delivered holds back all that come after it. */
function describeBlockage({ report }: MemberLog, name: string): string[] {
  const blocked = report?.blocked;
  if (blocked === undefined) return [];
  const { sender, sequence, waitsFor } = blocked;
  const whom = waitsFor.length === 0 ? 'for others' : `for the word of ${nameSome(waitsFor)}`;
  return [`at ${name} the next message, ${sequence} of ${sender}, still waited ${whom}`];
}

/**
 * In an ordering that waits for the end, the first messages wait for the whole run and the last for
 * nothing.
 */
const SORTING_SPREAD_MIN = 1.5;

/**
 * Tells of a member that delivered nothing before the last message had arrived, and whose own messages
 * waited the less the later they were multicast. An ordering that waits for the end behaves so, and so
 * does a right one that is slow in a short run. One run cannot tell them apart (several can:
 * simulation/check/sorting.ts), and no more is said. Nothing is said of what a deadline cut off: the rest was still to arrive.
 */
function describeLateness({ report, sequence }: MemberLog, name: string): string[] {
  if (report === null || report.outcome === 'deadline' || sequence.length < 2) return [];
  const { deliveredAfterLastArrival, ownLatencyMs } = report.counters;
  if (deliveredAfterLastArrival < sequence.length) return [];
  const { p50, max } = ownLatencyMs;
  if (p50 !== null && max !== null && max < SORTING_SPREAD_MIN * p50) return [];
  return [
    `${name} delivered all ${sequence.length} messages only after the last one had arrived; whether it ` +
      'waits for the end of a run, however long, only several runs can tell (mpcomm check)',
  ];
}

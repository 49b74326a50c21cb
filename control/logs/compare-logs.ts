import { comparableMessagesMax, type PairHands } from '../../core/judge/comparison.ts';
import { buildComparison } from '../comparison/build-comparison.ts';
import type { ComparisonInput, MemberLog } from '../comparison/member-log.ts';
import type { Comparison } from '../comparison-document.ts';
import { LIMITS } from '../limits.ts';
import { describeDoubts } from './describe-doubts.ts';
import { checkFirst } from './check-first.ts';
import type { DecodedLog } from './decode-log.ts';
import { describeReading } from './describe-reading.ts';
import { namesOf } from './names-of-run.ts';
import { qualifyVerdicts } from './qualify-verdicts.ts';
import { readLogs } from './read-logs.ts';
import { toRun, type RunOfLogs } from './run-of-logs.ts';
import { LogError } from './text/log-text.ts';
import { toMembers } from './to-members.ts';
import { normalTold, type ToldOfLogs } from './told.ts';

/** The most senders: a sender's place in a delivered sequence has 16 bits. */
const SENDERS_MAX = 0xffff;

/**
 * Compares logs from files, one a peer, that any program wrote in any of the forms of forms/registry.ts.
 * `told` is what the logs do not say themselves, or what they are not to be asked for; `hands` measure the
 * pairs of logs.
 * @throws LogError for a file that cannot be read, for logs that could be understood in several ways,
 *   and for what cannot be compared.
 */
export function compareLogs(
  files: readonly DecodedLog[],
  told: Partial<ToldOfLogs>,
  nowMs: number,
  hands?: PairHands,
): Comparison {
  return compareWithMembers(files, told, nowMs, hands).comparison;
}

/** A comparison of logs, with what each peer delivered as the judge read it. */
export interface ComparedLogs {
  readonly comparison: Comparison;
  readonly members: readonly MemberLog[];
}

/** Does what `compareLogs` does, and returns the deliveries themselves as well. @throws LogError */
export function compareWithMembers(
  files: readonly DecodedLog[],
  told: Partial<ToldOfLogs>,
  nowMs: number,
  hands?: PairHands,
): ComparedLogs {
  if (files.length < LIMITS.peersMin || files.length > LIMITS.peersMax) {
    const allowed = `${LIMITS.peersMin} to ${LIMITS.peersMax} can be compared`;
    throw new LogError(`${files.length} files were given; ${allowed}`);
  }
  const all = normalTold(told);
  const set = readLogs(files, all);
  if (all.first !== null) checkFirst(set, all.first);
  const run = toRun(set, all);
  checkSize(run);
  const members = toMembers(run);
  const judged = judge(run, members, all, nowMs, hands);
  const comparison = {
    ...judged,
    guarantees: qualifyVerdicts(judged, run, all),
    reading: toReading(run, all, files),
    findings: [...judged.findings, ...describeDoubts(run, all)],
  };
  return { comparison, members };
}

function judge(
  run: RunOfLogs,
  members: readonly MemberLog[],
  told: ToldOfLogs,
  nowMs: number,
  hands: PairHands | undefined,
): Comparison {
  const input: ComparisonInput = {
    runId: null,
    createdAtMs: nowMs,
    ordering: null,
    declared: [],
    backend: 'files',
    network: 'unknown',
    seed: null,
    messages: run.messages,
    messagesKnown: told.messages !== null,
    members,
    facts: { others: run.others, rounds: run.rounds, names: namesOf(run) },
  };
  return buildComparison(input, hands);
}

function toReading(
  run: RunOfLogs,
  told: ToldOfLogs,
  files: readonly DecodedLog[],
): NonNullable<Comparison['reading']> {
  const { owners, parties } = run.set;
  return {
    notes: describeReading(run, told, files),
    senders: run.senderAt.map((sender, slot) => {
      return sender < 0 ? (owners.names[slot] ?? null) : parties.senders[sender]!;
    }),
    first: run.numbering.first,
  };
}

/** Refuses what would take too much memory: the comparison needs some for every message that may exist. */
function checkSize({ set, messages, others, senderAt }: RunOfLogs): void {
  const size = set.parties.files.length;
  const senders = size + others.length;
  if (senderAt.length > SENDERS_MAX) {
    throw new LogError(`the logs show ${senderAt.length} senders; ${SENDERS_MAX} can be compared`);
  }
  const max = comparableMessagesMax(size, senders);
  if (Number.isInteger(messages) && messages >= 0 && messages <= max) return;
  throw new LogError(
    `${messages} messages a sender: of ${senders} senders in ${size} files, 0 to ${max} can be compared`,
  );
}

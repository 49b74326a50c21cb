import type { GuaranteeName } from '../guarantees.ts';
import type { MulticastContents } from '../records/content.ts';
import { judgeAgreement } from './agreement.ts';
import { judgeCausalOrder } from './causal-order.ts';
import { CausalPast } from './causal-past.ts';
import { judgeFifoOrder } from './fifo-order.ts';
import { judgeGapFreedom } from './gap-freedom.ts';
import { judgeIntegrity } from './integrity.ts';
import { LogTable, type PeerLog, type RunFacts } from './log-table.ts';
import { measurePairs, type PairDistance } from './pairs.ts';
import { countAsPublished, countRounds, type PublishedCount, type Rounds } from './rounds.ts';
import { tally, type Tally } from './tallies.ts';
import { judgeTotalOrder } from './total-order.ts';
import { judgeValidity } from './validity.ts';
import type { Verdict } from './verdict.ts';

/** What the logs of a run disagree about. Peers, messages and positions are counted from 0. */
export interface Disagreement extends Rounds, PublishedCount {
  guarantees: Record<GuaranteeName, Verdict>;
  /** By peer. */
  tallies: Tally[];
  pairs: PairDistance[];
}

/**
 * Compares the logs of N peers that were to multicast `messages` messages each. `contents` tells what
 * each message carried; `null` where that is not known, and then no content is judged. `facts` are what
 * else is known, as of senders whose logs nobody has: these are judged like the peers, as far as the
 * peers' logs tell of them.
 *
 * Takes O(N^2 n log n) time for logs of n deliveries, most of it for the pairs, and N x N x M
 * numbers of memory twice; `comparableMessagesMax` says for how many messages that is allowed. Logs
 * may hold anything (repetitions, inventions, contradictions): what they say is judged, not trusted.
 */
export function compareDeliveries(
  logs: readonly PeerLog[],
  messages: number,
  contents: MulticastContents | null = null,
  facts: RunFacts = {},
): Disagreement {
  const table = new LogTable(logs, messages, contents, facts);
  return {
    ...countRounds(table),
    ...countAsPublished(table),
    guarantees: judgeGuarantees(table),
    tallies: tally(table),
    pairs: measurePairs(table),
  };
}

/** The guarantees alone, of the same logs, for whoever judges thousands of short runs. */
export function judgeDeliveries(
  logs: readonly PeerLog[],
  messages: number,
  contents: MulticastContents | null = null,
): Disagreement['guarantees'] {
  return judgeGuarantees(new LogTable(logs, messages, contents));
}

function judgeGuarantees(table: LogTable): Record<GuaranteeName, Verdict> {
  const past = logsNoteMulticasts(table) ? new CausalPast(table) : null;
  const total = judgeTotalOrder(table, false);
  const isAnyCrashed = table.logs.some(({ correct }) => !correct);
  return {
    integrity: judgeIntegrity(table, past),
    validity: judgeValidity(table),
    agreement: judgeAgreement(table, false),
    uniformAgreement: judgeAgreement(table, true),
    fifo: judgeFifoOrder(table),
    causal: judgeCausalOrder(table, past),
    total,
    // Where nobody crashed both speak of the same logs.
    uniformTotal: isAnyCrashed ? judgeTotalOrder(table, true) : total,
    gapFree: judgeGapFreedom(table),
  };
}

function logsNoteMulticasts({ logs }: LogTable): boolean {
  return logs.some((log) => log.multicastsNoted);
}

export { comparableMessagesMax, type Names, type PeerLog, type RunFacts } from './log-table.ts';
export { type PairDistance } from './pairs.ts';
export { type Tally } from './tallies.ts';
export { type Counterexample, type Observation, type Verdict } from './verdict.ts';

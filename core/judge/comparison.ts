import type { GuaranteeName } from '../guarantees.ts';
import type { MulticastContents } from '../records/content.ts';
import { judgeAgreement } from './agreement.ts';
import { judgeCausalOrder } from './causal-order.ts';
import { CausalPast } from './causal-past.ts';
import { judgeFifoOrder } from './fifo-order.ts';
import { judgeGapFreedom } from './gap-freedom.ts';
import { judgeIntegrity } from './integrity.ts';
import type { PeerLog, RunFacts } from './judged-run.ts';
import { LogTable } from './log-table.ts';
import { ONE_HAND, type PairHands } from './pairs/pair-jobs.ts';
import { beginPairs, type PairDistance } from './pairs/pairs.ts';
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
 * Takes O(N^2 n log n) time for logs of n deliveries, most of it for the pairs, which `hands` measure; where
 * all logs are equal, hardly more than one log takes. Takes N x n numbers of memory, and up to
 * N x N x M where causality needs them; `comparableMessagesMax` says for how many messages that is allowed. Logs
 * may hold anything (repetitions, inventions, contradictions): what they say is judged, not trusted.
 */
export function compareDeliveries(
  logs: readonly PeerLog[],
  messages: number,
  contents: MulticastContents | null = null,
  facts: RunFacts = {},
  hands: PairHands = ONE_HAND,
): Disagreement {
  const table = new LogTable(logs, messages, contents, facts, hands.allocate);
  const pairs = beginPairs(table, hands);
  return {
    ...countRounds(table),
    ...countAsPublished(table),
    guarantees: judgeGuarantees(table),
    tallies: tally(table),
    pairs: pairs(),
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
  const agreement = judgeAgreement(table, false);
  const total = judgeTotalOrder(table, false);
  // Where nobody crashed, the uniform guarantees speak of the same logs.
  const isAnyCrashed = table.logs.some(({ correct }) => !correct);
  return {
    integrity: judgeIntegrity(table, past),
    validity: judgeValidity(table),
    agreement,
    uniformAgreement: isAnyCrashed ? judgeAgreement(table, true) : agreement,
    fifo: judgeFifoOrder(table),
    causal: judgeCausalOrder(table, past),
    total,
    uniformTotal: isAnyCrashed ? judgeTotalOrder(table, true) : total,
    gapFree: judgeGapFreedom(table),
  };
}

function logsNoteMulticasts({ logs }: LogTable): boolean {
  return logs.some((log) => log.multicastsNoted);
}

export { type Names, type PeerLog, type RunFacts } from './judged-run.ts';
export { comparableMessagesMax } from './log-table.ts';
export { type PairHands } from './pairs/pair-jobs.ts';
export { type PairDistance } from './pairs/pairs.ts';
export { type Tally } from './tallies.ts';
export { type Counterexample, type Observation, type Verdict } from './verdict.ts';

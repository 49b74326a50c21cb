import type { GuaranteeName } from '../guarantees.ts';
import { judgeAgreement } from './agreement.ts';
import { judgeCausalOrder } from './causal-order.ts';
import { judgeFifoOrder } from './fifo-order.ts';
import { judgeGapFreedom } from './gap-freedom.ts';
import { judgeIntegrity } from './integrity.ts';
import { LogTable, type PeerLog } from './log-table.ts';
import { measurePairs, type PairDistance } from './pairs.ts';
import { countAsPublished, countRounds, type PublishedCount, type Rounds } from './rounds.ts';
import { tally, type Tally } from './tallies.ts';
import { judgeTotalOrder } from './total-order.ts';
import { judgeValidity } from './validity.ts';
import type { Verdict } from './verdict.ts';

/** What the logs of a run disagree about. Peers, messages and positions are counted from 0. */
export interface Disagreement extends Rounds, PublishedCount {
  guarantees: Record<GuaranteeName, Verdict>;
  /** One a peer. */
  tallies: Tally[];
  pairs: PairDistance[];
}

/**
 * Compares the logs of N peers that were to multicast `messages` messages each.
 *
 * Takes O(N^2 n log n) time for logs of n deliveries, most of it for the pairs, and N x N x M
 * numbers of memory twice; `comparableMessagesMax` says for how many messages that is allowed. Logs
 * may hold anything (repetitions, inventions, contradictions): what they say is judged, not trusted.
 */
export function compare(logs: readonly PeerLog[], messages: number): Disagreement {
  const table = new LogTable(logs, messages);
  return {
    ...countRounds(table),
    ...countAsPublished(table),
    guarantees: judgeGuarantees(table),
    tallies: tally(table),
    pairs: measurePairs(table),
  };
}

function judgeGuarantees(table: LogTable): Record<GuaranteeName, Verdict> {
  return {
    integrity: judgeIntegrity(table),
    validity: judgeValidity(table),
    agreement: judgeAgreement(table, false),
    uniformAgreement: judgeAgreement(table, true),
    fifo: judgeFifoOrder(table),
    causal: judgeCausalOrder(table),
    total: judgeTotalOrder(table, false),
    uniformTotal: judgeTotalOrder(table, true),
    gapFree: judgeGapFreedom(table),
  };
}

export { comparableMessagesMax, type PeerLog } from './log-table.ts';
export { type PairDistance } from './pairs.ts';
export { type Tally } from './tallies.ts';
export { type Counterexample, type Observation, type Verdict } from './verdict.ts';

import { Bank } from './bank.ts';
import { type BankHistory, LACKING, type ReplicaLog } from './bank-history.ts';
import { accountOf, ACCOUNTS, isDeposit, NO_OPERATION } from './bank-operation.ts';

/** The first position after which two replicas hold different balances, and who they are. */
export interface FirstDifference {
  readonly position: number;
  readonly first: number;
  readonly second: number;
}

/** Two operations, by the index of their messages, that `other` applied the other way round. */
export interface FirstSwap {
  readonly other: number;
  /** A deposit and interest on its account; `earlier` came first at the reference. */
  readonly earlier: number;
  readonly later: number;
}

/**
 * The smallest position after which some other log's replica holds different balances from the
 * replica of `logs[0]`. A log that has ended keeps its balances. Peers are places in `logs`.
 */
export function findFirstDifference(logs: readonly ReplicaLog[]): FirstDifference | null {
  const banks = logs.map(() => new Bank());
  const longest = logs.reduce((most, { codes }) => Math.max(most, codes.length), 0);
  for (let position = 0; position < longest; position += 1) {
    logs.forEach(({ codes }, peer) => {
      if (position < codes.length) banks[peer]!.apply(codes[position]!);
    });
    const second = banks.findIndex((bank) => !bank.equals(banks[0]!));
    if (second >= 0) return { position, first: 0, second };
  }
  return null;
}

/**
 * The first two operations that do not commute and that some log has in another order than `logs[0]`:
 * the ones whose second delivery there has the smallest position. Both logs hold both, with the
 * contents that were multicast.
 */
export function findFirstSwap(history: BankHistory, logs: readonly ReplicaLog[]): FirstSwap | null {
  const [reference, ...others] = logs;
  if (reference === undefined) return null;
  const ranks = history.ranksIn(reference);
  reference.indices.forEach((index, position) => {
    if (isAltered(history, reference, position)) ranks[index] = LACKING;
  });
  let best: FirstSwap | null = null;
  let bestPosition = Infinity;
  others.forEach((log, place) => {
    const found = swapAgainst(history, log, ranks, bestPosition);
    if (found === null) return;
    bestPosition = found.position;
    best = { other: place + 1, earlier: found.earlier, later: found.later };
  });
  return best;
}

/**
 * Whether the delivery at `position` is of a message of the run, with another content than was
 * multicast.
 */
function isAltered(
  history: BankHistory,
  { indices, codes }: ReplicaLog,
  position: number,
): boolean {
  const index = indices[position]!;
  return index >= 0 && codes[position] !== history.codeAt(index);
}

interface Swap {
  readonly position: number;
  readonly earlier: number;
  readonly later: number;
}

/**
 * The first swap between `log` and the reference's order, `ranks`; `null` when `log` has none
 * before `positionsMax`.
 */
function swapAgainst(
  history: BankHistory,
  log: ReplicaLog,
  ranks: Uint32Array,
  positionsMax: number,
): Swap | null {
  const { indices } = log;
  // By account, the deposit and the interest that the reference delivered last, among the
  // operations read so far.
  const lastDeposit = new Int32Array(ACCOUNTS).fill(-1);
  const lastInterest = new Int32Array(ACCOUNTS).fill(-1);
  const seen = new Uint8Array(ranks.length);
  const rankOf = (index: number): number => (index < 0 ? -1 : ranks[index]!);
  for (let position = 0; position < Math.min(indices.length, positionsMax); position += 1) {
    const index = indices[position]!;
    const code = history.codeAt(index);
    // A message that the reference never delivered has no order there; a repetition has none of its own.
    if (code === NO_OPERATION || ranks[index] === LACKING || seen[index] === 1) continue;
    seen[index] = 1;
    if (isAltered(history, log, position)) continue;
    const [mine, theirs] = isDeposit(code)
      ? [lastDeposit, lastInterest]
      : [lastInterest, lastDeposit];
    const only = accountOf(code);
    for (let account = 0; account < ACCOUNTS; account += 1) {
      if (only !== null && only !== account) continue;
      const rival = theirs[account]!;
      if (rankOf(rival) > rankOf(index)) return { position, earlier: index, later: rival };
      if (rankOf(mine[account]!) < rankOf(index)) mine[account] = index;
    }
  }
  return null;
}

import { assert } from '../../core/base/assert.ts';
import { type Bank, OPENING_CENTS, roundHalfToEven } from '../../core/bank/bank.ts';
import { findFirstDifference, findFirstSwap } from '../../core/bank/bank-differences.ts';
import { BankHistory, type ReplicaLog } from '../../core/bank/bank-history.ts';
import { amountOf, describeOperation, isDeposit } from '../../core/bank/bank-operation.ts';
import type { BankResult, Replica } from '../bank-document.ts';
import type { BankState } from '../documents.ts';
import type { MemberLog } from './member-log.ts';

/** What the comparison says of the bank, and what is to be said among its findings. */
export interface BankVerdict {
  readonly result: BankResult;
  /** Sentences without their subject, by the peer that they are about. */
  readonly findings: readonly { readonly peer: number; readonly text: string }[];
}

export interface BankInput {
  readonly seed: number;
  readonly messages: number;
  readonly members: readonly MemberLog[];
  /** By member: whether it took part to the end. */
  readonly stayed: readonly boolean[];
}

/** A replica of which something is known: its member's place, and what it delivered. */
interface Known {
  readonly peer: number;
  readonly compared: boolean;
  readonly member: MemberLog;
  readonly log: ReplicaLog;
  readonly bank: Bank;
}

const EMPTY_LOG: ReplicaLog = { indices: new Int32Array(0), codes: new Int32Array(0) };

/**
 * The most positions at which balances are worked out: a picture has no more points, a document has no
 * more numbers, and the work ends in time.
 */
const POSITIONS_MAX = 200;
const SERIES_NUMBERS_MAX = 2 ** 15;
const SERIES_OPERATIONS_MAX = 5e7;
const POSITIONS_WANTED_MIN = 8;

/**
 * Replays every replica from what it delivered, compares the replicas, and compares the reports with
 * them.
 */
export function judgeBank({ seed, messages, members, stayed }: BankInput): BankVerdict {
  const history = new BankHistory(seed, members.length, messages);
  const known = members.flatMap((member, peer): Known[] => {
    if (member.standing !== 'reported' && member.standing !== 'crashed') return [];
    const log = history.read(member.sequence);
    return [{ peer, compared: stayed[peer]!, member, log, bank: history.replay(log) }];
  });
  const compared = known.filter((replica) => replica.compared);
  const reference = compared[0] ?? known[0] ?? null;
  const positions = choosePositions(known);
  const ranks = history.ranksIn(reference?.log ?? EMPTY_LOG);
  const series = known.map((replica) => drawSeries(history, replica, ranks, positions));
  const totals = compared.map(({ bank }) => bank.totalCents);
  const didAnything = compared.some(({ bank }) => bank.applied > 0);
  const distinct = new Set(compared.map(({ bank }) => bank.balances.join()));
  const result: BankResult = {
    openingCents: OPENING_CENTS,
    perPeer: known.map((replica, place) => toReplica(replica, series[place]!.inOrder)),
    reference: reference?.peer ?? null,
    distinctStates: distinct.size,
    agree: compared.length < 2 || !didAnything ? null : distinct.size === 1,
    spreadCents: totals.reduce((most, total) => Math.max(most, total - Math.min(...totals)), 0),
    firstDifference: describeDifference(compared),
    firstSwap: describeSwap(history, compared),
    positions,
    series: series.map(({ points }) => points),
  };
  return { result, findings: known.flatMap(describeReported) };
}

/** Positions from no delivery to the last one of the longest log, evenly spaced. */
function choosePositions(known: readonly Known[]): number[] {
  const longest = known.reduce((most, { log }) => Math.max(most, log.indices.length), 0);
  const peers = Math.max(1, known.length);
  const affordable = Math.max(
    POSITIONS_WANTED_MIN,
    Math.floor(SERIES_OPERATIONS_MAX / Math.max(1, peers * longest)),
  );
  const storable = Math.max(2, Math.floor(SERIES_NUMBERS_MAX / peers));
  const steps = Math.min(POSITIONS_MAX, affordable, storable, longest + 1) - 1;
  if (steps < 1) return [0];
  return Array.from({ length: steps + 1 }, (_, step) => Math.round((step * longest) / steps));
}

interface DrawnSeries {
  readonly points: BankResult['series'][number];
  /** The bank with all operations that the replica applied, in the order of the reference. */
  readonly inOrder: Bank;
}

function drawSeries(
  history: BankHistory,
  { peer, log }: Known,
  ranks: Uint32Array,
  positions: readonly number[],
): DrawnSeries {
  const totalsCents = history.totalsAt(log, positions);
  const inOrder = history.reorderedAt(log, ranks, positions);
  const byOrderCents = totalsCents.map((total, place) => total - inOrder[place]!.totalCents);
  return { points: { peer, totalsCents, byOrderCents }, inOrder: inOrder.at(-1)! };
}

function toReplica({ peer, compared, member, bank }: Known, inOrder: Bank): Replica {
  const reported = member.report?.bank;
  return {
    peer,
    ...describeBank(bank),
    totalCents: bank.totalCents,
    compared,
    verified: reported === undefined ? null : isSame(describeBank(bank), reported),
    byOrderCents: bank.totalCents - inOrder.totalCents,
    changedByOrder: !bank.equals(inOrder),
  };
}

/** A replica as its report has it. */
export function describeBank(bank: Bank): BankState {
  const { balances, stateHash, applied, undecodable } = bank;
  return { balancesCents: [...balances], stateHash, applied, undecodable };
}

function isSame(own: BankState, reported: BankState): boolean {
  return (
    own.stateHash === reported.stateHash &&
    own.applied === reported.applied &&
    own.undecodable === reported.undecodable &&
    own.balancesCents.every((cents, account) => cents === reported.balancesCents[account])
  );
}

function describeReported({ peer, member, bank }: Known): BankVerdict['findings'] {
  if (member.report === null) return [];
  const reported = member.report.bank;
  if (reported === undefined) return [{ peer, text: 'reported no balances of its bank' }];
  if (isSame(describeBank(bank), reported)) return [];
  const unread =
    reported.undecodable === bank.undecodable
      ? ''
      : `; it could not read ${reported.undecodable} operations, of which ${bank.undecodable} are none`;
  const text =
    `reported a bank that does not follow from what it delivered: state ${reported.stateHash} after ` +
    `${reported.applied} operations, where its own deliveries make ${bank.stateHash} after ` +
    `${bank.applied}${unread}`;
  return [{ peer, text }];
}

function describeDifference(compared: readonly Known[]): BankResult['firstDifference'] {
  const found = findFirstDifference(logsOf(compared));
  if (found === null) return null;
  const { position, first, second } = found;
  const deliveries = [first, second].map((place) => {
    const { peer, member, log } = compared[place]!;
    if (position >= log.codes.length) return { peer, applied: null };
    const { senders, sequences } = member.sequence;
    const operation = describeOperation(log.codes[position]!);
    const applied = { sender: senders[position]!, sequence: sequences[position]!, operation };
    return { peer, applied };
  });
  return { position, deliveries };
}

function describeSwap(history: BankHistory, compared: readonly Known[]): BankResult['firstSwap'] {
  const found = findFirstSwap(history, logsOf(compared));
  if (found === null) return null;
  const { other, earlier, later } = found;
  const codes = [earlier, later].map((index) => history.codeAt(index));
  const cents = codes.find(isDeposit);
  const basisPoints = codes.find((code) => !isDeposit(code));
  assert(cents !== undefined && basisPoints !== undefined, 'a deposit and interest were swapped');
  return {
    peer: compared[0]!.peer,
    other: compared[other]!.peer,
    first: describeMessage(history, earlier),
    second: describeMessage(history, later),
    worthCents: roundHalfToEven(amountOf(cents) * amountOf(basisPoints), 10_000),
  };
}

function describeMessage(history: BankHistory, index: number) {
  const { messages } = history;
  const operation = describeOperation(history.codeAt(index));
  return { sender: Math.floor(index / messages), sequence: index % messages, operation };
}

function logsOf(replicas: readonly Known[]): ReplicaLog[] {
  return replicas.map(({ log }) => log);
}

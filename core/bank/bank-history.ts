import { Bank } from './bank.ts';
import { decodeOperation, drawOperation, NO_OPERATION } from './bank-operation.ts';
import { wholeContent } from '../records/content.ts';
import type { DeliveredSequence } from '../records/delivered-sequence.ts';

/** The rank of a message that a log lacks. */
export const LACKING = 0xffff_ffff;

/** What one replica was given, delivery by delivery. */
export interface ReplicaLog {
  /**
   * Which message each delivery was of, as `BankHistory.indexOf` numbers them; -1 for one not of
   * the run.
   */
  readonly indices: Int32Array;
  /** The operation that the replica read from each delivery: mostly the one that was multicast. */
  readonly codes: Int32Array;
}

/**
 * Whether message (`sender`, `sequence`) exists in a run of `peers` peers with `messages` messages
 * each.
 */
export function isOfTheRun(
  { sender, sequence }: { readonly sender: number; readonly sequence: number },
  peers: number,
  messages: number,
): boolean {
  return sender < peers && sequence < messages;
}

/**
 * The operations of a run, worked out anew from its seed, and the balances that a delivered
 * sequence leads to. So whatever a peer says of its balances can be held against what it says that
 * it delivered.
 */
export class BankHistory {
  readonly peers: number;
  readonly messages: number;
  readonly #codes: Int32Array;

  constructor(seed: number, peers: number, messages: number) {
    this.peers = peers;
    this.messages = messages;
    this.#codes = new Int32Array(peers * messages);
    for (let sender = 0; sender < peers; sender += 1) {
      for (let sequence = 0; sequence < messages; sequence += 1) {
        this.#codes[sender * messages + sequence] = drawOperation(seed, sender, sequence);
      }
    }
  }

  /** A number below `peers * messages` for each message of the run; -1 for one that is none of it. */
  indexOf(sender: number, sequence: number): number {
    if (sender >= this.peers || sequence >= this.messages) return -1;
    return sender * this.messages + sequence;
  }

  /** What message `index` carries; one that is not of the run carries nothing. */
  codeAt(index: number): number {
    return index < 0 ? NO_OPERATION : this.#codes[index]!;
  }

  /**
   * What the peer of a log gave its replica. Where the log notes another content than was multicast,
   * that content was applied, or was no operation: one of those is short enough to be noted whole.
   */
  read(log: DeliveredSequence): ReplicaLog {
    const { senders, sequences, contents } = log;
    const indices = Int32Array.from(senders, (sender, place) =>
      this.indexOf(sender, sequences[place]!),
    );
    const codes = indices.map((index) => this.codeAt(index));
    contents.positions.forEach((position, note) => {
      if (indices[position]! < 0) return;
      const payload = wholeContent(contents.at(note));
      codes[position] = payload === null ? NO_OPERATION : decodeOperation(payload);
    });
    return { indices, codes };
  }

  /** The bank of a replica that applied the operations of this log. */
  replay({ codes }: ReplicaLog): Bank {
    const bank = new Bank();
    for (const code of codes) bank.apply(code);
    return bank;
  }

  /**
   * The total of all accounts after the first `position` deliveries, for each of `positions`, which
   * must increase. A position beyond the end gives the total after all deliveries.
   */
  totalsAt({ codes }: ReplicaLog, positions: readonly number[]): number[] {
    const bank = new Bank();
    let delivered = 0;
    return positions.map((position) => {
      for (; delivered < Math.min(position, codes.length); delivered += 1) {
        bank.apply(codes[delivered]!);
      }
      return bank.totalCents;
    });
  }

  /** Where each message first stands in a log, by index; `LACKING` for one that is not in it. */
  ranksIn({ indices }: ReplicaLog): Uint32Array {
    const ranks = new Uint32Array(this.peers * this.messages).fill(LACKING);
    indices.forEach((index, position) => {
      if (index >= 0 && ranks[index] === LACKING) ranks[index] = position;
    });
    return ranks;
  }

  /**
   * For each of `positions`, which must increase: the bank after the log's first `position`
   * operations, applied in the order of `ranks` instead of the log's own. A message without a rank,
   * and a repetition, stays behind the message that precedes it in the log, since nobody disagrees
   * about its place. So where the log's own bank differs from this one, only the order made the
   * difference; loss has no part in it.
   */
  reorderedAt(
    { indices, codes }: ReplicaLog,
    ranks: Uint32Array,
    positions: readonly number[],
  ): Bank[] {
    const places = sortByRank(indices, ranks);
    const settled = new Bank();
    let first = 0;
    return positions.map((position) => {
      const delivered = Math.min(position, indices.length);
      // The operations at the beginning of every later position's order are applied once and for all.
      while (first < places.length && places[first]! < delivered) {
        settled.apply(codes[places[first]!]!);
        first += 1;
      }
      const bank = settled.copy();
      for (let next = first, applied = first; applied < delivered; next += 1) {
        const place = places[next]!;
        if (place >= delivered) continue;
        bank.apply(codes[place]!);
        applied += 1;
      }
      return bank;
    });
  }
}

/** The places of a log in the order of their ranks; repetitions, and those without one, as they are. */
function sortByRank(indices: Int32Array, ranks: Uint32Array): Uint32Array {
  const keys = new Uint32Array(indices.length);
  const seen = new Uint8Array(ranks.length);
  let greatest = 0;
  let key = 0;
  indices.forEach((index, place) => {
    const isFirst = index >= 0 && seen[index] === 0;
    if (isFirst) seen[index] = 1;
    if (isFirst && ranks[index] !== LACKING) key = ranks[index]!;
    keys[place] = key;
    greatest = Math.max(greatest, key);
  });
  // A counting sort, since ranks are small whole numbers and nearly all different.
  const starts = new Uint32Array(greatest + 2);
  for (const each of keys) starts[each + 1]! += 1;
  for (let rank = 1; rank < starts.length; rank += 1) starts[rank]! += starts[rank - 1]!;
  const places = new Uint32Array(indices.length);
  keys.forEach((each, place) => {
    places[starts[each]!] = place;
    starts[each]! += 1;
  });
  return places;
}

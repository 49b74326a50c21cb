import { keepsFifoOrder } from './fifo-order.ts';
import type { LogTable } from './log-table.ts';
import { PastRows } from './past-rows.ts';

/** A peer delivered a message at `position`, and one of that message's causal past only at `lateAt`. */
export interface Overtaking {
  readonly peer: number;
  readonly position: number;
  readonly lateAt: number;
}

/** The marks of a sender that has no log, or whose log does not tell when it multicast. */
const UNTIMED = new Uint32Array(0);

/** What is known of a message: nothing yet; that it was multicast; that, and its causal past in a row. */
const UNKNOWN = 0;
const MULTICAST = 1;
const FIRST_ROW = 2;

/** How far a log is read in one turn. Logs are read side by side, and the causal pasts between the first and the last reader are kept. */
const TURN_STEPS = 4_096;

/** Where a log cannot be read on: its next delivery is of a message that nobody can have multicast yet. */
export interface Stop {
  readonly peer: number;
  readonly position: number;
}

/**
 * The happened-before relation of a run (Lamport 1978), followed from multicast to multicast.
 *
 * Message m is in the causal past of m' when the sender of m' had delivered or multicast m before it
 * multicast m', or through other messages in between. What the judge has to know of a causal past is
 * one number a peer: the greatest position at which that peer delivered any of it. These numbers are
 * handed on like vector clocks: each peer keeps its own as its log is read, and each message carries
 * its sender's. So transitive paths are exact, also those through messages that a peer never
 * delivered, in O(N x deliveries) time. A message's numbers are kept until the last peer has read past it that
 * multicasts something later, so that memory is for the messages under way; at most N x N x M numbers.
 *
 * Peers with equal logs have equal numbers, and are counted as one.
 */
export class CausalPast {
  /** The overtaking at the smallest position, then of the smallest peer, of what was read so far. */
  overtaking: Overtaking | null = null;
  readonly #table: LogTable;
  /** `#marks[s][k]`: after how many deliveries peer s multicast its k-th message. */
  readonly #marks: readonly Uint32Array[];
  /** One peer of each group with equal logs, and where these have their messages. */
  readonly #peers: readonly number[];
  readonly #positions: readonly Int32Array[];
  /**
   * By message: `UNKNOWN`, `MULTICAST`, or `FIRST_ROW` and more: the row with, for each of `#peers`, the greatest
   * position at which the peer delivered the message or one of its causal past.
   */
  readonly #known: Int32Array;
  readonly #rows: PastRows;
  /** By message: how many logs are still to be read past it. */
  readonly #readers: Uint16Array;
  /**
   * By sender, for each of `#peers`: the greatest position at which the peer delivered anything that the
   * sender has seen so far.
   */
  readonly #seen: readonly Int32Array[];
  readonly #deliveries: Uint32Array;
  readonly #multicasts: Uint32Array;

  /** Reads all logs as far as that is possible. */
  constructor(table: LogTable) {
    const { logs, size, senders, messages } = table;
    this.#table = table;
    this.#marks = table.multicastsMax.map((most, sender) => {
      const log = logs[sender];
      const noted = log?.multicastsNoted === true ? log.sequence.deliveredBefore : UNTIMED;
      return noted.subarray(0, most);
    });
    this.#peers = table.distinct(table.everyone);
    this.#positions = this.#peers.map((peer) => table.positions[peer]!);
    const isSettled = this.#peers.length === 1 && this.#isOneOrder();
    const known = isSettled ? 0 : senders * messages;
    this.#known = new Int32Array(known);
    this.#rows = new PastRows(this.#peers.length, known);
    this.#readers = new Uint16Array(known);
    this.#seen = this.#marks.map(() => new Int32Array(this.#peers.length).fill(-1));
    this.#deliveries = new Uint32Array(size);
    this.#multicasts = new Uint32Array(senders);
    if (isSettled) {
      for (const [sender, marks] of this.#marks.entries()) this.#multicasts[sender] = marks.length;
    } else {
      this.#countReaders();
      this.#read();
    }
  }

  /**
   * The first delivery that the logs contradict, since by the logs the message was multicast only
   * after that delivery. `null` when they contradict nothing.
   */
  contradiction(): { peer: number; id: number } | null {
    const peer = this.#marks.findIndex((marks, index) => this.#multicasts[index]! < marks.length);
    return peer < 0 ? null : { peer, id: this.#table.idAt(peer, this.#deliveries[peer]!) };
  }

  /**
   * Deliveries that, by the logs, cannot all have come after their multicasts. Each of
   * these peers delivered its message before it multicast the one that the peer in front of it (in
   * front of the first: the last) delivered. Empty when the logs contradict nothing.
   */
  cycle(): Stop[] {
    const found = this.contradiction();
    if (found === null) return [];
    const stops: Stop[] = [];
    // A peer that waits for a message waits for its sender, which waits as well: some peer must
    // come again.
    for (let { peer } = found; ;) {
      const again = stops.findIndex((stop) => stop.peer === peer);
      if (again >= 0) return stops.slice(again);
      const position = this.#deliveries[peer]!;
      stops.push({ peer, position });
      peer = this.#table.sender(this.#table.idAt(peer, position));
    }
  }

  /**
   * A message that some peer delivered and for which no log tells when it was multicast; -1 without
   * one.
   */
  untimed(): number {
    const { messages, multicastsMax } = this.#table;
    for (const [sender, marks] of this.#marks.entries()) {
      const end = sender * messages + multicastsMax[sender]!;
      for (let id = sender * messages + marks.length; id < end; id += 1) {
        if (this.#positions.some((column) => column[id]! >= 0)) return id;
      }
    }
    return -1;
  }

  /**
   * Whether all logs are one log in which each message stands behind everything that its sender had
   * delivered or multicast before it. Then what precedes a message in causality stands before it at every peer, and a
   * log never has to wait for another: who waits for a message has read further than its sender.
   */
  #isOneOrder(): boolean {
    const [positions] = this.#positions;
    if (!keepsFifoOrder(this.#table, this.#peers[0]!)) return false;
    return this.#marks.every((marks, sender) => {
      const begin = sender * this.#table.messages;
      const most = this.#table.multicastsMax[sender]!;
      for (let k = 0; marks.length > 0 && k < most; k += 1) {
        const position = positions![begin + k]!;
        if (position >= 0 && position < marks[Math.min(k, marks.length - 1)]!) return false;
      }
      return true;
    });
  }

  /** A log is read up to its last multicast, since what comes later precedes nothing. */
  #countReaders(): void {
    const readers = this.#readers;
    for (const [peer, positions] of this.#table.positions.entries()) {
      const end = this.#marks[peer]!.at(-1) ?? 0;
      for (let id = 0; end > 0 && id < readers.length; id += 1) {
        const position = positions[id]!;
        if (position >= 0 && position < end) readers[id]! += 1;
      }
    }
  }

  /**
   * Reads the logs turn by turn; a peer whose next delivery is of a message not yet multicast
   * waits. The loop ends because every turn but the last reads on in some log.
   */
  #read(): void {
    let progress = true;
    while (progress) {
      progress = false;
      for (let sender = 0; sender < this.#table.senders; sender += 1) {
        if (this.#readSender(sender)) progress = true;
      }
    }
  }

  /** Reads one log for a turn; false when it could not read on. */
  #readSender(sender: number): boolean {
    const marks = this.#marks[sender]!;
    let steps = 0;
    while (this.#multicasts[sender]! < marks.length && steps < TURN_STEPS) {
      const begin = this.#deliveries[sender]!;
      const mark = marks[this.#multicasts[sender]!]!;
      if (mark <= begin) {
        this.#multicast(sender);
        steps += 1;
        continue;
      }
      const end = Math.min(mark, begin + TURN_STEPS);
      const position = this.#deliver(sender, begin, end);
      this.#deliveries[sender] = position;
      steps += position - begin;
      if (position < end) return steps > 0;
    }
    if (this.#multicasts[sender]! < marks.length) return true;
    return this.#multicastUntimed(sender) || steps > 0;
  }

  /**
   * Multicasts the sender's messages without a time: all that is known is that they come after its
   * earlier ones.
   */
  #multicastUntimed(sender: number): boolean {
    const end = this.#table.multicastsMax[sender]!;
    if (this.#multicasts[sender]! >= end) return false;
    while (this.#multicasts[sender]! < end) this.#multicast(sender);
    return true;
  }

  /** Reads deliveries up to `end`, or to the first of which the causal past is not known yet; gives that position. */
  #deliver(peer: number, begin: number, end: number): number {
    const { senders, sequences } = this.#table.columns[peer]!;
    const { messages, multicastsMax } = this.#table;
    const [known, positions] = [this.#known, this.#table.positions[peer]!];
    for (let position = begin; position < end; position += 1) {
      const [sender, sequence] = [senders[position]!, sequences[position]!];
      // Nobody multicast it, so that nothing precedes it.
      if (!(sequence < multicastsMax[sender]!)) continue;
      const id = sender * messages + sequence;
      if (known[id] === UNKNOWN) return position;
      // A repetition tells nothing new, and a message without a row has no further reader.
      if (known[id]! >= FIRST_ROW && positions[id] === position) this.#see(peer, id);
    }
    return end;
  }

  #see(peer: number, id: number): void {
    this.#rows.raise(this.#seen[peer]!, this.#known[id]! - FIRST_ROW);
    this.#readers[id]! -= 1;
    if (this.#readers[id] === 0) this.#forget(id);
  }

  #forget(id: number): void {
    this.#rows.giveBack(this.#known[id]! - FIRST_ROW);
    this.#known[id] = MULTICAST;
  }

  /** Gives the sender's past to its next message, which may show that a peer delivered it too early. */
  #multicast(sender: number): void {
    const id = sender * this.#table.messages + this.#multicasts[sender]!;
    const seen = this.#seen[sender]!;
    for (let i = 0; i < seen.length; i += 1) {
      const position = this.#positions[i]![id]!;
      if (position > seen[i]!) seen[i] = position;
      else if (position >= 0 && position < seen[i]!)
        this.#note(this.#peers[i]!, position, seen[i]!);
    }
    this.#known[id] = this.#readers[id] === 0 ? MULTICAST : this.#keep(seen);
    this.#multicasts[sender]! += 1;
  }

  #keep(seen: Int32Array): number {
    const row = this.#rows.take();
    this.#rows.write(row, seen);
    return FIRST_ROW + row;
  }

  #note(peer: number, position: number, lateAt: number): void {
    const best = this.overtaking;
    const isFirst =
      best === null || position < best.position || (position === best.position && peer < best.peer);
    if (isFirst) this.overtaking = { peer, position, lateAt };
  }
}

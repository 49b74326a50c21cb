import type { LogTable } from './log-table.ts';

/** A peer delivered a message at `position`, and one of that message's causal past only at `lateAt`. */
export interface Overtaking {
  readonly peer: number;
  readonly position: number;
  readonly lateAt: number;
}

/** The marks of a sender that has no log, or whose log does not tell when it multicast. */
const UNTIMED = new Uint32Array(0);

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
 * delivered, in O(N x deliveries) time and N x N x M numbers.
 */
export class CausalPast {
  /** The overtaking at the smallest position, then of the smallest peer, of what was read so far. */
  overtaking: Overtaking | null = null;
  readonly #table: LogTable;
  /** `#marks[s][k]`: after how many deliveries peer s multicast its k-th message. */
  readonly #marks: readonly Uint32Array[];
  /**
   * By message and peer: the greatest position at which the peer delivered the message or one of
   * its causal past.
   */
  readonly #reach: Int32Array;
  /** By message: whether its causal past is complete. */
  readonly #known: Uint8Array;
  /**
   * By sender and peer: the greatest position at which the peer delivered anything that the sender
   * has seen so far.
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
    this.#reach = new Int32Array(senders * size * messages);
    this.#known = new Uint8Array(senders * messages);
    this.#seen = this.#marks.map(() => new Int32Array(size).fill(-1));
    this.#deliveries = new Uint32Array(size);
    this.#multicasts = new Uint32Array(senders);
    this.#read();
  }

  /**
   * The first delivery that the logs contradict, since by the logs the message was multicast only
   * after that delivery. `null` when they contradict nothing.
   */
  contradiction(): { peer: number; id: number } | null {
    const peer = this.#marks.findIndex((marks, index) => this.#multicasts[index]! < marks.length);
    return peer < 0 ? null : { peer, id: this.#table.ids[peer]![this.#deliveries[peer]!]! };
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
      peer = this.#table.sender(this.#table.ids[peer]![position]!);
    }
  }

  /**
   * A message that some peer delivered and for which no log tells when it was multicast; -1 without
   * one.
   */
  untimed(): number {
    const { messages, multicastsMax, positions } = this.#table;
    for (const [sender, marks] of this.#marks.entries()) {
      const end = sender * messages + multicastsMax[sender]!;
      for (let id = sender * messages + marks.length; id < end; id += 1) {
        if (positions.some((column) => column[id]! >= 0)) return id;
      }
    }
    return -1;
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

  /**
   * Reads one log up to its last multicast, since what comes later precedes nothing. The result is
   * false when it could not read on.
   */
  #readSender(sender: number): boolean {
    const marks = this.#marks[sender]!;
    let steps = 0;
    while (this.#multicasts[sender]! < marks.length) {
      const deliveries = this.#deliveries[sender]!;
      const next = this.#table.ids[sender]![deliveries]!;
      if (marks[this.#multicasts[sender]!]! <= deliveries) this.#multicast(sender);
      else if (this.#deliver(sender, next)) this.#deliveries[sender] = deliveries + 1;
      else return steps > 0;
      steps += 1;
    }
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

  /** Reads one delivery; false when the causal past of its message is not known yet. */
  #deliver(peer: number, id: number): boolean {
    if (this.#known[id] !== 1) return this.#table.invented(id);
    this.#see(peer, id);
    return true;
  }

  #see(peer: number, id: number): void {
    const [seen, reach, size] = [this.#seen[peer]!, this.#reach, this.#table.size];
    for (let other = 0, cell = id * size; other < size; other += 1, cell += 1) {
      if (reach[cell]! > seen[other]!) seen[other] = reach[cell]!;
    }
  }

  /** Gives the sender's past to its next message, which may show that a peer delivered it too early. */
  #multicast(sender: number): void {
    const { size, messages, positions } = this.#table;
    const id = sender * messages + this.#multicasts[sender]!;
    const seen = this.#seen[sender]!;
    for (let peer = 0; peer < size; peer += 1) {
      const position = positions[peer]![id]!;
      if (position >= 0 && position < seen[peer]!) this.#note(peer, position, seen[peer]!);
      if (position > seen[peer]!) seen[peer] = position;
      this.#reach[id * size + peer] = seen[peer]!;
    }
    this.#known[id] = 1;
    this.#multicasts[sender]! += 1;
  }

  #note(peer: number, position: number, lateAt: number): void {
    const best = this.overtaking;
    const isFirst =
      best === null || position < best.position || (position === best.position && peer < best.peer);
    if (isFirst) this.overtaking = { peer, position, lateAt };
  }
}

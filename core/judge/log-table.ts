import { assert, isU32 } from '../base/assert.ts';
import { isSameContent, type MulticastContents } from '../records/content.ts';
import type { Names, PeerLog, RunFacts } from './judged-run.ts';
import { columnOf, countPrefix, type LogColumn } from './log-column.ts';
import { Strays } from './strays.ts';

/** Cells of a table, senders x peers x messages, 4 bytes each: half a gigabyte at most. */
const CELLS_MAX = 2 ** 27;

/**
 * The most messages a sender that a table can hold for `peers` logs and `senders` senders in all.
 */
export function comparableMessagesMax(peers: number, senders = peers): number {
  return Math.floor(CELLS_MAX / (peers * senders));
}

/** Makes a column of `length` zeros. Threads that are to work on it need one that they can share. */
export type Allocate = (length: number) => Int32Array;

const allocateHere: Allocate = (length) => new Int32Array(length);

/**
 * The logs of N peers, and where each message is in them. Each message has an id: sender x M + sequence for
 * the messages that a run can have, M of each of its senders, and the numbers after those for strays,
 * which are messages outside that range that some log shows nevertheless. The first N senders are the
 * peers; others are senders whose logs nobody has.
 *
 * Peers that delivered the same at every position share one column of positions, and whoever goes
 * through logs goes through one of them (`distinct`).
 */
export class LogTable {
  readonly logs: readonly PeerLog[];
  /** N: how many peers. */
  readonly size: number;
  /** How many senders: the peers, and those that have no log. */
  readonly senders: number;
  /** M: how many messages each peer was to multicast. */
  readonly messages: number;
  /** How many ids there are. */
  readonly count: number;
  /** How many messages are known to exist. */
  readonly rounds: number;
  /** What sentences call peers and messages; `null`: by their numbers. */
  readonly names: Names | null;
  /** All peers, by number. */
  readonly everyone: readonly number[];
  /** What each peer delivered. */
  readonly columns: readonly LogColumn[];
  /** `positions[p][id]`: where peer p delivered it first; -1 where it never did. */
  readonly positions: readonly Int32Array[];
  /** `multicastsMax[s]`: a message of sender s with this sequence or a greater one is invented. */
  readonly multicastsMax: readonly number[];
  /** What each message carried; `null` where that is not known. */
  readonly contents: MulticastContents | null;
  /**
   * `altered[p]`: the positions, ascending, at which peer p delivered a message that was multicast with
   * another content; `null` where that is not known.
   */
  readonly altered: readonly (Uint32Array | null)[];
  /** By peer: the first peer that has an equal log. */
  readonly #firstEqual: readonly number[];
  /** By peer: how many different messages it delivered, and how many of these nobody multicast. */
  readonly #distinct: readonly number[];
  readonly #invented: readonly number[];
  readonly #prefixes: Int32Array;
  readonly #strays: Strays;

  constructor(
    logs: readonly PeerLog[],
    messages: number,
    contents: MulticastContents | null = null,
    { others = [], rounds = logs.length * messages, names = null }: RunFacts = {},
    allocate = allocateHere,
  ) {
    const senders = logs.length + others.length;
    const messagesMax = comparableMessagesMax(logs.length, senders);
    assert(logs.length > 0 && senders <= 0xffff, 'a comparison has 1 to 65535 logs');
    assert(isU32(messages) && messages <= messagesMax, 'too many messages');
    this.logs = logs;
    this.size = logs.length;
    this.senders = senders;
    this.messages = messages;
    this.rounds = rounds;
    this.names = names;
    this.multicastsMax = [...logs.map(multicastsOf), ...others].map((multicasts) => {
      return Math.min(multicasts ?? messages, messages);
    });
    this.everyone = [...logs.keys()];
    this.columns = logs.map(({ sequence }) => columnOf(sequence));
    this.#prefixes = new Int32Array(this.size * this.size).fill(-1);
    this.#firstEqual = this.#findEqual();
    const distinct = this.distinct(this.everyone);
    this.#strays = new Strays(
      distinct.map((peer) => this.columns[peer]!),
      senders,
      messages,
    );
    this.count = senders * messages + this.#strays.count;
    const firsts = new Map(distinct.map((peer) => [peer, this.#firstPositions(peer, allocate)]));
    this.positions = this.#firstEqual.map((peer) => firsts.get(peer)!.positions);
    this.#distinct = this.#firstEqual.map((peer) => firsts.get(peer)!.distinct);
    this.#invented = this.#firstEqual.map((peer) => firsts.get(peer)!.invented);
    this.contents = contents;
    this.altered = logs.map((log, peer) =>
      contents !== null && log.contentsNoted === true ? this.#alteredBy(peer, contents) : null,
    );
  }

  /** Of `peers`, those that have another log than all peers before them. */
  distinct(peers: readonly number[]): number[] {
    const seen = new Set<number>();
    return peers.filter((peer) => {
      const first = this.#firstEqual[peer]!;
      if (seen.has(first)) return false;
      seen.add(first);
      return true;
    });
  }

  /** The first peer that delivered the same as `peer` at every position. */
  firstEqual(peer: number): number {
    return this.#firstEqual[peer]!;
  }

  /** How many deliveries `peer` has. */
  length(peer: number): number {
    return this.columns[peer]!.length;
  }

  /** The id of what `peer` delivered at `position`. */
  idAt(peer: number, position: number): number {
    const { senders, sequences } = this.columns[peer]!;
    const [sender, sequence] = [senders[position]!, sequences[position]!];
    const isInRange = sender < this.senders && sequence < this.messages;
    if (isInRange) return sender * this.messages + sequence;
    return this.senders * this.messages + this.#strays.find(sender, sequence);
  }

  /**
   * How many first positions are the same at two peers, repetitions included. Peers that agree have all their
   * deliveries there, so that whoever compares pairs of logs has little to do behind it.
   */
  commonPrefix(first: number, second: number): number {
    const [a, b] = [this.firstEqual(first), this.firstEqual(second)];
    return a === b ? this.length(a) : this.#prefixOf(Math.min(a, b), Math.max(a, b));
  }

  /** How many different messages `peer` delivered. */
  distinctOf(peer: number): number {
    return this.#distinct[peer]!;
  }

  /** How many different messages `peer` delivered that nobody multicast. */
  inventedBy(peer: number): number {
    return this.#invented[peer]!;
  }

  /** How many different messages `peer` delivered at its first `length` positions. */
  distinctIn(peer: number, length: number): number {
    if (this.#distinct[peer]! === this.length(peer)) return length;
    let distinct = 0;
    for (let position = 0; position < length; position += 1) {
      if (this.isFirst(peer, position)) distinct += 1;
    }
    return distinct;
  }

  /** Whether `peer` had not delivered the message at `position` before. */
  isFirst(peer: number, position: number): boolean {
    return this.positions[peer]![this.idAt(peer, position)] === position;
  }

  /** The last of the first `length` positions of `peer` with a message that is no repetition; -1 without one. */
  lastNewBefore(peer: number, length: number): number {
    let position = length - 1;
    while (position >= 0 && !this.isFirst(peer, position)) position -= 1;
    return position;
  }

  sender(id: number): number {
    const stray = id - this.senders * this.messages;
    return stray < 0 ? Math.floor(id / this.messages) : this.#strays.sender(stray);
  }

  sequence(id: number): number {
    const stray = id - this.senders * this.messages;
    return stray < 0 ? id % this.messages : this.#strays.sequence(stray);
  }

  /** Whether nobody is known to have multicast it. */
  invented(id: number): boolean {
    if (id >= this.senders * this.messages) return true;
    const sender = Math.floor(id / this.messages);
    return id - sender * this.messages >= this.multicastsMax[sender]!;
  }

  /** The peers that `includes` accepts, by number. */
  peers(includes: (log: PeerLog) => boolean): number[] {
    return this.logs.flatMap((log, peer) => (includes(log) ? [peer] : []));
  }

  /** For each peer the first one with an equal log. Logs that differ mostly do so at once. */
  #findEqual(): number[] {
    const firsts: number[] = [];
    return this.columns.map(({ length }, peer) => {
      const equal = firsts.find(
        (first) => this.length(first) === length && this.#prefixOf(first, peer) === length,
      );
      if (equal === undefined) firsts.push(peer);
      return equal ?? peer;
    });
  }

  #prefixOf(first: number, second: number): number {
    const pair = first * this.size + second;
    if (this.#prefixes[pair]! < 0) {
      this.#prefixes[pair] = countPrefix(this.columns[first]!, this.columns[second]!);
    }
    return this.#prefixes[pair]!;
  }

  #firstPositions(peer: number, allocate: Allocate): FirstPositions {
    const positions = allocate(this.count).fill(-1);
    // From the end, so that of several positions the first is written last. Where they are written is
    // anywhere in memory, and so nothing is read there.
    for (let i = this.length(peer) - 1; i >= 0; i -= 1) positions[this.idAt(peer, i)] = i;
    return { positions, ...this.#countDelivered(positions) };
  }

  #countDelivered(positions: Int32Array): Omit<FirstPositions, 'positions'> {
    const { messages, senders } = this;
    let [distinct, genuine] = [0, 0];
    for (const position of positions) if (position >= 0) distinct += 1;
    for (let sender = 0; sender < senders; sender += 1) {
      const end = sender * messages + this.multicastsMax[sender]!;
      for (let id = sender * messages; id < end; id += 1) if (positions[id]! >= 0) genuine += 1;
    }
    return { distinct, invented: distinct - genuine };
  }

  /** A note is compared, not believed: it may hold the very content that was multicast. */
  #alteredBy(peer: number, contents: MulticastContents): Uint32Array {
    const notes = this.logs[peer]!.sequence.contents;
    return notes.positions.filter((position, note) => {
      const id = this.idAt(peer, position);
      if (this.invented(id)) return false;
      return !isSameContent(notes.at(note), contents.of(this.sender(id), this.sequence(id)));
    });
  }
}

function multicastsOf({ multicasts, multicastsPresumed }: PeerLog): number | undefined {
  return multicasts ?? multicastsPresumed;
}

interface FirstPositions {
  readonly positions: Int32Array;
  /** How many different messages there are, and how many of these nobody multicast. */
  readonly distinct: number;
  readonly invented: number;
}

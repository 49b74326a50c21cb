import { assert, isU32 } from '../base/assert.ts';
import { isSameContent, type MulticastContents } from '../records/content.ts';
import type { DeliveredSequence } from '../records/delivered-sequence.ts';

/** What is known of one peer of a run. */
export interface PeerLog {
  readonly sequence: DeliveredSequence;
  /** How many messages it multicast; `null` where that is unknown. */
  readonly multicasts: number | null;
  /**
   * How many messages it is presumed to have multicast where `multicasts` is `null`; by default,
   * all that it was to multicast.
   */
  readonly multicastsPresumed?: number;
  /** Whether `sequence.deliveredBefore` tells when it multicast. */
  readonly multicastsNoted: boolean;
  /**
   * Whether it took part to the end. In the sense of the literature, correct means that it never
   * crashed.
   */
  readonly correct: boolean;
  /**
   * Whether `sequence.contents` tells of each delivery whose content was not the one that the run
   * prescribes; otherwise, or where this is absent, its contents are not known.
   */
  readonly contentsNoted?: boolean;
  /**
   * The first position at which it delivered a message before that was multicast, where somebody
   * noticed who sees both events, as a simulator does; otherwise `null` or absent. The logs may
   * show more.
   */
  readonly firstPremature?: number | null;
  /** A number that is greater the later its report was created; `null` without a report. */
  readonly reportPlace: number | null;
}

/** What is known of a run besides the logs of its peers. */
export interface RunFacts {
  /** How many messages each sender without a log multicast; these senders are numbered after the peers. */
  readonly others?: readonly number[];
  /** How many messages are known to exist in all; by default N x M. */
  readonly rounds?: number;
  /** What sentences call peers and messages; `null` or absent: by their numbers here. */
  readonly names?: Names | null;
}

/** What sentences call peers and messages. */
export interface Names {
  peer(peer: number): string;
  message(sender: number, sequence: number): string;
}

/** Cells of a table, senders x peers x messages, 4 bytes each: half a gigabyte at most. */
const CELLS_MAX = 2 ** 27;

/**
 * The most messages a sender that a table can hold for `peers` logs and `senders` senders in all.
 */
export function comparableMessagesMax(peers: number, senders = peers): number {
  return Math.floor(CELLS_MAX / (peers * senders));
}

/** Sender and sequence as one number below 2^48, in the order of (sender, sequence). */
const SENDER_UNIT = 2 ** 32;

/**
 * The logs of N peers as columns of small numbers. Each message has an id: sender x M + sequence for
 * the messages that a run can have, M of each of its senders, and the numbers after those for strays,
 * which are messages outside that range that some log shows nevertheless. The first N senders are the
 * peers; others are senders whose logs nobody has.
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
  /** `ids[p][i]`: what peer p delivered at position i. */
  readonly ids: readonly Int32Array[];
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
  /** By peer: whether its log has every message at most once. */
  readonly #hasNoRepetition: readonly boolean[];
  readonly #prefixes: Int32Array;
  readonly #strays: Float64Array;

  constructor(
    logs: readonly PeerLog[],
    messages: number,
    contents: MulticastContents | null = null,
    { others = [], rounds = logs.length * messages, names = null }: RunFacts = {},
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
    this.#strays = collectStrays(logs, senders, messages);
    this.count = senders * messages + this.#strays.length;
    this.ids = logs.map((log) => this.#idsOf(log.sequence));
    const firsts = this.ids.map((ids) => firstPositions(ids, this.count));
    this.positions = firsts.map(({ positions }) => positions);
    this.#hasNoRepetition = firsts.map(({ distinct }, peer) => distinct === this.ids[peer]!.length);
    this.#prefixes = new Int32Array(this.size * this.size).fill(-1);
    this.contents = contents;
    this.altered = logs.map((log, peer) =>
      contents !== null && log.contentsNoted === true ? this.#alteredBy(peer, contents) : null,
    );
  }

  /**
   * How many first positions are the same at two peers, repetitions included. Peers that agree have all their
   * deliveries there, so that whoever compares pairs of logs has little to do behind it.
   */
  commonPrefix(first: number, second: number): number {
    const pair = first * this.size + second;
    if (this.#prefixes[pair]! < 0) {
      this.#prefixes[pair] = countPrefix(this.ids[first]!, this.ids[second]!);
    }
    return this.#prefixes[pair]!;
  }

  /** How many different messages `peer` delivered at its first `length` positions. */
  distinctIn(peer: number, length: number): number {
    if (this.#hasNoRepetition[peer]!) return length;
    const [ids, positions] = [this.ids[peer]!, this.positions[peer]!];
    let distinct = 0;
    for (let position = 0; position < length; position += 1) {
      if (positions[ids[position]!] === position) distinct += 1;
    }
    return distinct;
  }

  /** The last of the first `length` positions of `peer` with a message that is no repetition; -1 without one. */
  lastNewBefore(peer: number, length: number): number {
    const [ids, positions] = [this.ids[peer]!, this.positions[peer]!];
    let position = length - 1;
    while (position >= 0 && positions[ids[position]!] !== position) position -= 1;
    return position;
  }

  sender(id: number): number {
    const stray = id - this.senders * this.messages;
    return Math.floor(stray < 0 ? id / this.messages : this.#strays[stray]! / SENDER_UNIT);
  }

  sequence(id: number): number {
    const stray = id - this.senders * this.messages;
    return stray < 0 ? id % this.messages : this.#strays[stray]! % SENDER_UNIT;
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

  /** A note is compared, not believed: it may hold the very content that was multicast. */
  #alteredBy(peer: number, contents: MulticastContents): Uint32Array {
    const notes = this.logs[peer]!.sequence.contents;
    return notes.positions.filter((position, note) => {
      const id = this.ids[peer]![position]!;
      if (this.invented(id)) return false;
      return !isSameContent(notes.at(note), contents.of(this.sender(id), this.sequence(id)));
    });
  }

  #idsOf(sequence: DeliveredSequence): Int32Array {
    const { senders, sequences } = sequence;
    const ids = new Int32Array(senders.length);
    for (let i = 0; i < ids.length; i += 1) {
      const [sender, number] = [senders[i]!, sequences[i]!];
      const inRange = sender < this.senders && number < this.messages;
      ids[i] = inRange ? sender * this.messages + number : this.#strayId(sender, number);
    }
    return ids;
  }

  /** Finds the id of a stray by binary search, since all strays were collected before. */
  #strayId(sender: number, sequence: number): number {
    const key = sender * SENDER_UNIT + sequence;
    let [low, high] = [0, this.#strays.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#strays[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return this.senders * this.messages + low;
  }
}

function multicastsOf({ multicasts, multicastsPresumed }: PeerLog): number | undefined {
  return multicasts ?? multicastsPresumed;
}

/**
 * Strays are kept in sorted columns, not in a map: logs are untrusted, and may hold millions of
 * inventions.
 */
function collectStrays(logs: readonly PeerLog[], known: number, messages: number): Float64Array {
  const keys: Float64Array = new Float64Array(countStrays(logs, known, messages));
  let length = 0;
  for (const { sequence } of logs) {
    const { senders, sequences } = sequence;
    for (let i = 0; i < senders.length; i += 1) {
      if (senders[i]! < known && sequences[i]! < messages) continue;
      keys[length] = senders[i]! * SENDER_UNIT + sequences[i]!;
      length += 1;
    }
  }
  return distinct(keys.sort());
}

function countStrays(logs: readonly PeerLog[], known: number, messages: number): number {
  let count = 0;
  for (const { sequence } of logs) {
    const { senders, sequences } = sequence;
    for (let i = 0; i < senders.length; i += 1) {
      if (senders[i]! >= known || sequences[i]! >= messages) count += 1;
    }
  }
  return count;
}

function distinct(sorted: Float64Array): Float64Array {
  let length = 0;
  for (let i = 0; i < sorted.length; i += 1) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    sorted[length] = sorted[i]!;
    length += 1;
  }
  return sorted.subarray(0, length);
}

function countPrefix(first: Int32Array, second: Int32Array): number {
  const end = Math.min(first.length, second.length);
  let length = 0;
  while (length < end && first[length] === second[length]) length += 1;
  return length;
}

interface FirstPositions {
  readonly positions: Int32Array;
  /** How many different messages there are. */
  readonly distinct: number;
}

function firstPositions(ids: Int32Array, count: number): FirstPositions {
  const positions = new Int32Array(count).fill(-1);
  let distinct = 0;
  for (let i = ids.length - 1; i >= 0; i -= 1) {
    const id = ids[i]!;
    if (positions[id]! < 0) distinct += 1;
    positions[id] = i;
  }
  return { positions, distinct };
}

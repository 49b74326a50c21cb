import { Kind, type Message } from '../message.ts';

/** A header and the messages that follow it on the same channel: `header.sequence` of them. */
export interface Parcel {
  readonly header: Message;
  readonly entries: readonly Message[];
}

/** Whether other messages may follow this one, with which it is to be read. */
export function beginsParcel({ kind }: Message): boolean {
  return kind === Kind.viewPromise || kind === Kind.viewAccept || kind === Kind.viewRefuse;
}

/**
 * Puts parcels from one member together. Channels are FIFO and a parcel leaves in one go, so that
 * what follows its header is the parcel: its messages need no mark of their own, whatever they are.
 * Holds at most what the sender knows, which the run's messages bound.
 */
export class ParcelInbox {
  #header: Message | null = null;
  #entries: Message[] = [];

  /** Whether the next message belongs to a parcel that has begun. */
  get open(): boolean {
    return this.#header !== null;
  }

  /** Begins a parcel; returns it when nothing is to follow. */
  begin(header: Message): Parcel | null {
    this.#header = header;
    this.#entries = [];
    return this.#close();
  }

  /** Adds `entry` to the open parcel; returns the parcel when that was its last entry. */
  add(entry: Message): Parcel | null {
    this.#entries.push(entry);
    return this.#close();
  }

  #close(): Parcel | null {
    const header = this.#header;
    if (header === null || this.#entries.length < header.sequence) return null;
    this.#header = null;
    return { header, entries: this.#entries };
  }
}

/** A set of members as 32-bit words, bit i & 31 of word i >> 5: a list of 1,000 fits no datagram. */
export function membersToWords(members: readonly number[]): number[] {
  const words: number[] = [];
  for (const member of members) {
    while (words.length <= member >>> 5) words.push(0);
    words[member >>> 5] = (words[member >>> 5]! | (1 << (member & 31))) >>> 0;
  }
  return words;
}

/** The members of such words, ascending. */
export function wordsToMembers(words: readonly number[]): number[] {
  const members: number[] = [];
  for (const [index, word] of words.entries()) {
    for (let bit = 0; bit < 32; bit += 1) {
      if (((word >>> bit) & 1) === 1) members.push(index * 32 + bit);
    }
  }
  return members;
}

import { CATCH_UP_MAX } from './membership-acceptor.ts';
import { Kind, type Message } from '../message.ts';

/** A message of the agreement on views, and those that follow it on the same channel: `header.sequence` of them. */
export interface Parcel {
  readonly header: Message;
  readonly entries: readonly Message[];
}

/** More than a run has: no more than 8 members have 100,000 messages each (control/limits.ts). */
const ENTRIES_MAX = 0x40_0000;

function isOfAgreement(kind: number): boolean {
  return (kind >= Kind.viewPrepare && kind <= Kind.viewRefuse) || kind === Kind.viewUnderWay;
}

/** How many messages may follow one of `kind`, with which it is to be read. */
function entriesMaxOf(kind: number): number {
  if (kind === Kind.viewRefuse) return CATCH_UP_MAX;
  return kind === Kind.viewPromise || kind === Kind.viewAccept ? ENTRIES_MAX : 0;
}

/**
 * Puts parcels from one member together. Channels are FIFO and a parcel leaves in one go, so that
 * what follows its header is the parcel: its messages need no mark of their own, whatever they are.
 * Holds at most what the sender knows, which the run's messages bound: a header that promises more is dropped. Nothing
 * that follows is of the agreement itself, so that a parcel which never gets as long as it was said to be ends with
 * the next message that is, and its sender is heard again.
 */
export class ParcelInbox {
  #header: Message | null = null;
  #entries: Message[] = [];

  /** Whether `message` is of the agreement on views, or belongs to a parcel that has begun. */
  concerns({ kind }: Message): boolean {
    return isOfAgreement(kind) || this.#header !== null;
  }

  /** Takes in a message that concerns it; returns the parcel when it is whole. */
  take(message: Message): Parcel | null {
    const { kind, sequence } = message;
    if (isOfAgreement(kind)) {
      this.#header = sequence <= entriesMaxOf(kind) ? message : null;
      this.#entries = [];
    } else this.#entries.push(message);
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

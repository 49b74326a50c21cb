import { assert, isU32 } from './base/assert.ts';

/**
 * What a message is for: the application's, and those of the layers below the orderings. The numbers are
 * the wire's (docs/wire-format.md) and never change meaning. Orderings have kinds of their own, 10 to
 * 49 (core/orderings/registry.ts); 200 to 255 are free for orderings that are not in the registry.
 */
export const Kind = {
  /** An application's message: `sender` multicast it as its `sequence`-th, counted from 0. */
  data: 1,
  /** The reliable link's acknowledgement (reliable-link.ts). */
  linkAck: 2,
  /** "I live": nothing else was sent for a while (failure-detector.ts). */
  heartbeat: 3,
  /** Agreement on the next view (membership-change.ts): asks for promises under a ballot. */
  viewPrepare: 4,
  /** The promise that a viewPrepare asked for, and what its sender knows. */
  viewPromise: 5,
  /** The next view, and what is known where it begins. */
  viewAccept: 6,
  /** The sender stored the view of a viewAccept. */
  viewAccepted: 7,
  /** Every member of the view stored it: the view begins. */
  viewInstall: 8,
  /** The sender has promised a greater ballot, or goes on without the proposer; it tells how the group's log begins. */
  viewRefuse: 9,
  /** What the sender awaits in this attempt at a view is still coming. */
  viewUnderWay: 51,
  /** A program's own message, as JSON in the payload, that carries no multicast (custom/exec-ordering.ts). */
  exec: 50,
} as const;

/** The payload of every message that carries nothing. */
export const NO_BYTES = new Uint8Array(0);
/** The vector of every message that has none. */
export const NO_NUMBERS: readonly number[] = Object.freeze([]);

/**
 * The one message class of every ordering: flat, so that all have one shape in memory and one codec.
 *
 * A message is never changed once it was emitted. Every number is an integer in 0..2^32-1; a field
 * that an ordering does not use stays 0 (or empty) and costs nothing on the wire.
 */
export class Message {
  /** One of `Kind`, 1..255. */
  readonly kind: number;
  /** The member whose multicast this message is, or is about: 0..size-1. */
  readonly sender: number;
  /** The number of that multicast at its sender, counted from 0. */
  readonly sequence: number;
  /** Bytes of the application. */
  readonly payload: Uint8Array;
  /**
   * The message's number on a reliable channel from one member to another, counted from 1; 0 means
   * that it belongs to no channel.
   */
  readonly link: number;
  /** A logical timestamp (Lamport 1978). */
  readonly timestamp: number;
  /** The epoch (view, ballot, ring number) in which it was emitted. */
  readonly epoch: number;
  /** A place in the total order. */
  readonly position: number;
  /** A vector clock, or any other list of numbers. */
  readonly vector: readonly number[];

  constructor(
    kind: number,
    sender: number,
    sequence: number,
    payload: Uint8Array = NO_BYTES,
    link = 0,
    timestamp = 0,
    epoch = 0,
    position = 0,
    vector: readonly number[] = NO_NUMBERS,
  ) {
    assert(kind > 0 && kind <= 255, 'a message has a kind in 1..255');
    assert(isU32(sender) && isU32(sequence), 'sender and sequence are unsigned 32-bit integers');
    this.kind = kind;
    this.sender = sender;
    this.sequence = sequence;
    this.payload = payload;
    this.link = link;
    this.timestamp = timestamp;
    this.epoch = epoch;
    this.position = position;
    this.vector = vector;
  }

  /**
   * The same message with another logical timestamp, outside any channel. The three methods below
   * do the same with other fields.
   */
  withTimestamp(timestamp: number): Message {
    const { kind, sender, sequence, payload, epoch, position, vector } = this;
    return new Message(kind, sender, sequence, payload, 0, timestamp, epoch, position, vector);
  }

  withEpoch(epoch: number): Message {
    const { kind, sender, sequence, payload, timestamp, position, vector } = this;
    return new Message(kind, sender, sequence, payload, 0, timestamp, epoch, position, vector);
  }

  withPosition(position: number): Message {
    const { kind, sender, sequence, payload, timestamp, epoch, vector } = this;
    return new Message(kind, sender, sequence, payload, 0, timestamp, epoch, position, vector);
  }

  /** `vector` is not copied: it must not be changed any more. */
  withVector(vector: readonly number[]): Message {
    const { kind, sender, sequence, payload, timestamp, epoch, position } = this;
    return new Message(kind, sender, sequence, payload, 0, timestamp, epoch, position, vector);
  }

  /** The same message under the number `link` of a reliable channel; 0 takes it off the channel. */
  onLink(link: number): Message {
    return new Message(
      this.kind,
      this.sender,
      this.sequence,
      this.payload,
      link,
      this.timestamp,
      this.epoch,
      this.position,
      this.vector,
    );
  }
}

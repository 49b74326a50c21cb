import type { ByteReader } from '../base/byte-reader.ts';
import type { ByteWriter } from '../base/byte-writer.ts';
import type { Digest } from '../base/digest.ts';
import { bodyReader } from './datagram.ts';
import { fromBitmap, membersBytes, toBitmap } from './member-bitmap.ts';

/** The bit of a status that says that a parting follows. */
const PARTING = 128;

/** How far a member is. Each fact stays true, unless a member ends without its ordering, which withdraws `complete`. */
export interface Progress {
  /** It has multicast all that it will. */
  readonly sentAll: boolean;
  /** It has delivered everything. */
  readonly complete: boolean;
  /** It has ended the run, and needs nothing from anybody. */
  readonly finished: boolean;
}

/**
 * That a member is ready to end the run without some others that seem lost, and what it has delivered:
 * peer/run/parting.ts.
 */
export interface Parting {
  /** Indices of the members to be left behind, ascending. */
  readonly without: readonly number[];
  /**
   * The digest of the messages that its sender has delivered, in their order where that is to be
   * the same.
   */
  readonly delivered: Digest;
}

/** A member's own Progress, and what it knows of the receiver's, so that both know when to stop telling. */
export interface Status {
  readonly own: Progress;
  /** The receiver's Progress, as the sender of this status last heard it. */
  readonly heard: Progress;
  /** Whether the receiver is to answer with a Status, since it may not know `own`, or be gone. */
  readonly asks: boolean;
  /**
   * The parting; `null` unless its sender would part. Once the sender has finished, how it parted.
   */
  readonly parting: Parting | null;
}

/** `size` is the number of members, which fixes the length of a list of them. */
export function writeStatus(writer: ByteWriter, status: Status, size: number): void {
  const { own, heard, asks, parting } = status;
  const bits = progressBits(own) | (progressBits(heard) << 3) | (asks ? 64 : 0);
  writer.u8(bits | (parting === null ? 0 : PARTING));
  if (parting === null) return;
  writer.u32(parting.delivered.first);
  writer.u32(parting.delivered.second);
  writer.raw(toBitmap(parting.without, size));
}

function progressBits(progress: Progress): number {
  return (progress.sentAll ? 1 : 0) | (progress.complete ? 2 : 0) | (progress.finished ? 4 : 0);
}

function progressOf(bits: number): Progress {
  return { sentAll: (bits & 1) !== 0, complete: (bits & 2) !== 0, finished: (bits & 4) !== 0 };
}

/** `size` as in `writeStatus`. */
export function decodeStatus(bytes: Uint8Array, size: number): Status | null {
  const reader = bodyReader(bytes);
  const bits = reader.u8();
  const parting = (bits & PARTING) === 0 ? null : readParting(reader, size);
  if (reader.failed || reader.more) return null;
  return { own: progressOf(bits), heard: progressOf(bits >> 3), asks: (bits & 64) !== 0, parting };
}

function readParting(reader: ByteReader, size: number): Parting {
  const delivered = { first: reader.u32(), second: reader.u32() };
  return { without: fromBitmap(reader.raw(membersBytes(size)), size), delivered };
}

import { ByteReader } from '../base/byte-reader.ts';
import type { ByteWriter } from '../base/byte-writer.ts';
import type { Digest } from '../base/digest.ts';
import { readMessage, writeMessage } from './message-codec.ts';
import type { Message } from '../message.ts';

/**
 * A datagram: header, body, authentication tag (docs/wire-format.md). The tag is made and checked
 * where there is cryptography (peer/transport/authentication.ts); here its place is left free.
 */
export const WIRE_VERSION = 7;
/**
 * This length fits every path: IPv6's smallest MTU of 1,280 bytes (RFC 8200) less the IP and UDP
 * headers, with room to spare.
 */
export const DATAGRAM_BYTES_DEFAULT = 1_200;
/**
 * The most that a run may be told that its paths carry: UDP over IPv4 has 65,507 bytes, and 60,000 leave
 * room for any header.
 */
export const DATAGRAM_BYTES_MAX = 60_000;
/** HMAC-SHA-256 cut to its first 128 bits (RFC 4868, section 2.3). */
export const TAG_BYTES = 16;
export const RUN_TAG_BYTES = 8;
export const HEADER_BYTES = 20;
/** Where the length stands: two bytes after the version with the type, and the sender. */
const LENGTH_OFFSET = 2;
const TYPE_BITS = 4;
const TYPE_MASK = 0xf;
/** Where the half stands in the second byte, above the sender. */
const HALF_BIT = 7;
const SENDER_MASK = 0x7f;
/** The bit of a status that says that a parting follows. */
const PARTING = 128;

/** The most bytes that the messages of one datagram of `datagramBytes` may take together. */
export function messagesBytesIn(datagramBytes: number): number {
  return datagramBytes - HEADER_BYTES - TAG_BYTES;
}

/** The same of a datagram that fits every path. */
export const MESSAGES_BYTES_DEFAULT = messagesBytesIn(DATAGRAM_BYTES_DEFAULT);

export const DatagramType = {
  /** "I am here, and I have heard these": asks for a helloReply. */
  hello: 1,
  /** The answer, exactly as long as what asked for it. */
  helloReply: 2,
  /** One or more messages. */
  messages: 3,
  /** How far its sender is. */
  status: 4,
  /**
   * Up to which datagram its sender has taken in what its receiver sent, and how many more it has
   * room for.
   */
  credit: 5,
  /** The same as `messages`, and the sender asks for credit: it has none left at one of the receivers. */
  lastMessages: 6,
} as const;

export interface DatagramHeader {
  readonly type: number;
  readonly sender: number;
  /** The half of the group that its receivers are in: 0 or 1. */
  readonly half: number;
  /** Bit i is set if the datagram is for member i of that half; no other member may take it in. */
  readonly receivers: number;
  readonly runTag: Uint8Array;
  /**
   * The datagram's number, counted by its sender from 1 over all types and receivers; never the same
   * twice in a run.
   */
  readonly packet: number;
}

export interface Hello {
  /** Microseconds on the asker's clock modulo 2^32, which the reply gives back. */
  readonly clock: number;
  /** `toBitmap` of the members that were heard; the sender counts as heard. */
  readonly heard: Uint8Array;
}

/** How far a member is; each fact stays true once it is. */
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

/** Whether its body is messages. */
export function holdsMessages({ type }: DatagramHeader): boolean {
  return type === DatagramType.messages || type === DatagramType.lastMessages;
}

/** Writes the header of a datagram whose length is not known yet: `endDatagram` enters it. */
export function writeHeader(writer: ByteWriter, header: DatagramHeader): void {
  writer.u8((WIRE_VERSION << TYPE_BITS) | header.type);
  writer.u8((header.half << HALF_BIT) | header.sender);
  writer.u16(0);
  writer.u32(header.receivers);
  writer.raw(header.runTag);
  writer.u32(header.packet);
}

/**
 * The datagram whose header and body `writer` has written at the beginning of its bytes: with its length, and with
 * room for its tag.
 */
export function endDatagram({ bytes, offset }: ByteWriter): Uint8Array {
  const length = offset + TAG_BYTES;
  bytes[LENGTH_OFFSET] = length >>> 8;
  bytes[LENGTH_OFFSET + 1] = length & 0xff;
  return bytes.subarray(0, length);
}

export function writeHello(writer: ByteWriter, hello: Hello): void {
  writer.u32(hello.clock);
  writer.raw(hello.heard);
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

/** `messages` take at most `messagesBytesIn` the run's datagrams together: the caller gathers them so. */
export function writeMessages(writer: ByteWriter, messages: readonly Message[]): void {
  for (const message of messages) writeMessage(writer, message);
}

/** What a receiver of messages grants their sender. */
export interface Credit {
  /** The greatest packet number that was taken in. */
  readonly packet: number;
  /** How many more datagrams may be under way beyond that: 0..65,535. */
  readonly ahead: number;
  /** How many datagrams were taken in so far: what it tells of and did not count was lost, or is late. */
  readonly taken: number;
}

export function writeCredit(writer: ByteWriter, { packet, ahead, taken }: Credit): void {
  writer.u32(packet);
  writer.u16(ahead);
  writer.u32(taken);
}

export function decodeCredit(bytes: Uint8Array): Credit | null {
  const reader = bodyReader(bytes);
  const credit = { packet: reader.u32(), ahead: reader.u16(), taken: reader.u32() };
  return reader.failed || reader.more ? null : credit;
}

/**
 * Hands on the datagrams in `bytes` one by one: a system may give several that came from one sender in one piece, if
 * it was allowed to (Linux's UDP_GRO). Whatever is no datagram is handed on as it is, up to the end.
 */
export function takeApart(bytes: Uint8Array, onDatagram: (datagram: Uint8Array) => void): void {
  let at = 0;
  while (at < bytes.length) {
    const length = (bytes[at + LENGTH_OFFSET]! << 8) | bytes[at + LENGTH_OFFSET + 1]!;
    const isDatagram = length >= HEADER_BYTES + TAG_BYTES && at + length <= bytes.length;
    const end = isDatagram ? at + length : bytes.length;
    onDatagram(at === 0 && end === bytes.length ? bytes : bytes.subarray(at, end));
    at = end;
  }
}

/** The header, or `null` when the bytes cannot be a datagram of this version. */
export function decodeHeader(bytes: Uint8Array): DatagramHeader | null {
  if (bytes.length < HEADER_BYTES + TAG_BYTES) return null;
  const reader = new ByteReader(bytes);
  const versionAndType = reader.u8();
  if (versionAndType >>> TYPE_BITS !== WIRE_VERSION) return null;
  const type = versionAndType & TYPE_MASK;
  const halfAndSender = reader.u8();
  if (reader.u16() !== bytes.length) return null;
  return {
    type,
    sender: halfAndSender & SENDER_MASK,
    half: halfAndSender >>> HALF_BIT,
    receivers: reader.u32(),
    runTag: reader.raw(RUN_TAG_BYTES),
    packet: reader.u32(),
  };
}

function bodyReader(bytes: Uint8Array): ByteReader {
  return new ByteReader(bytes, HEADER_BYTES, bytes.length - TAG_BYTES);
}

/** `size` is the number of members, which fixes the length of the list of those heard. */
export function decodeHello(bytes: Uint8Array, size: number): Hello | null {
  const reader = bodyReader(bytes);
  const clock = reader.u32();
  const heard = reader.raw(membersBytes(size));
  return reader.failed || reader.more ? null : { clock, heard };
}

/** Bytes of a list of members, of which there are `size`. */
export function membersBytes(size: number): number {
  return Math.ceil(size / 8);
}

/** A list of members: bit i & 7 of byte i >> 3 is set when member i is in it. */
export function toBitmap(members: Iterable<number>, size: number): Uint8Array {
  const bitmap = new Uint8Array(membersBytes(size));
  for (const member of members) bitmap[member >> 3]! |= 1 << (member & 7);
  return bitmap;
}

/** The members in a bitmap, ascending. */
export function fromBitmap(bitmap: Uint8Array, size: number): number[] {
  const members = Array.from({ length: size }, (_, member) => member);
  return members.filter((member) => (bitmap[member >> 3]! & (1 << (member & 7))) !== 0);
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

/** All messages of the body, or `null` when any of them is malformed: then none counts. */
export function decodeMessages(bytes: Uint8Array): Message[] | null {
  const reader = bodyReader(bytes);
  const messages: Message[] = [];
  while (reader.more) {
    const message = readMessage(reader);
    if (message === null) return null;
    messages.push(message);
  }
  return messages.length > 0 ? messages : null;
}

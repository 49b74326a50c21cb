import { ByteReader } from '../base/byte-reader.ts';
import type { ByteWriter } from '../base/byte-writer.ts';
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
/** Where the run's tag stands, before the number of the packet. */
const RUN_TAG_OFFSET = 8;

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
  /**
   * The datagram's number, counted by its sender from 1 over all types and receivers; never the same
   * twice in a run.
   */
  readonly packet: number;
}

/** Whether its body is messages. */
export function holdsMessages({ type }: DatagramHeader): boolean {
  return type === DatagramType.messages || type === DatagramType.lastMessages;
}

/** Writes the header of a datagram whose length is not known yet: `endDatagram` enters it. */
export function writeHeader(writer: ByteWriter, header: DatagramHeader, runTag: Uint8Array): void {
  writer.u8((WIRE_VERSION << TYPE_BITS) | header.type);
  writer.u8((header.half << HALF_BIT) | header.sender);
  writer.u16(0);
  writer.u32(header.receivers);
  writer.raw(runTag);
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

/** `messages` take at most `messagesBytesIn` the run's datagrams together: the caller gathers them so. */
export function writeMessages(writer: ByteWriter, messages: readonly Message[]): void {
  for (const message of messages) writeMessage(writer, message);
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
  const receivers = reader.u32();
  reader.skip(RUN_TAG_BYTES);
  return {
    type,
    sender: halfAndSender & SENDER_MASK,
    half: halfAndSender >>> HALF_BIT,
    receivers,
    packet: reader.u32(),
  };
}

/** Whether a datagram that has a header is of the run with this tag: compared where it stands, as a view of it would cost more. */
export function isOfRun(datagram: Uint8Array, runTag: Uint8Array): boolean {
  for (let index = 0; index < RUN_TAG_BYTES; index += 1) {
    if (datagram[RUN_TAG_OFFSET + index] !== runTag[index]) return false;
  }
  return true;
}

/** Reads the body of a datagram, between its header and its tag. */
export function bodyReader(bytes: Uint8Array): ByteReader {
  return new ByteReader(bytes, HEADER_BYTES, bytes.length - TAG_BYTES);
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

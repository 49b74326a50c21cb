import { assert } from '../base/assert.ts';
import { ByteBlocks } from '../base/byte-blocks.ts';
import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter, varintSize } from '../base/byte-writer.ts';
import { Kind, Message, NO_BYTES } from '../message.ts';

/**
 * Consecutive messages of one sender as the payload of one message, the pack (docs/wire-format.md).
 * A payload of several messages holds how far the first sequence number is ahead of the pack's own,
 * how many messages there are less one, and each payload after its length. Most packs hold one
 * message and have its number; for these:
 *
 * - an empty payload is one message without payload, under the pack's number;
 * - a zero and more bytes are one message with the rest as its payload, under the pack's number.
 *
 * So an ordering's messages look as they would without packs while there is nothing to pack.
 */
const LONE = 0;
const SEVERAL = 1;

/** Bytes that a message adds to a pack that others are in. */
export function packedSize(message: Message): number {
  return varintSize(message.payload.length) + message.payload.length;
}

/** Packs `messages`, which follow each other at one sender, under the number `sequence`; the bytes are from `blocks`. */
export function pack(sequence: number, messages: readonly Message[], blocks: ByteBlocks): Message {
  const first = messages[0]!;
  const ahead = first.sequence - sequence;
  if (messages.length === 1 && ahead === 0) return packLone(first);
  let size = 1 + varintSize(ahead) + varintSize(messages.length - 1);
  for (const message of messages) size += packedSize(message);
  const writer = new ByteWriter(blocks.take(size));
  writer.u8(SEVERAL);
  writer.varint(ahead);
  writer.varint(messages.length - 1);
  for (const { payload } of messages) {
    writer.varint(payload.length);
    writer.raw(payload);
  }
  return new Message(Kind.data, first.sender, sequence, writer.bytes);
}

function packLone(message: Message): Message {
  const { kind, sender, sequence, payload } = message;
  if (payload.length === 0) return message;
  const bytes = new Uint8Array(1 + payload.length);
  bytes[0] = LONE;
  bytes.set(payload, 1);
  return new Message(kind, sender, sequence, bytes);
}

/** What `spanOf` says of a pack. */
export interface PackSpan {
  /** The sequence number of its first message at the sender. */
  readonly first: number;
  readonly count: number;
}

/** Which messages a pack holds; of bytes that are no pack, none. */
export function spanOf({ sequence, payload }: Message): PackSpan {
  if (payload.length === 0 || payload[0] === LONE) return { first: sequence, count: 1 };
  const reader = new ByteReader(payload, 1);
  const first = sequence + reader.varint();
  const count = 1 + reader.varint();
  // Each message takes a byte at least, so that the bytes bound what may be claimed.
  const isSound = payload[0] === SEVERAL && !reader.failed && count <= payload.length;
  return { first, count: isSound ? count : 0 };
}

/** Takes one message of a pack: its number at the sender, and where in the pack's payload its own lies. */
export type PackVisitor = (sequence: number, begin: number, end: number) => void;

/**
 * Shows each message of a pack in its order, without an object for any of them.
 * @throws when the bytes are no pack: channels are authenticated, so the sender runs something
 * else.
 */
export function visitPack({ sequence, payload }: Message, visit: PackVisitor): void {
  if (payload.length === 0 || payload[0] === LONE) {
    visit(sequence, Math.min(1, payload.length), payload.length);
    return;
  }
  assert(payload[0] === SEVERAL, 'a pack begins with a byte that says what it is');
  const reader = new ByteReader(payload, 1);
  const first = sequence + reader.varint();
  const count = 1 + reader.varint();
  for (let index = 0; index < count; index += 1) {
    const length = reader.varint();
    const begin = reader.skip(length);
    assert(!reader.failed, 'a pack holds as many messages as it says');
    visit(first + index, begin, begin + length);
  }
  assert(!reader.failed && !reader.more, 'a pack holds as many messages as it says');
}

/** Hands on each message of a pack, as `visitPack` shows it. Payloads are views of the pack's bytes. */
export function unpack(packed: Message, hand: (message: Message) => void): void {
  const { kind, sender, payload } = packed;
  visitPack(packed, (sequence, begin, end) => {
    const bytes = begin < end ? payload.subarray(begin, end) : NO_BYTES;
    hand(new Message(kind, sender, sequence, bytes));
  });
}

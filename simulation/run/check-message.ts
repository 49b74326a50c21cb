import { isU32 } from '../../core/base/assert.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_MAX } from '../../core/wire/datagram.ts';
import { Message } from '../../core/message.ts';
import { requireMessage } from '../../core/require-message.ts';

const NUMBERS = ['sender', 'sequence', 'link', 'timestamp', 'epoch', 'position'] as const;

/**
 * Checks that a message could go over the wire: its size fits a datagram, its numbers are whole and
 * have 32 bits, and nobody changes it once it was sent. Code that writes to it, or to its vector,
 * throws. The packet that is returned has a payload of its own: those bytes cannot be frozen, and
 * writing to the sender's must not reach what is under way.
 * @throws TypeError or RangeError that says what is wrong with the message.
 */
export function sealed(message: Message): Message {
  requireMessage(message, 'sends');
  for (const field of NUMBERS) checkNumber(field, message[field]);
  for (const value of message.vector) checkNumber('vector', value);
  const bytes = messageSize(message);
  if (bytes > MESSAGES_BYTES_MAX) {
    throw new RangeError(`a message takes ${bytes} bytes; a datagram has ${MESSAGES_BYTES_MAX}`);
  }
  Object.freeze(message.vector);
  Object.freeze(message);
  return withOwnPayload(message);
}

/** The same message with a payload of its own: writing to the one does not reach the other. */
export function withOwnPayload(message: Message): Message {
  if (message.payload.length === 0) return message;
  const { kind, sender, sequence, payload, link, timestamp, epoch, position, vector } = message;
  // This does not use `slice`, since that of a Buffer shares its bytes.
  const own = new Uint8Array(payload);
  return Object.freeze(
    new Message(kind, sender, sequence, own, link, timestamp, epoch, position, vector),
  );
}

function checkNumber(field: string, value: number): void {
  if (isU32(value)) return;
  throw new RangeError(
    `${field} of a message is ${String(value)}; allowed: whole numbers from 0 to 2^32 - 1`,
  );
}

import { isU32 } from '../../core/base/assert.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_MAX } from '../../core/wire/datagram.ts';
import { Message } from '../../core/message.ts';

const NUMBERS = ['sender', 'sequence', 'link', 'timestamp', 'epoch', 'position'] as const;

/**
 * Holds a message to what the wire would: it has a size that fits a datagram, whole numbers of 32 bits,
 * and does not change any more once it was sent. Then whoever writes to it, or to its vector, throws.
 * @throws TypeError or RangeError that says what is wrong with the message.
 */
export function checkAndFreeze(message: Message): void {
  if (!(message instanceof Message)) {
    throw new TypeError('what an ordering sends is a Message of core/message.ts, with its class');
  }
  for (const field of NUMBERS) checkNumber(field, message[field]);
  for (const value of message.vector) checkNumber('vector', value);
  const bytes = messageSize(message);
  if (bytes > MESSAGES_BYTES_MAX) {
    throw new RangeError(`a message takes ${bytes} bytes; a datagram has ${MESSAGES_BYTES_MAX}`);
  }
  Object.freeze(message.vector);
  Object.freeze(message);
}

function checkNumber(field: string, value: number): void {
  if (isU32(value)) return;
  throw new RangeError(
    `${field} of a message is ${String(value)}; allowed: whole numbers from 0 to 2^32 - 1`,
  );
}

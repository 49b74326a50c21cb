import { isU32 } from '../../core/base/assert.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_DEFAULT } from '../../core/wire/datagram.ts';
import { Kind, Message } from '../../core/message.ts';
import { requireMessage } from '../../core/require-message.ts';

/** A varint of 32 bits, and all that a message has beside its vector and payload (message-codec.ts). */
const NUMBER_BYTES_MAX = 5;
const FIELDS_BYTES_MAX = 2 + 8 * NUMBER_BYTES_MAX;

/**
 * Checks that a message could go over the wire: it has a message's fields and no other, its size fits a datagram, its
 * numbers are whole and have 32 bits, and nobody changes it once it was sent. Code that writes to it, or to its vector,
 * throws. So what was sealed once need not be checked again, but its payload's bytes, which cannot be
 * frozen, have to be copied for each packet (`withOwnPayload`).
 * @throws TypeError or RangeError that says what is wrong with the message.
 */
export function seal(message: Message): void {
  requireMessage(message, 'sends');
  requireFields(message);
  const { sender, sequence, link, timestamp, epoch, position, vector, payload } = message;
  checkNumber('sender', sender);
  checkNumber('sequence', sequence);
  checkNumber('link', link);
  checkNumber('timestamp', timestamp);
  checkNumber('epoch', epoch);
  checkNumber('position', position);
  for (let index = 0; index < vector.length; index += 1) checkNumber('vector', vector[index]!);
  // Hardly any message needs to be measured: fields have a bound, as each number has.
  const bytesMax = FIELDS_BYTES_MAX + NUMBER_BYTES_MAX * vector.length + payload.length;
  const bytes = bytesMax > MESSAGES_BYTES_DEFAULT ? messageSize(message) : bytesMax;
  if (bytes > MESSAGES_BYTES_DEFAULT) {
    throw new RangeError(
      `a message takes ${bytes} bytes; a datagram has ${MESSAGES_BYTES_DEFAULT}`,
    );
  }
  Object.freeze(vector);
  Object.freeze(message);
}

const FIELDS = Object.keys(new Message(Kind.data, 0, 0)).length;

/** Refuses what would reach another member of a simulated run, since that shares its memory, and no member over UDP. */
function requireFields(message: Message): void {
  const isPlain = Object.getPrototypeOf(message) === Message.prototype;
  if (!isPlain || Object.keys(message).length !== FIELDS) {
    throw new TypeError(
      'a message has the fields of core/message.ts and no other: what else is put on it does not go over the wire',
    );
  }
  if (!Array.isArray(message.vector))
    throw new TypeError('the vector of a message is an array of numbers');
}

/** The same message with a payload of its own: writing to that of the one does not reach the other. */
export function withOwnPayload(message: Message): Message {
  if (message.payload.length === 0) return message;
  const { kind, sender, sequence, payload, link, timestamp, epoch, position, vector } = message;
  // This does not use `slice`, since that of a Buffer shares its bytes.
  const own = new Uint8Array(payload);
  return Object.freeze(
    new Message(kind, sender, sequence, own, link, timestamp, epoch, position, vector),
  );
}

/** Seals what one member sends. */
export class Seals {
  /**
   * By kind, the message that was checked last: most go to one member after another, and a heartbeat is
   * the same each time.
   */
  readonly #checked: Message[] = [];

  /** What goes onto the network in place of `message`, once that was checked. Throws as `seal` does. */
  sealed(message: Message): Message {
    if (message !== this.#checked[message.kind]) {
      seal(message);
      this.#checked[message.kind] = message;
    }
    return withOwnPayload(message);
  }
}

/** Whether nobody could tell two messages apart: a packet that is repeated is another object, with bytes of its own. */
export function hasSameContent(a: Message, b: Message): boolean {
  return (
    a.kind === b.kind &&
    a.sender === b.sender &&
    a.sequence === b.sequence &&
    a.link === b.link &&
    a.timestamp === b.timestamp &&
    a.epoch === b.epoch &&
    a.position === b.position &&
    areEqual(a.vector, b.vector) &&
    areEqual(a.payload, b.payload)
  );
}

function areEqual(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}

function checkNumber(field: string, value: number): void {
  if (isU32(value)) return;
  throw new RangeError(
    `${field} of a message is ${String(value)}; allowed: whole numbers from 0 to 2^32 - 1`,
  );
}

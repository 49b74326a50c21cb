import { isU32 } from '../../core/base/assert.ts';
import { messageSize } from '../../core/wire/message-codec.ts';
import { MESSAGES_BYTES_DEFAULT } from '../../core/wire/datagram.ts';
import { Kind, Message, NO_BYTES, NO_NUMBERS } from '../../core/message.ts';
import { requireMessage } from '../../core/require-message.ts';

/** A varint of 32 bits, and all that a message has beside its vector and payload (message-codec.ts). */
const NUMBER_BYTES_MAX = 5;
const FIELDS_BYTES_MAX = 2 + 8 * NUMBER_BYTES_MAX;

/**
 * What goes onto the network in place of `message`: a copy that nobody else has, so that nothing of the sender's memory goes
 * with it, neither what is put on its payload or its vector, nor a property that is computed when it is read. Before that, it
 * is checked that the message could go over the wire: it has a message's fields and no other, its size fits a datagram, and
 * its numbers are whole and have 32 bits. The message itself is frozen, with its vector: code that writes to it then throws.
 * @throws TypeError or RangeError that says what is wrong with the message.
 */
export function seal(message: Message): Message {
  requireMessage(message, 'sends');
  requireFields(message);
  const { kind, sender, sequence, link, timestamp, epoch, position } = message;
  const vector = copyOfVector(message.vector);
  const payload = copyOfPayload(message.payload);
  checkNumber('sender', sender);
  checkNumber('sequence', sequence);
  checkNumber('link', link);
  checkNumber('timestamp', timestamp);
  checkNumber('epoch', epoch);
  checkNumber('position', position);
  for (let index = 0; index < vector.length; index += 1) checkNumber('vector', vector[index]!);
  const copy = new Message(
    kind,
    sender,
    sequence,
    payload,
    link,
    timestamp,
    epoch,
    position,
    vector,
  );
  requireSize(copy);
  Object.freeze(message.vector);
  Object.freeze(message);
  return Object.freeze(copy);
}

function requireSize(message: Message): void {
  // Hardly any message needs to be measured: fields have a bound, as each number has.
  const { vector, payload } = message;
  const bytesMax = FIELDS_BYTES_MAX + NUMBER_BYTES_MAX * vector.length + payload.length;
  const bytes = bytesMax > MESSAGES_BYTES_DEFAULT ? messageSize(message) : bytesMax;
  if (bytes <= MESSAGES_BYTES_DEFAULT) return;
  throw new RangeError(`a message takes ${bytes} bytes; a datagram has ${MESSAGES_BYTES_DEFAULT}`);
}

/** The numbers of a vector in an array that is no more than that, and frozen. */
function copyOfVector(vector: readonly number[]): readonly number[] {
  if (!Array.isArray(vector)) {
    // "[object Uint32Array]", whatever the vector was given as.
    const kind = Object.prototype.toString.call(vector).slice('[object '.length, -1);
    throw new TypeError(`the vector of a message is an array of numbers, and no ${kind}`);
  }
  const { length } = vector;
  if (length === 0) return NO_NUMBERS;
  const copy = new Array<number>(length);
  for (let index = 0; index < length; index += 1) copy[index] = vector[index] as number;
  return Object.freeze(copy);
}

/** This does not use `slice`, since that of a Buffer shares its bytes; nor the length, as a class can have one of its own. */
function copyOfPayload(payload: Uint8Array): Uint8Array {
  if (payload === NO_BYTES) return NO_BYTES;
  const copy = new Uint8Array(payload);
  return copy.length === 0 ? NO_BYTES : copy;
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
}

/** The same message with a payload of its own: writing to that of the one does not reach the other. */
export function withOwnPayload(message: Message): Message {
  return message.payload.length === 0 ? message : withCopyOf(message, message.payload);
}

function withCopyOf(message: Message, bytes: Uint8Array): Message {
  return Object.freeze(withPayload(message, copyOfPayload(bytes)));
}

/** Another object for the same message, with this payload. */
export function withPayload(message: Message, payload: Uint8Array): Message {
  const { kind, sender, sequence, link, timestamp, epoch, position, vector } = message;
  return new Message(kind, sender, sequence, payload, link, timestamp, epoch, position, vector);
}

/** Seals what one member sends. */
export class Seals {
  /**
   * By kind, the message that was sealed last, and what goes onto the network in its place: most go to one member after
   * another, and a heartbeat is the same each time.
   */
  readonly #given: Message[] = [];
  readonly #sealed: Message[] = [];

  /** What goes onto the network in place of `message`, as `seal` makes it. Throws as `seal` does. */
  sealed(message: Message): Message {
    const last = this.#sealed[message.kind];
    if (last !== undefined && this.#given[last.kind] === message) {
      // The bytes of a payload cannot be frozen: what is sent now is what they are now.
      return last.payload.length === 0 ? last : withCopyOf(last, message.payload);
    }
    const sealed = seal(message);
    this.#given[sealed.kind] = message;
    this.#sealed[sealed.kind] = sealed;
    return sealed;
  }
}

/**
 * What a member delivers, as it was when it was delivered: everybody who looks at it sees the same, also of an object whose
 * properties are computed when they are read.
 * @throws TypeError or an invariant's error that says what is wrong with the message.
 */
export function delivery(message: Message): Message {
  requireMessage(message, 'delivers');
  return withPayload(message, message.payload);
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

import { z } from 'zod';
import { U32_MAX } from '../core/base/assert.ts';
import { GUARANTEE_NAMES } from '../core/guarantees.ts';

/**
 * The lines of the exec protocol (docs/exec-protocol.md): events to a program, and the one JSON
 * object a line with which it answers each.
 */

/** The JSON text of one message of a program; with it a message still fits one datagram. */
export const EXEC_MESSAGE_BYTES_MAX = 1_100;
/** The most effects of one event, so that a program in a loop is found out. */
const EFFECTS_MAX = 10_000;

const declarationSchema = z.strictObject({
  guarantees: z.array(z.enum(GUARANTEE_NAMES)).optional(),
  retransmits: z.boolean().optional(),
  survives: z.enum(['none', 'minority']).optional(),
  channels: z.enum(['reliable', 'raw']).optional(),
  reset: z.boolean().optional(),
  payloads: z.boolean().optional(),
  deadline: z.int().min(0).nullable().optional(),
});

/** What a program says of itself when it answers `init`. */
export type Declaration = z.infer<typeof declarationSchema>;

/** An answer that breaks the protocol: what was wrong, and what is allowed. */
export class AnswerError extends Error {
  override name = 'AnswerError';
}

export function initEvent(self: number, size: number, seed: number): string {
  return `{"event":"init","self":${self},"size":${size},"seed":${seed}}`;
}

/** `payload` is what the message carries, for a program that asked for it; otherwise `null`. */
export function multicastEvent(
  now: number,
  sender: number,
  sequence: number,
  payload: Uint8Array | null,
): string {
  const carried = payload === null ? '' : `,"payload":"${Buffer.from(payload).toString('base64')}"`;
  return (
    `{"event":"multicast","now":${now},` +
    `"message":{"sender":${sender},"sequence":${sequence}${carried}}}`
  );
}

/** `message` is JSON text as its sender's program wrote it. */
export function receiveEvent(now: number, from: number, message: string): string {
  return `{"event":"receive","now":${now},"from":${from},"message":${message}}`;
}

export function advanceEvent(now: number): string {
  return `{"event":"advance","now":${now}}`;
}

export function parseDeclaration(line: string): Declaration {
  const parsed = declarationSchema.safeParse(parseObject(line));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new AnswerError(
    `${problems.join('; ')}. Allowed in the answer to init: guarantees (a list of ` +
      `${GUARANTEE_NAMES.join(', ')}), retransmits, survives, channels, reset, payloads, deadline`,
  );
}

/** Where the effects of an answer go. */
export interface Effects {
  send(to: number, message: object): void;
  multicast(message: object): void;
  /** `payload`: absent where the program gave none. */
  deliver(sender: number, sequence: number, payload?: Uint8Array): void;
  /** Sets the deadline; Infinity: nothing is scheduled. */
  schedule(deadlineUs: number): void;
}

/** The program that answers, as far as its answer is checked against it. */
export interface ProgramPlace {
  readonly self: number;
  readonly size: number;
  /** Whether its program asked for payloads, and so has to give them when it delivers. */
  readonly payloads: boolean;
}

/**
 * Applies an answer's effects in their order, and returns what it says to hold back (0 if nothing).
 * Throws an AnswerError at the first that is none.
 */
export function applyAnswer(line: string, place: ProgramPlace, effects: Effects): number {
  const answer = parseObject(line);
  for (const key in answer) {
    if (key !== 'effects' && key !== 'held') {
      throw new AnswerError(`"${key}" is no part of an answer; allowed: effects, held`);
    }
  }
  const list = answer['effects'];
  if (!Array.isArray(list) || list.length > EFFECTS_MAX) {
    throw new AnswerError(`an answer has "effects", a list of at most ${EFFECTS_MAX}`);
  }
  for (const effect of list as unknown[]) applyEffect(effect, place, effects);
  return answer['held'] === undefined ? 0 : readInteger(answer['held'], U32_MAX, 'held');
}

const EFFECT_FORMS =
  'allowed: {"send": {"to": MEMBER, "message": OBJECT}}, {"multicast": {"message": OBJECT}}, ' +
  '{"deliver": {"sender": MEMBER, "sequence": NUMBER}}, {"deadline": MICROSECONDS or null}';

function applyEffect(effect: unknown, place: ProgramPlace, effects: Effects): void {
  const { self, size } = place;
  if (!isObject(effect)) throw new AnswerError(`an effect is an object; ${EFFECT_FORMS}`);
  const keys = Object.keys(effect);
  const body = effect[keys[0] ?? ''];
  if (keys.length === 1 && keys[0] === 'deadline') {
    effects.schedule(
      body === null ? Infinity : readInteger(body, Number.MAX_SAFE_INTEGER, 'deadline'),
    );
  } else if (keys.length !== 1 || !isObject(body)) {
    throw new AnswerError(`an effect is one of four; ${EFFECT_FORMS}`);
  } else if (keys[0] === 'send') {
    const to = readInteger(body['to'], size - 1, 'send.to');
    if (to === self) throw new AnswerError(`send.to is ${self}, the member itself`);
    effects.send(to, readMessage(body, 'send', 2));
  } else if (keys[0] === 'multicast') {
    effects.multicast(readMessage(body, 'multicast', 1));
  } else if (keys[0] === 'deliver') {
    const sender = readInteger(body['sender'], size - 1, 'deliver.sender');
    const sequence = readInteger(body['sequence'], U32_MAX, 'deliver.sequence');
    if (place.payloads) effects.deliver(sender, sequence, readPayload(body['payload']));
    else effects.deliver(sender, sequence);
  } else {
    throw new AnswerError(`"${keys[0]}" is no effect; ${EFFECT_FORMS}`);
  }
}

function readMessage(body: Record<string, unknown>, effect: string, keys: number): object {
  const { message } = body;
  if (isObject(message) && Object.keys(body).length === keys) return message;
  throw new AnswerError(`${effect}.message is a JSON object of your own; ${EFFECT_FORMS}`);
}

/**
 * Reads a payload in base64, as it was handed out; without one the message is delivered without
 * content.
 */
function readPayload(value: unknown): Uint8Array {
  if (value === undefined) return new Uint8Array(0);
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : null;
  if (bytes !== null && bytes.toString('base64') === value) return bytes;
  const found = JSON.stringify(value).slice(0, 40);
  throw new AnswerError(`deliver.payload is ${found}; allowed: base64, as multicast had it`);
}

function readInteger(value: unknown, max: number, what: string): number {
  if (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max) {
    return value as number;
  }
  const found = value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40);
  throw new AnswerError(`${what} is ${found}; allowed: an integer from 0 to ${max}`);
}

function parseObject(line: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new AnswerError(`it is no JSON (${(error as Error).message})`, { cause: error });
  }
  if (!isObject(value)) throw new AnswerError('an answer is one JSON object');
  if (MAY_OVERFLOW.test(line)) requireFinite(value);
  return value;
}

/** What a number needs that may be beyond those of 64 bits; text may look like it as well. */
const MAY_OVERFLOW = /e\+?\d{3}|\d{300}/i;

/** Refuses numbers that JSON can write and nobody can hold: they would go out as null. */
function requireFinite(answer: object): void {
  const left: unknown[] = [answer];
  while (left.length > 0) {
    const value: unknown = left.pop();
    if (value === Infinity || value === -Infinity) {
      throw new AnswerError(
        'a number in it is too great; allowed: what 64-bit floating point has, up to 1.8e308',
      );
    }
    if (typeof value !== 'object' || value === null) continue;
    for (const each of Object.values(value) as unknown[]) left.push(each);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

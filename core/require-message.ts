import { tagOf } from './base/tag-of.ts';
import { Message } from './message.ts';

/**
 * Refuses what is no message, or has a payload that is no bytes: files in JavaScript, and objects that
 * were spread, get past the compiler. `verb` is what the ordering does with it.
 * @throws TypeError that says what it was, and what is allowed.
 */
export function requireMessage(message: Message, verb: 'sends' | 'delivers'): void {
  if (!(message instanceof Message)) {
    throw new TypeError(`what an ordering ${verb} is a Message of core/message.ts, with its class`);
  }
  const payload: unknown = message.payload;
  if (payload instanceof Uint8Array || tagOf(payload) === 'Uint8Array') return;
  throw new TypeError(
    `the payload of a message is of the kind ${tagOf(payload)}; allowed: a Uint8Array`,
  );
}

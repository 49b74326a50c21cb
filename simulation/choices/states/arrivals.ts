import type { Message } from '../../../core/message.ts';
import { hasSameContent } from '../../run/check-message.ts';
import type { Arrival, MemberStep } from './member-state.ts';
import { KEYS_BEGIN } from './member-state.ts';

/** The arrivals of a search: messages with the same content from the same member are one. */
export class Arrivals {
  readonly #known = new Map<string, Arrival>();
  readonly #closings: readonly MemberStep[];

  constructor(peers: number) {
    this.#closings = Array.from({ length: peers }, (_, from) => {
      return { act: 'close', key: KEYS_BEGIN + from, from };
    });
  }

  /** That the channel from a member closes. */
  closing(from: number): MemberStep {
    return this.#closings[from]!;
  }

  /** `guess`: which arrival it probably is; comparing with one is faster than looking one up. */
  of(from: number, message: Message, guess?: Arrival): Arrival {
    if (guess?.from === from && hasSameContent(guess.message, message)) return guess;
    const text = textOf(from, message);
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const key = KEYS_BEGIN + this.#closings.length + this.#known.size;
    const arrival = { act: 'deliver', key, from, message } as const;
    this.#known.set(text, arrival);
    return arrival;
  }
}

function textOf(from: number, message: Message): string {
  const { kind, sender, sequence, payload, link, timestamp, epoch, position, vector } = message;
  const numbers = `${from},${kind},${sender},${sequence},${link},${timestamp},${epoch},${position}`;
  return `${numbers};${vector.length > 0 ? vector.join() : ''};${payload.length > 0 ? payload.join() : ''}`;
}

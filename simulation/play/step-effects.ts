import type { Message } from '../../core/message.ts';
import type { DropReason, Observer } from '../observers/observer.ts';
import { describeMessage } from '../observers/trace.ts';

/** One thing that came of a step, at one member. */
export interface Effect {
  readonly member: number;
  readonly what: 'multicasts' | 'gets' | 'delivers' | 'loses' | 'crashes' | 'throws';
  /** What it is about, in the words of a trace; empty for a crash. */
  readonly text: string;
}

/** Collects what comes of each step of a game. What was sent lies on the table, and is not told here. */
export class EffectCollector implements Observer {
  #effects: Effect[] = [];
  readonly #words: (message: Message) => string | null;

  constructor(words: (message: Message) => string | null = () => null) {
    this.#words = words;
  }

  /** Returns what came since the last call, and forgets it. */
  take(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  multicast(_atUs: number, member: number, message: Message): void {
    this.#add(member, 'multicasts', nameOfMessage(message));
  }

  arrive(_atUs: number, from: number, to: number, message: Message): void {
    this.#add(to, 'gets', `${describeMessage(message, this.#words(message))} from ${from}`);
  }

  deliver(_atUs: number, member: number, message: Message): void {
    this.#add(member, 'delivers', nameOfMessage(message));
  }

  drop(_atUs: number, from: number, to: number, message: Message, reason: DropReason): void {
    const why = reason === 'partition' ? 'the path is cut' : 'lost';
    this.#add(from, 'loses', `${describeMessage(message, this.#words(message))} to ${to}: ${why}`);
  }

  crash(_atUs: number, member: number): void {
    this.#add(member, 'crashes', '');
  }

  fail(_atUs: number, member: number, error: Error): void {
    this.#add(member, 'throws', error.message);
  }

  #add(member: number, what: Effect['what'], text: string): void {
    this.#effects.push({ member, what, text });
  }
}

function nameOfMessage({ sender, sequence }: Message): string {
  return `(${sender},${sequence})`;
}

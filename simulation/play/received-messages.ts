import { Kind, type Message } from '../../core/message.ts';
import type { Observer } from '../observers/observer.ts';

/** Which of the application's messages each member has, its own included, and has not delivered. */
export class ReceivedMessages implements Observer {
  readonly #waiting: readonly Map<string, Message>[];
  readonly #delivered: readonly Set<string>[];

  constructor(peers: number) {
    this.#waiting = Array.from({ length: peers }, () => new Map<string, Message>());
    this.#delivered = Array.from({ length: peers }, () => new Set<string>());
  }

  /** Messages such as `(0,1)`, in the order in which they came; a pack stands under its first message. */
  waitingAt(member: number): string[] {
    return [...(this.#waiting[member]?.keys() ?? [])];
  }

  multicast(_atUs: number, member: number, message: Message): void {
    this.#receive(member, message);
  }

  arrive(_atUs: number, _from: number, to: number, message: Message): void {
    if (message.kind === Kind.data) this.#receive(to, message);
  }

  deliver(_atUs: number, member: number, message: Message): void {
    this.#waiting[member]!.delete(nameOf(message));
    this.#delivered[member]!.add(nameOf(message));
  }

  #receive(member: number, message: Message): void {
    const name = nameOf(message);
    if (!this.#delivered[member]!.has(name)) this.#waiting[member]!.set(name, message);
  }
}

function nameOf({ sender, sequence }: Message): string {
  return `(${sender},${sequence})`;
}

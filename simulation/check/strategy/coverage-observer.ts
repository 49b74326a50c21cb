import { Kind, type Message } from '../../../core/message.ts';
import type { Observer } from '../../observers/observer.ts';

/** More messages held than this, and later views, are not told apart. */
const HELD_MAX = 7;
const VIEW_MAX = 7;
const KINDS = 256;
const SEQUENCES = 2 ** 20;

/**
 * Notes which states a run reaches: what kind of message arrives at which member, while it holds how many messages
 * that it has not delivered, in which view (the greatest epoch that it has seen). Members of different runs are the
 * same by their number.
 */
export class CoverageObserver implements Observer {
  readonly states = new Set<number>();
  readonly #views: number[];
  /** By member, the multicasts that arrived and were not delivered. */
  readonly #held: Set<number>[];

  constructor(peers: number) {
    this.#views = Array.from({ length: peers }, () => 0);
    this.#held = Array.from({ length: peers }, () => new Set());
  }

  arrive(_atUs: number, _from: number, to: number, message: Message): void {
    this.#views[to] = Math.max(this.#views[to]!, message.epoch);
    const held = this.#held[to]!;
    const view = Math.min(this.#views[to], VIEW_MAX);
    const heldCount = Math.min(held.size, HELD_MAX);
    const place = (to * (HELD_MAX + 1) + heldCount) * (VIEW_MAX + 1) + view;
    this.states.add(place * KINDS + message.kind);
    if (message.kind === Kind.data) held.add(keyOf(message));
  }

  deliver(_atUs: number, member: number, message: Message): void {
    this.#held[member]!.delete(keyOf(message));
  }
}

function keyOf({ sender, sequence }: Message): number {
  return sender * SEQUENCES + sequence;
}

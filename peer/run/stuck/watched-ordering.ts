import type { Message } from '../../../core/message.ts';
import type { Blockage, Create, Microseconds, Ordering } from '../../../core/ordering.ts';
import type { CallNotes } from './call-notes.ts';

/** The same ordering, each call of which is noted. */
export function notingCalls(create: Create, notes: CallNotes): Create {
  return (group, out) => {
    return new WatchedOrdering(
      notes.during('create', () => create(group, out)),
      notes,
    );
  };
}

class WatchedOrdering implements Ordering {
  readonly packs: boolean;
  readonly multicastAll?: (now: Microseconds, messages: readonly Message[]) => void;
  readonly blockage?: () => Blockage | null;
  readonly #ordering: Ordering;
  readonly #notes: CallNotes;

  constructor(ordering: Ordering, notes: CallNotes) {
    this.#ordering = ordering;
    this.#notes = notes;
    this.packs = ordering.packs === true;
    // Whoever calls them looks whether they are there.
    if (ordering.multicastAll !== undefined) {
      this.multicastAll = (now, messages) =>
        notes.during('multicastAll', () => ordering.multicastAll!(now, messages));
    }
    if (ordering.blockage !== undefined) {
      this.blockage = () => notes.during('blockage', () => ordering.blockage!());
    }
  }

  get deadline(): Microseconds {
    return this.#notes.during('deadline', () => this.#ordering.deadline);
  }

  get held(): number {
    return this.#notes.during('held', () => this.#ordering.held);
  }

  get isBackedUp(): boolean {
    return this.#notes.during('isBackedUp', () => this.#ordering.isBackedUp === true);
  }

  multicast(now: Microseconds, message: Message): void {
    this.#notes.during('multicast', () => this.#ordering.multicast(now, message));
  }

  receive(now: Microseconds, from: number, message: Message): void {
    this.#notes.during('receive', () => this.#ordering.receive(now, from, message));
  }

  advance(now: Microseconds): void {
    this.#notes.during('advance', () => this.#ordering.advance(now));
  }
}

import { Heap } from '../../core/base/heap.ts';

interface Event {
  readonly atUs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Time that passes as fast as what happens in it can be worked out; of the same moment, in order. */
export class VirtualTime {
  nowUs = 0;
  readonly #events = new Heap<Event>((one, other) =>
    one.atUs === other.atUs ? one.order < other.order : one.atUs < other.atUs,
  );
  #order = 0;

  /** Has `act` happen at `atUs`, or now, if that is past. */
  at(atUs: number, act: () => void): void {
    this.#order += 1;
    this.#events.add({ atUs: Math.max(atUs, this.nowUs), order: this.#order, act });
  }

  /** Lets the next event happen; false when there is none up to `endUs`. */
  step(endUs: number): boolean {
    const next = this.#events.first;
    if (next === undefined || next.atUs > endUs) return false;
    this.#events.take();
    this.nowUs = next.atUs;
    next.act();
    return true;
  }
}

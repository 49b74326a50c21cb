/**
 * After this many turns of the event loop without anything new, everybody waits for the clock. Pulumi's SDK and the
 * simulated tools come to each next wait in one turn, as nothing of theirs waits for a file or a thread.
 */
const QUIET_TURNS = 20;

interface Sleeper {
  readonly atMs: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock that jumps to the next moment at which somebody wants to be woken, once everybody else waits: an hour
 * of deployment takes a second, and comes out the same on any machine.
 */
export class VirtualClock {
  nowMs = 0;
  #order = 0;
  #sleepers: Sleeper[] = [];

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#order += 1;
      this.#sleepers.push({ atMs: this.nowMs + ms, order: this.#order, wake });
    });
  }

  /** Lets time pass until nobody sleeps any more, or `isOver` says that it is enough. */
  async run(isOver: () => boolean = () => false): Promise<void> {
    for (;;) {
      await this.#settle();
      if (isOver()) return;
      const next = this.#takeNext();
      if (next === undefined) return;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.wake();
    }
  }

  #takeNext(): Sleeper | undefined {
    const [next] = this.#sleepers.sort(
      (one, other) => one.atMs - other.atMs || one.order - other.order,
    );
    this.#sleepers = this.#sleepers.filter((each) => each !== next);
    return next;
  }

  async #settle(): Promise<void> {
    let seen = this.#order;
    for (let turn = 0; turn < QUIET_TURNS; turn += 1) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      if (seen !== this.#order) [seen, turn] = [this.#order, 0];
    }
  }
}

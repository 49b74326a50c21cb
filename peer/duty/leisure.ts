import type { Clock } from '../clock.ts';

/** A run that follows another, or the first one of `npm start`, begins sooner than this. */
export const LEISURE_MS = 2_000;

/**
 * A peer's time between runs, in which it gives memory back. V8's young generation grows to 16 MiB while the
 * modules are loaded and while a run goes on, and nothing makes it small again in a process that allocates
 * nothing any more: of the 87 MB that an idle peer had resident, 9 were that.
 */
export class Leisure {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #giveBack: () => void;
  #callOff: () => void = () => undefined;

  constructor(clock: Pick<Clock, 'after'>, giveBack: () => void = giveMemoryBack) {
    this.#clock = clock;
    this.#giveBack = giveBack;
  }

  /** Nothing is under way any more: memory is given back after LEISURE_MS, unless something begins before that. */
  begin(): void {
    this.#callOff();
    this.#callOff = this.#clock.after(LEISURE_MS, this.#giveBack);
  }

  end(): void {
    this.#callOff();
  }
}

/**
 * Collects all that can be collected and makes the heap as small as that allows; it takes some 50 ms. Only where
 * Node was started with `--expose-gc`, as local/processes.ts does: https://nodejs.org/api/cli.html#--expose-gc.
 */
function giveMemoryBack(): void {
  globalThis.gc?.({ type: 'major', flavor: 'last-resort' });
}

import { allDelivered } from './collect-result.ts';
import type { RunSoFar } from './run-so-far.ts';

const SETTLE_US_DEFAULT = 5_000_000;
/** The interval at which the run is checked for completion. */
const CHECK_US = 20_000;

/** Whether a run is complete: everything has been delivered, and has stayed so for the settle time. */
export class Completion {
  /** The next time at which it is worth asking; before that the answer is no. */
  checkAtUs = 0;
  #deliveredSinceUs = Infinity;
  readonly #settleUs: number;

  constructor(settleUs = SETTLE_US_DEFAULT) {
    this.#settleUs = settleUs;
  }

  /**
   * Whether the run is complete. No fault may be to come either, and a network that is to calm down has
   * to be calm: a member that was cut off may yet have to learn of it.
   */
  reached(simulation: RunSoFar): boolean {
    const { nowUs, scenario, faultsToCome } = simulation;
    this.checkAtUs = nowUs + CHECK_US;
    const isTroubled = faultsToCome > 0 || nowUs < (scenario.network.calmFromUs ?? 0);
    if (isTroubled || !allDelivered(simulation)) {
      this.#deliveredSinceUs = Infinity;
      return false;
    }
    this.#deliveredSinceUs = Math.min(this.#deliveredSinceUs, nowUs);
    return nowUs >= this.#deliveredSinceUs + this.#settleUs;
  }
}

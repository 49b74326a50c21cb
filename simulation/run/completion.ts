import { allDelivered } from './collect-result.ts';
import type { RunSoFar } from './run-so-far.ts';

const SETTLE_US_DEFAULT = 5_000_000;
/** How often it is looked whether everything was delivered. */
const CHECK_US = 20_000;

/** Whether a run is complete: everything has been delivered, and has stayed so for the settle time. */
export class Completion {
  /** When it is worth asking again; before that the answer is no. */
  checkAtUs = 0;
  #deliveredSinceUs = Infinity;
  readonly #settleUs: number;

  constructor(settleUs = SETTLE_US_DEFAULT) {
    this.#settleUs = settleUs;
  }

  /**
   * No fault is to come either, and a network that is to calm down is calm: a member that was cut off
   * may yet have to learn of it.
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

/** Of fewer members than these, some that do not answer say nothing of how busy all are. */
const MANY = 8;

/**
 * How long to wait until members that did not answer are told or asked again. Where one of a few did not, a datagram was
 * lost. Where most of many did not, they have no time: all members of a group on one machine ask each other, and to ask
 * at that pace again would only make everybody later. Then the time doubles, until more than half of them answer.
 */
export class RetryPace {
  readonly #leastUs: number;
  readonly #mostUs: number;
  /** How many were asked the last time; 0 where that was something else. */
  #asked = 0;
  us: number;

  constructor(leastUs: number, mostUs: number) {
    this.#leastUs = this.us = leastUs;
    this.#mostUs = mostUs;
  }

  /** Notes that `count` members are asked now, as they have not answered yet. */
  asked(count: number): void {
    const areBusy = this.#asked >= MANY && 2 * count > this.#asked;
    if (areBusy) this.us = Math.min(2 * this.us, this.#mostUs);
    else if (this.#asked > 0) this.us = this.#leastUs;
    this.#asked = count;
  }

  /** Notes that all are asked something new, which they had no time to answer yet. */
  begin(): void {
    this.#asked = 0;
  }
}

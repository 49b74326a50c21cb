/** A plain failure detector: whoever was silent for `timeoutUs` is suspected, until it is heard again. */
export class Heartbeats {
  /** When to call `beat` again. */
  nextUs = 0;
  readonly #periodUs: number;
  readonly #timeoutUs: number;
  readonly #heardAt: number[];
  readonly #self: number;

  constructor(self: number, size: number, periodUs: number, timeoutUs: number) {
    this.#self = self;
    this.#periodUs = periodUs;
    this.#timeoutUs = timeoutUs;
    this.#heardAt = new Array<number>(size).fill(-1);
  }

  heard(now: number, member: number): void {
    this.#heardAt[member] = now;
  }

  /** Whether a heartbeat is due; the next one is due a period later. */
  beat(now: number): boolean {
    if (now < this.nextUs) return false;
    this.nextUs = now + this.#periodUs;
    // For a member that was never heard, the silence begins with the first look at the clock.
    for (const [member, at] of this.#heardAt.entries()) if (at < 0) this.#heardAt[member] = now;
    return true;
  }

  isSuspected(now: number, member: number): boolean {
    const at = this.#heardAt[member]!;
    return member !== this.#self && at >= 0 && now - at > this.#timeoutUs;
  }

  /** The smallest member that is not suspected; a member never suspects itself. */
  leader(now: number): number {
    return this.#heardAt.findIndex((_, member) => !this.isSuspected(now, member));
  }
}

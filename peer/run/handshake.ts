import { fromBitmap, toBitmap } from '../../core/wire/member-bitmap.ts';

/** The first retry comes after this time, later ones at twice the distance up to the maximum. */
const RETRY_US_MIN = 50_000;
const RETRY_US_MAX = 400_000;

/**
 * The start of a run. It is over when this member has heard every other, and every other has said that
 * it heard everyone; then nobody sends to a member that is not there. The class is pure: the caller
 * sends a hello to each of `unsatisfied` whenever `deadline` passes, and reports what came.
 */
export class Handshake {
  readonly #size: number;
  readonly #heard: boolean[];
  /** Members that said they had heard everyone. */
  readonly #satisfied: boolean[];
  #retryUs = RETRY_US_MIN;
  deadline: number;
  /** The smallest round trip to each member that answered, in microseconds. */
  readonly roundTripUs = new Map<number, number>();

  constructor(self: number, size: number, now: number) {
    this.#size = size;
    this.#heard = Array.from({ length: size }, (_, member) => member === self);
    this.#satisfied = Array.from({ length: size }, (_, member) => member === self);
    this.deadline = now;
  }

  get established(): boolean {
    return this.#heard.every(Boolean) && this.#satisfied.every(Boolean);
  }

  /** The members from which nothing came. */
  get unheard(): number[] {
    return this.#members((member) => !this.#heard[member]);
  }

  /** The members that must still be asked. */
  get unsatisfied(): number[] {
    return this.#members((member) => !this.#heard[member] || !this.#satisfied[member]);
  }

  /** The list of members heard, for a Hello. */
  get bitmap(): Uint8Array {
    const heard = this.#members((member) => this.#heard[member]);
    return toBitmap(heard, this.#size);
  }

  /** Notes a hello, or its reply, from `from`, with its list of members heard. */
  hear(from: number, bitmap: Uint8Array): void {
    this.#heard[from] = true;
    if (fromBitmap(bitmap, this.#size).length === this.#size) this.#satisfied[from] = true;
  }

  /** Notes that `from` answered a hello that was sent `roundTripUs` ago. */
  measure(from: number, roundTripUs: number): void {
    this.roundTripUs.set(from, Math.min(roundTripUs, this.roundTripUs.get(from) ?? Infinity));
  }

  /** Notes a message from `from`: it began, so it knows that everyone heard everyone. */
  hearMessages(from: number): void {
    this.#heard[from] = true;
    if (this.#heard.every(Boolean)) this.#satisfied.fill(true);
    else this.#satisfied[from] = true;
  }

  /** Notes that the hellos of this round were sent. */
  retried(now: number): void {
    this.deadline = now + this.#retryUs;
    this.#retryUs = Math.min(this.#retryUs * 2, RETRY_US_MAX);
  }

  #members(wanted: (member: number) => boolean | undefined): number[] {
    return Array.from({ length: this.#size }, (_, member) => member).filter(wanted);
  }
}

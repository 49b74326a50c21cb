import { Heap } from '../../core/base/heap.ts';
import { type PacketFate } from '../../network/network-model.ts';
import type { Clock } from '../clock.ts';
import type { Carrier } from './datagram-channel.ts';

interface Flight {
  readonly number: number;
  readonly arrivesAtMs: number;
  readonly to: number;
  readonly datagram: Uint8Array;
}

/** The most datagrams under way; a network drops what its queues cannot hold. */
const FLIGHTS_MAX = 100_000;

/**
 * Emulates the distance between zones on one machine: each datagram is held for its one-way delay
 * before the real socket gets it, or is lost. Delays are rounded up by the timer to about 1 ms.
 */
export class EmulatedCarrier implements Carrier {
  losses = 0;
  readonly #inner: Carrier;
  /** The fate of packets to each member; `null` for this member itself. */
  readonly #fates: readonly (PacketFate | null)[];
  readonly #clock: Clock;
  /** Datagrams under way; the one that arrives first comes first, and of two at once the one sent first. */
  readonly #flights = new Heap<Flight>(
    (one, other) =>
      one.arrivesAtMs < other.arrivesAtMs ||
      (one.arrivesAtMs === other.arrivesAtMs && one.number < other.number),
  );
  #sent = 0;
  #disarm: () => void = () => undefined;
  #wakeAtMs = Infinity;
  #closing = false;

  constructor(inner: Carrier, fates: readonly (PacketFate | null)[], clock: Clock) {
    this.#inner = inner;
    this.#fates = fates;
    this.#clock = clock;
  }

  send(to: number, datagram: Uint8Array): boolean {
    if (this.#closing) return false;
    const delayUs = this.#fates[to]!.next();
    if (delayUs < 0 || this.#flights.size >= FLIGHTS_MAX) {
      this.losses += 1;
      return false;
    }
    // A copy is as long as the datagram, where the caller's bytes are as long as any may be.
    const copy = datagram.slice();
    const arrivesAtMs = this.#nowMs + delayUs / 1_000;
    this.#flights.add({ number: this.#sent, arrivesAtMs, to, datagram: copy });
    this.#sent += 1;
    this.#arm();
    return false;
  }

  /** Sends nothing more; datagrams under way still arrive, as they would on a network. */
  close(): void {
    this.#closing = true;
    if (this.#flights.size === 0) this.#inner.close();
  }

  get #nowMs(): number {
    return this.#clock.monotonicUs() / 1_000;
  }

  #arm(): void {
    const earliest = this.#flights.first;
    if (earliest === undefined || earliest.arrivesAtMs >= this.#wakeAtMs) return;
    this.#disarm();
    this.#wakeAtMs = earliest.arrivesAtMs;
    const delayMs = Math.max(0, earliest.arrivesAtMs - this.#nowMs);
    this.#disarm = this.#clock.after(delayMs, () => this.#release());
  }

  #release(): void {
    this.#wakeAtMs = Infinity;
    const now = this.#nowMs;
    while (this.#flights.size > 0 && this.#flights.first!.arrivesAtMs <= now) {
      const flight = this.#flights.take()!;
      this.#inner.send(flight.to, flight.datagram);
    }
    if (this.#closing && this.#flights.size === 0) this.#inner.close();
    this.#arm();
  }
}

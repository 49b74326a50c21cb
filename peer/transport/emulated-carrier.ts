import { type PacketFate } from '../../network/network-model.ts';
import type { Clock } from '../clock.ts';
import type { Carrier } from './datagram-channel.ts';

interface Flight {
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
  /** Datagrams under way, as a binary heap with the earliest arrival first. */
  readonly #flights: Flight[] = [];
  #disarm: () => void = () => undefined;
  #wakeAtMs = Infinity;
  #closing = false;

  constructor(inner: Carrier, fates: readonly (PacketFate | null)[], clock: Clock) {
    this.#inner = inner;
    this.#fates = fates;
    this.#clock = clock;
  }

  send(to: number, datagram: Uint8Array): boolean {
    if (this.#closing) return true;
    const delayUs = this.#fates[to]!.next();
    if (delayUs < 0 || this.#flights.length >= FLIGHTS_MAX) {
      this.losses += 1;
      return true;
    }
    // The caller writes its next datagram into the same bytes.
    const copy = datagram.slice();
    this.#push({ arrivesAtMs: this.#nowMs + delayUs / 1_000, to, datagram: copy });
    this.#arm();
    return true;
  }

  /** Sends nothing more; datagrams under way still arrive, as they would on a network. */
  close(): void {
    this.#closing = true;
    if (this.#flights.length === 0) this.#inner.close();
  }

  get #nowMs(): number {
    return this.#clock.monotonicUs() / 1_000;
  }

  #arm(): void {
    const earliest = this.#flights[0];
    if (earliest === undefined || earliest.arrivesAtMs >= this.#wakeAtMs) return;
    this.#disarm();
    this.#wakeAtMs = earliest.arrivesAtMs;
    const delayMs = Math.max(0, earliest.arrivesAtMs - this.#nowMs);
    this.#disarm = this.#clock.after(delayMs, () => this.#release());
  }

  #release(): void {
    this.#wakeAtMs = Infinity;
    const now = this.#nowMs;
    while (this.#flights.length > 0 && this.#flights[0]!.arrivesAtMs <= now) {
      const flight = this.#pop();
      this.#inner.send(flight.to, flight.datagram);
    }
    if (this.#closing && this.#flights.length === 0) this.#inner.close();
    this.#arm();
  }

  #push(flight: Flight): void {
    const heap = this.#flights;
    let index = heap.push(flight) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (heap[parent]!.arrivesAtMs <= flight.arrivesAtMs) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = flight;
  }

  #pop(): Flight {
    const heap = this.#flights;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child + 1 < heap.length && heap[child + 1]!.arrivesAtMs < heap[child]!.arrivesAtMs) {
        child += 1;
      }
      if (child >= heap.length || heap[child]!.arrivesAtMs >= last.arrivesAtMs) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first;
  }
}

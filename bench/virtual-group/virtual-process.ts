import type { Clock } from '../../peer/clock.ts';
import { MemberClock } from '../../simulation/run/member-clock.ts';
import type { Fault } from '../../simulation/scenario.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The time of day at which virtual time begins. */
export const EPOCH_MS = 1_700_000_000_000;
/** The receive buffer that the daemon asks for, and what a small datagram takes of it in Linux. */
const SOCKET_BYTES = 4 * 1024 * 1024;
const OVERHEAD_BYTES = 768;

/** Datagrams that a turn of Node's event loop takes from a socket at most (libuv's uv__udp_recvmsg). */
const DATAGRAMS_PER_TURN = 32;

/**
 * A process as an operating system has it: it runs, it is stopped (SIGSTOP) while datagrams gather in
 * its socket and timers come due, or it is dead. Its clock may run fast or slow. What it does may take
 * time; then datagrams wait in its socket as well, and those that find it full are lost. It does things
 * in the turns of an event loop: timers that are due, datagrams, and last what was asked for `soon`.
 */
export class VirtualProcess implements Clock {
  state: 'running' | 'stopped' | 'dead' = 'running';
  /** Takes in a datagram. */
  onDatagram: (datagram: Uint8Array) => void = () => undefined;
  /** Datagrams that found the socket full. */
  overflows = 0;
  readonly #time: VirtualTime;
  readonly #clock: MemberClock;
  readonly #random: () => number;
  #due: (() => void)[] = [];
  #soon: (() => void)[] = [];
  #socket: Uint8Array[] = [];
  /** The first `#taken` of the socket's were taken out. */
  #taken = 0;
  #socketBytes = 0;
  #stops = 0;
  /** The time until which it is busy with what it did in its last turn. */
  #freeAtUs = 0;
  #isTurnPlanned = false;
  #spentUs = 0;

  /** `random` decides whether timers or datagrams are first after a stop: both were seen. */
  constructor(self: number, faults: readonly Fault[], time: VirtualTime, random: () => number) {
    this.#time = time;
    this.#clock = new MemberClock(self, faults);
    this.#random = random;
  }

  readonly monotonicUs = (): number => this.#clock.read(this.nowUs);

  readonly wallMs = (): number => EPOCH_MS + Math.floor(this.nowUs / 1_000);

  readonly processorUs = (): number => this.#spentUs;

  /**
   * The time up to which it has come with what it does: a turn happens at one instant of virtual time, but
   * what it does takes time, so that of ten datagrams the last leaves later than the first.
   */
  get nowUs(): number {
    return Math.max(this.#time.nowUs, this.#freeAtUs);
  }

  readonly after = (delayMs: number, wake: () => void): (() => void) => {
    let isWanted = true;
    const ring = (): void => {
      this.#due.push(() => {
        if (isWanted) wake();
      });
      this.#turnWhenFree();
    };
    const readsUs = this.monotonicUs() + Math.ceil(delayMs * 1_000);
    this.#time.at(this.#clock.whenItReads(readsUs), ring);
    return () => (isWanted = false);
  };

  readonly soon = (work: () => void): void => {
    this.#soon.push(work);
    this.#turnWhenFree();
  };

  /** Makes what the process does now take `us` microseconds longer. */
  spend(us: number): void {
    this.#freeAtUs = this.nowUs + us;
    this.#spentUs += us;
  }

  /** A datagram reaches its socket. */
  arrive(datagram: Uint8Array): void {
    if (this.state === 'dead') return;
    const bytes = datagram.length + OVERHEAD_BYTES;
    if (this.#socketBytes + bytes > SOCKET_BYTES) {
      this.overflows += 1;
      return;
    }
    this.#socketBytes += bytes;
    this.#socket.push(datagram);
    this.#turnWhenFree();
  }

  /** Stops that overlap count together: it goes on when all are over. */
  stop(): void {
    this.#stops += 1;
    if (this.state === 'running') this.state = 'stopped';
  }

  continue(): void {
    this.#stops -= 1;
    if (this.state !== 'stopped' || this.#stops > 0) return;
    this.state = 'running';
    if (this.#random() < 0.5) while (this.#hasDatagrams) this.#takeDatagrams();
    this.#turnWhenFree();
  }

  kill(): void {
    this.state = 'dead';
  }

  get #hasDatagrams(): boolean {
    return this.#taken < this.#socket.length;
  }

  #turnWhenFree(): void {
    if (this.#isTurnPlanned || this.state !== 'running') return;
    if (this.#freeAtUs > this.#time.nowUs) return this.#planTurn();
    this.#isTurnPlanned = true;
    this.#turn();
  }

  #planTurn(): void {
    this.#isTurnPlanned = true;
    this.#time.at(this.#freeAtUs, () => this.#turn());
  }

  #turn(): void {
    if (this.state === 'running') {
      const due = this.#due;
      this.#due = [];
      for (const ring of due) ring();
      this.#takeDatagrams();
      const soon = this.#soon;
      this.#soon = [];
      for (const work of soon) work();
    }
    this.#isTurnPlanned = false;
    const hasMore = this.#hasDatagrams || this.#due.length > 0 || this.#soon.length > 0;
    if (hasMore && this.state === 'running') this.#planTurn();
  }

  #takeDatagrams(): void {
    for (let count = 0; count < DATAGRAMS_PER_TURN && this.#hasDatagrams; count += 1) {
      const datagram = this.#socket[this.#taken]!;
      this.#taken += 1;
      this.#socketBytes -= datagram.length + OVERHEAD_BYTES;
      this.onDatagram(datagram);
    }
    if (this.#hasDatagrams && this.#taken < 4_096) return;
    this.#socket = this.#socket.slice(this.#taken);
    this.#taken = 0;
  }
}

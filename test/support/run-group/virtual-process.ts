import type { Clock } from '../../../peer/clock.ts';
import { MemberClock } from '../../../simulation/run/member-clock.ts';
import type { Fault } from '../../../simulation/scenario.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The time of day at which virtual time begins. */
export const EPOCH_MS = 1_700_000_000_000;
/** The receive buffer that the daemon asks for, and what a small datagram takes of it in Linux. */
const SOCKET_BYTES = 4 * 1024 * 1024;
const OVERHEAD_BYTES = 768;

/**
 * A process as an operating system has it: it runs, it is stopped (SIGSTOP) while datagrams gather in
 * its socket and timers come due, or it is dead. Its clock may run fast or slow.
 */
export class VirtualProcess implements Clock {
  state: 'running' | 'stopped' | 'dead' = 'running';
  /** Takes in a datagram. */
  onDatagram: (datagram: Uint8Array) => void = () => undefined;
  readonly #time: VirtualTime;
  readonly #clock: MemberClock;
  readonly #random: () => number;
  #due: (() => void)[] = [];
  #socket: Uint8Array[] = [];
  #socketBytes = 0;
  #stops = 0;

  /** `random` decides whether timers or datagrams are first after a stop: both were seen. */
  constructor(self: number, faults: readonly Fault[], time: VirtualTime, random: () => number) {
    this.#time = time;
    this.#clock = new MemberClock(self, faults);
    this.#random = random;
  }

  readonly monotonicUs = (): number => this.#clock.read(this.#time.nowUs);

  readonly wallMs = (): number => EPOCH_MS + Math.floor(this.#time.nowUs / 1_000);

  readonly after = (delayMs: number, wake: () => void): (() => void) => {
    let isWanted = true;
    const ring = (): void => {
      if (isWanted) this.#do(ring, wake);
    };
    const readsUs = this.monotonicUs() + Math.ceil(delayMs * 1_000);
    this.#time.at(this.#clock.whenItReads(readsUs), ring);
    return () => (isWanted = false);
  };

  /** A datagram reaches its socket. */
  arrive(datagram: Uint8Array): void {
    if (this.state === 'running') this.onDatagram(datagram);
    if (this.state !== 'stopped') return;
    const bytes = datagram.length + OVERHEAD_BYTES;
    if (this.#socketBytes + bytes > SOCKET_BYTES) return;
    this.#socketBytes += bytes;
    this.#socket.push(datagram);
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
    const [socket, due] = [this.#socket, this.#due];
    [this.#socket, this.#due, this.#socketBytes] = [[], [], 0];
    const receive = (): void => socket.forEach((datagram) => this.arrive(datagram));
    const areTimersFirst = this.#random() < 0.5;
    if (!areTimersFirst) receive();
    for (const ring of due) ring();
    if (areTimersFirst) receive();
  }

  kill(): void {
    this.state = 'dead';
  }

  #do(ring: () => void, work: () => void): void {
    if (this.state === 'running') work();
    else if (this.state === 'stopped') this.#due.push(ring);
  }
}

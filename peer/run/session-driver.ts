import type { RunPlan } from '../../control/command.ts';
import { takeApart } from '../../core/wire/datagram.ts';
import type { Clock } from '../clock.ts';
import { Alarm } from './alarm.ts';
import type { Session, SessionOptions } from './session.ts';
import { Turns } from './turns.ts';

/** Gives one session its datagrams, its turns and its timer: a session has none of its own. */
export class SessionDriver {
  readonly #session: Session;
  readonly #turns: Turns;
  readonly #alarm: Alarm;
  readonly #onClosed: () => void;

  /** `onClosed` is called when the session has left the network. */
  constructor(session: Session, clock: Clock, onClosed: () => void = () => undefined) {
    this.#session = session;
    this.#onClosed = onClosed;
    this.#turns = new Turns(clock, () => this.#settle());
    this.#alarm = new Alarm(clock, () => this.#wake());
    this.#alarm.set(session.wakeAt);
  }

  /** Takes in what came at once: a datagram, or several of one sender. */
  receive(bytes: Uint8Array): void {
    let isOfRun = false;
    takeApart(bytes, (datagram) => {
      if (this.#session.receive(datagram)) isOfRun = true;
    });
    // Datagrams of strangers are only counted: they must not make a member take its time.
    if (isOfRun) this.#turns.tookDatagrams();
  }

  /** Wakes the session no more. */
  off(): void {
    this.#alarm.off();
  }

  #wake(): void {
    this.#session.tick();
    this.#turns.settleSoon();
  }

  #settle(): void {
    this.#session.settle();
    if (this.#session.closed) this.#onClosed();
    else this.#alarm.set(this.#session.wakeAt);
  }
}

/** The plan's times, which are the wall clock's, on the monotonic clock that a session goes by: converted once. */
export function monotonicTimesOf(
  { joinByMs, deadlineMs }: RunPlan,
  clock: Clock,
): Pick<SessionOptions, 'clock' | 'joinByUs' | 'deadlineUs'> {
  const offsetUs = clock.monotonicUs() - clock.wallMs() * 1_000;
  return {
    clock: clock.monotonicUs,
    joinByUs: Math.floor(joinByMs * 1_000 + offsetUs),
    deadlineUs: Math.floor(deadlineMs * 1_000 + offsetUs),
  };
}

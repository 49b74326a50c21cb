import type { Message } from '../../core/message.ts';
import type { Observer } from '../observers/observer.ts';
import type { Multicasts } from './multicasts.ts';

/** The kinds of events: what is left to do for a member. */
export const EventKind = {
  /** A packet from member `first` reaches member `second`. */
  arrival: 1,
  /** The time that the ordering of member `first` asked for has come, unless it changed its mind. */
  timer: 2,
  /** Member `first` multicasts its next message. */
  multicast: 3,
  /** Fault number `first` of the scenario begins, or ends. */
  faultBegins: 4,
  faultEnds: 5,
  /**
   * A new process takes the place of member `first`, which crashed (second-life.ts); then its own
   * events.
   */
  restart: 6,
  secondTimer: 7,
  secondMulticast: 8,
} as const;

/** What a member reads as the time, in whole microseconds. */
export interface MemberTime {
  /** The clock's reading at a true time. */
  read(trueUs: number): number;
  /** The first true time, 0 or later, at which the clock reads `localUs` or more. */
  whenItReads(localUs: number): number;
}

/** In place of a member: it is nobody's step, or the members are being made, and each of them may act. */
export const NOBODY = -1;
export const EVERYBODY = -2;

/** An ordering acted in a step that is not its own, which only shared memory allows. */
export class SharingError extends Error {
  override name = 'SharingError';
}

/** What a simulated member sees of the simulation around it. */
export interface World {
  readonly observer: Observer | null;
  /** The member whose step it is, or `NOBODY`, or `EVERYBODY`: nobody else's ordering may send or deliver. */
  readonly active: number;
  /** True virtual time. */
  readonly nowUs: number;
  clockOf(member: number): MemberTime;
  /** What the applications have multicast until then. */
  readonly multicasts: Multicasts;
  /** Puts a packet on the network. */
  transmit(from: number, to: number, message: Message): void;
  /** Has an event of `kind` happen to `member` at `atUs`; never, when that is after the end. */
  schedule(atUs: number, kind: number, member: number): void;
}

/**
 * Refuses what the ordering of `self` does in a step that is not its own: another member takes it, or nobody does. On machines
 * of their own members reach each other by packets alone, and what runs after a method returned is in no run.
 * @throws SharingError
 */
export function requireNoStray({ active }: World, self: number): void {
  if (active === EVERYBODY) return;
  throw new SharingError(
    active === NOBODY
      ? `member ${self} sends or delivers when none of its methods runs, from a promise or a timer: set deadline, ` +
          'and do it in advance'
      : `member ${self} sends or delivers in a step of member ${active}: the two share memory, which members on ` +
          'machines of their own do not',
  );
}

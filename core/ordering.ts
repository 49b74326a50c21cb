import type { Message } from './message.ts';

/** Microseconds on the member's own clock: an integer that never goes back, with no known origin. */
export type Microseconds = number;

/** Who takes part, as one member sees it. */
export interface Group {
  /** This member's index, 0..size-1. */
  readonly self: number;
  /** How many members the group has. */
  readonly size: number;
  /** Uniform numbers in [0, 1), seeded by the run; the only randomness that an ordering may use. */
  readonly random: () => number;
  /** The most bytes that a message may take on the network; absent: what fits every path. */
  readonly messageBytesMax?: number;
  /**
   * How many times this member was started again in this run without remembering anything; absent:
   * never.
   */
  readonly incarnation?: number;
  /**
   * Whether this member is made by itself, while those that were made before are still in use: only whoever runs
   * members as processes of their own needs to know. Absent: it is made with all members of its group.
   */
  readonly alone?: boolean;
}

/** How an application gets what was delivered. */
export interface Deliver {
  (message: Message): void;
  /**
   * The same for all messages of a pack (channels/pack.ts), one after the other. Whoever runs an ordering
   * has it if it reads messages out of a pack's bytes, without an object for each. It belongs to the
   * function, so that whoever puts another function in its place gets messages.
   */
  readonly pack?: (packed: Message) => void;
}

/**
 * Where an ordering's effects go, at once and in the order in which they were made.
 * Never calls back into the ordering, so that an ordering need not be re-entrant.
 */
export interface Out {
  /**
   * Sends `message` to every other member, to each in a datagram of its own, which may be lost,
   * repeated or overtaken.
   */
  multicast(message: Message): void;
  /** Sends `message` to one other member, just as unreliably. */
  send(to: number, message: Message): void;
  /** Hands the application the next message in this member's order. */
  readonly deliver: Deliver;
  /**
   * Notes that a layer hands a message from `from` on to the ordering that it wraps, now or long
   * after the message arrived. Only code that tells what happened listens: nothing may depend on
   * this call, and the daemon ignores it.
   */
  handed?(from: number, message: Message): void;
  /**
   * Whether messages to `to` wait at this member until the receiver has room for them; absent: never.
   * A channel asks before it takes them for lost. A run that is recorded has no answer, and is run without.
   */
  holdsBack?(to: number): boolean;
}

/** The effects of what a layer wraps: they go where its own do, unless `own` has something else for them. */
export function outThrough(out: Out, own: Partial<Out>): Out {
  return {
    // `out` may be an object of a class, whose methods need it.
    multicast: (message) => out.multicast(message),
    send: (to, message) => out.send(to, message),
    deliver: (message) => out.deliver(message),
    handed: (from, message) => out.handed?.(from, message),
    holdsBack: (to) => out.holdsBack?.(to) ?? false,
    ...own,
  };
}

/** Why the next message in a member's order is not delivered: who owes what. */
export interface Blockage {
  /** The multicast that comes next, or that has been held back longest. */
  readonly sender: number;
  readonly sequence: number;
  /** The members whose word its delivery needs, ascending; empty where that cannot be told. */
  readonly waitsFor: readonly number[];
}

/**
 * A multicast ordering, or a layer around one: a state machine whose time, randomness and effects
 * are all handed in. The same object runs in the daemon, in the simulator and in tests.
 */
export interface Ordering {
  /** The application multicasts `message` (of kind `data`, with this member as its sender). */
  multicast(now: Microseconds, message: Message): void;
  /**
   * The application multicasts all of `messages`, one at least, at one instant and in this order; absent: as one call of
   * `multicast` for each. Where it is there, whoever has several to multicast calls it, so that none leaves alone.
   */
  multicastAll?(now: Microseconds, messages: readonly Message[]): void;
  /** `message` came from member `from` over the network: it may be late, repeated, or out of order. */
  receive(now: Microseconds, from: number, message: Message): void;
  /** `deadline` was reached, or has passed: a caller may be late, but is never early. */
  advance(now: Microseconds): void;
  /**
   * When to call `advance`; `Infinity` when nothing is scheduled. The caller reads it again after
   * every call.
   */
  readonly deadline: Microseconds;
  /** How many messages were received and not yet delivered. */
  readonly held: number;
  /**
   * Whether so many messages to one member wait in its channel that a further one should wait with whoever
   * multicasts it: it would only wait behind these; absent: never.
   */
  readonly isBackedUp?: boolean;
  /**
   * Whether its data messages on the network are packs of the application's (channels/pack.ts);
   * absent: no.
   */
  readonly packs?: boolean;
  /**
   * What the ordering waits for; `null` when it waits for nothing. It is asked when a run is over,
   * so that it may take its time.
   */
  blockage?(): Blockage | null;
}

/** An ordering, or a layer, that wants to know which members seem to have crashed. */
export interface FaultAware extends Ordering {
  /**
   * `member` has been silent for long: it may have crashed, or only be slow. If it is this member
   * itself, it was stopped for so long that the others may suspect it; a call of `trust` follows at
   * once.
   */
  suspect(now: Microseconds, member: number): void;
  /** `member`, suspected before, was heard again. */
  trust(now: Microseconds, member: number): void;
}

export function isFaultAware(ordering: Ordering): ordering is FaultAware {
  return 'suspect' in ordering && 'trust' in ordering;
}

/** What a file in core/orderings/ exports as `create`. */
export type Create = (group: Group, out: Out) => Ordering;

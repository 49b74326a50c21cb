import type { Message } from './message.ts';
import type { Microseconds, Ordering } from './ordering.ts';

/** Who makes progress together: a majority of the group, agreed upon under a number that only grows. */
export interface View {
  /** Unique among all views that were ever proposed in the group; the first is 0, with everyone. */
  readonly epoch: number;
  /** Member indices, ascending. */
  readonly members: readonly number[];
}

/**
 * An ordering that lives in views (membership.ts wraps it): it starts in the view of epoch 0, and
 * sees only messages that were sent in the view in which it is.
 */
export interface Viewed extends Ordering {
  /**
   * The view is over: from now on it sends and delivers nothing. Returns what it knows of messages
   * whose order others may not know, so that the next view can begin where all agree: whatever any
   * member, even a crashed one, delivered in this view must be in what each majority returns.
   */
  freeze(now: Microseconds): Message[];
  /**
   * The next view begins. `known` holds what its members returned from `freeze`, of those alone that
   * were in the newest view before, in an order that is the same at all of them.
   */
  install(now: Microseconds, view: View, known: readonly Message[]): void;
}

import type { Message } from '../message.ts';
import type { Group, Microseconds, Ordering, Out } from '../ordering.ts';
import type { TotalOrderLog } from './total-order-log.ts';

/** Who makes progress together: a majority of the group, agreed upon under a number that only grows. */
export interface View {
  /** Unique among all views that were ever proposed in the group; the first is 0, with everyone. */
  readonly epoch: number;
  /** Member indices, ascending. Whoever is in a view finds itself in it. */
  readonly members: readonly number[];
}

/**
 * A total order that lives in views: what `viewed` (membership.ts) wraps. It is not asked to survive
 * anything: it may count on every member of its view, until it is frozen.
 *
 * The layer around it does the rest, so that the ordering need not:
 * - It sees only messages that were sent in the view in which it is. `Out.multicast` reaches the
 *   other members of the view, and nobody else.
 * - What it delivers is entered in `log` before `Out.deliver` returns. `log` is the same sequence, or
 *   a prefix of it, at every member of the view; `log.length` messages are delivered, `log.includes` tells which.
 * - While it is frozen, nothing is called but `install`.
 * - After `install` returned, the layer hands it every multicast of this member's own that is not in
 *   `log` by `multicast`, again, oldest first. So it keeps nothing of its own across views.
 */
export interface Viewed extends Ordering {
  /**
   * The view is over: from now on it sends and delivers nothing until `install`. Returns what it
   * knows of messages that are not delivered here, so that the next view can begin where all agree.
   * Of a uniform ordering, what any member may have delivered in this view, even one that crashed since, must follow
   * from what the members of any one majority return together (and from their logs). One that is not uniform owes this
   * for what these members delivered: whoever is not among them and delivered more, or in another order, has to stop
   * when it comes back (ExclusionError).
   *
   * Each message returned is about multicast (`sender`, `sequence`); `epoch` and `link` mean nothing.
   */
  freeze(now: Microseconds): Message[];
  /**
   * The next view begins. `known` is what members returned from `freeze`: of those that were in the
   * newest view before, in ascending order of member, without what is about a message in `log`, and
   * without exact repetitions. `known` and `log` are the same at all members of `view`, and a majority
   * has stored them: so it delivers at once, in an order that follows from `known` alone, each
   * message in it (for a sender: without gaps in its sequence numbers), and begins anew from there.
   * The order of two messages must not depend on third ones, which `log` may already have taken out.
   *
   * It forgets everything else from before: an older message that is in neither is nowhere delivered,
   * and whoever multicast it is about to do so again.
   */
  install(now: Microseconds, view: View, known: readonly Message[]): void;
}

/** What a total order that lives in views exports; `firstView` has epoch 0 and everyone. */
export type CreateViewed = (group: Group, out: Out, firstView: View, log: TotalOrderLog) => Viewed;

/**
 * Thrown out of a call when this member must stop as if it had crashed: the others went on without it
 * (they took it for dead), and it has delivered what contradicts the order on which they agreed.
 *
 * Happens only with orderings that are not uniform; a uniform one delivers nothing that a later view
 * could contradict. Whoever runs the ordering counts the member as crashed from then on: the
 * "process-controlled crash" by which Isis keeps the survivors consistent (Birman & Joseph 1987).
 */
export class ExclusionError extends Error {
  override name = 'ExclusionError';
}

/** How many members are more than half of a group of `size`: any two majorities share a member. */
export function majorityOf(size: number): number {
  return Math.floor(size / 2) + 1;
}

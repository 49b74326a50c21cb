import type { ClosedLoop } from './closed-loop.ts';

/** The most own messages that are not delivered. */
const UNDELIVERED_MAX = 16_384;

/**
 * Multicasts when the plan says so (an interval above 0), however long deliveries take: what a group does when
 * it is offered more than it can do is to be seen. Only a bound keeps the backlog from growing for as long as
 * the run lasts; a member that has come there goes on when some of its own messages are delivered, and its
 * report says how far behind the plan it was.
 */
export class PlannedLoop implements Pick<ClosedLoop, 'room' | 'multicast' | 'observe'> {
  /** How many more messages may be multicast after `multicasts`, of which `delivered` are delivered. */
  room(multicasts: number, delivered: number): number {
    return Math.max(0, UNDELIVERED_MAX - (multicasts - delivered));
  }

  /** Changes nothing, as nothing adapts to how long a delivery takes. */
  multicast(): void {}

  /** Changes nothing either. */
  observe(): void {}
}

import { EventType } from '../core/records/event-log.ts';
import type { TimedEvent, Timeline } from './timeline.ts';

/** An event with its vector clock: how many events of each peer it may depend on, itself included. */
export interface ClockedEvent {
  readonly timed: TimedEvent;
  readonly clock: readonly number[];
}

/**
 * No list of clocks holds more numbers, nor more events: for more, no tool is made. The first events
 * of a timeline are complete: everything that caused one of them is among them.
 */
const EVENTS_MAX = 20_000;
const NUMBERS_MAX = 2_000_000;

/**
 * Vector clocks (Fidge 1988, Mattern 1989) of the first events, from which arrival belongs to which sending: each
 * event counts one at its own peer, and an arrival takes over what its sending knew. That a
 * simulated network dropped a packet happened at no peer, and is left out.
 */
export function vectorClocks({ events, peers }: Timeline): ClockedEvent[] {
  const now = Array.from({ length: peers }, () => Array.from({ length: peers }, () => 0));
  const clocks = new Map<TimedEvent, readonly number[]>();
  const clocked: ClockedEvent[] = [];
  const most = Math.min(EVENTS_MAX, Math.ceil(NUMBERS_MAX / Math.max(1, peers)));
  for (const timed of events) {
    if (clocked.length === most) break;
    if (timed.event.type === EventType.drop) continue;
    const own = now[timed.peer]!;
    const known = timed.sent === null ? undefined : clocks.get(timed.sent);
    for (const [peer, count] of (known ?? []).entries()) own[peer] = Math.max(own[peer]!, count);
    own[timed.peer]! += 1;
    const clock = [...own];
    // Only sendings are asked for again.
    if (timed.event.type === EventType.send) clocks.set(timed, clock);
    clocked.push({ timed, clock });
  }
  return clocked;
}

import { Heap } from '../core/base/heap.ts';
import type { EventPlace } from './match-messages.ts';

/** An event in its place: its corrected time, and, of an arrival, what it came from. */
export interface OrderedEvent extends EventPlace {
  readonly atUs: number;
  readonly cause: EventPlace | null;
}

/**
 * All events in an order in which each comes after the one before it at its peer and an arrival after
 * its sending, with times that respect both: an event that would come too early is moved to the time of
 * what it follows (the clock condition of Lamport 1978, kept as his logical clocks keep it). Where
 * nothing is against a time, it stays.
 *
 * Logs that contradict themselves (each of two messages arrived before the other was sent) can have no
 * such order; then the earliest arrival that everything waits for counts as one without a sending.
 */
export function orderEvents(
  times: readonly (readonly number[])[],
  sentBy: (peer: number, index: number) => EventPlace | null,
): OrderedEvent[] {
  const ordered: OrderedEvent[] = [];
  const done = times.map((): number[] => []);
  /** Peers by the sending that their next event waits for. */
  const waiting = new Map<string, number[]>();
  const isWaiting = new Set<number>();
  const nextTime = (peer: number): number =>
    Math.max(times[peer]![done[peer]!.length]!, done[peer]!.at(-1) ?? -Infinity);
  const ready = new Heap<{ readonly peer: number; readonly atUs: number }>((one, other) =>
    one.atUs === other.atUs ? one.peer < other.peer : one.atUs < other.atUs,
  );
  const enqueue = (peer: number): void => {
    const index = done[peer]!.length;
    if (index === times[peer]!.length) return;
    const cause = sentBy(peer, index);
    const causeUs = cause === null ? -Infinity : done[cause.peer]![cause.index];
    if (causeUs !== undefined) {
      ready.add({ peer, atUs: Math.max(nextTime(peer), causeUs) });
      return;
    }
    const key = placeKey(cause!);
    waiting.set(key, [...(waiting.get(key) ?? []), peer]);
    isWaiting.add(peer);
  };
  const happen = (peer: number, atUs: number, cause: EventPlace | null): void => {
    const index = done[peer]!.length;
    done[peer]!.push(atUs);
    ordered.push({ peer, index, atUs, cause });
    enqueue(peer);
    const key = placeKey({ peer, index });
    for (const released of waiting.get(key) ?? []) {
      if (isWaiting.delete(released)) enqueue(released);
    }
    waiting.delete(key);
  };
  for (let peer = 0; peer < times.length; peer += 1) enqueue(peer);
  const count = times.reduce((sum, own) => sum + own.length, 0);
  while (ordered.length < count) {
    const next = ready.take();
    if (next !== undefined) {
      happen(next.peer, next.atUs, sentBy(next.peer, done[next.peer]!.length));
      continue;
    }
    const first = [...isWaiting].reduce((one, other) =>
      nextTime(other) < nextTime(one) ? other : one,
    );
    isWaiting.delete(first);
    happen(first, nextTime(first), null);
  }
  return ordered;
}

function placeKey({ peer, index }: EventPlace): string {
  return `${peer} ${index}`;
}

import type { PeerLog } from '../../../core/judge/comparison.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';

/** A delivery of (sender, sequence), or the peer's own next multicast. */
export type Event = readonly [number, number] | 'multicast';

export interface LogOptions {
  multicasts?: number | null;
  multicastsNoted?: boolean;
  correct?: boolean;
  reportPlace?: number | null;
}

export function sequenceOf(events: readonly Event[]): DeliveredSequence {
  const sequence = new DeliveredSequence();
  for (const event of events) {
    if (event === 'multicast') sequence.appendMulticast();
    else sequence.appendDelivery(event[0], event[1]);
  }
  return sequence;
}

/** By default a correct peer whose multicasts are unknown, as in a file. */
export function logOf(events: readonly Event[], options: LogOptions = {}): PeerLog {
  const defaults = { multicasts: null, multicastsNoted: false, correct: true, reportPlace: null };
  return { ...defaults, ...options, sequence: sequenceOf(events) };
}

/** The events that a sequence holds, for comparing two of them. */
export function eventsOf(sequence: DeliveredSequence): Event[] {
  const marks = [...sequence.deliveredBefore];
  const events: Event[] = [];
  for (let position = 0; position <= sequence.length; position += 1) {
    for (; marks[0] === position; marks.shift()) events.push('multicast');
    if (position === sequence.length) break;
    events.push([sequence.senders[position]!, sequence.sequences[position]!]);
  }
  return events;
}

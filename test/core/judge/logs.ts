import type { PeerLog } from '../../../core/judge/comparison.ts';
import { contentOf, contentText } from '../../../core/records/content.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';

/**
 * A delivery of (sender, sequence), perhaps with what it carried instead of what was multicast (bytes,
 * or a text), or the peer's own next multicast.
 */
export type Event =
  | readonly [number, number]
  | readonly [number, number, Uint8Array | string]
  | 'multicast';

export interface LogOptions {
  multicasts?: number | null;
  multicastsNoted?: boolean;
  correct?: boolean;
  reportPlace?: number | null;
  contentsNoted?: boolean;
  firstPremature?: number | null;
}

export function sequenceOf(events: readonly Event[]): DeliveredSequence {
  const sequence = new DeliveredSequence();
  for (const event of events) {
    if (event === 'multicast') {
      sequence.appendMulticast();
      continue;
    }
    const [sender, number, payload] = event;
    sequence.appendDelivery(sender, number);
    if (payload !== undefined) sequence.noteContent(contentOf(bytesOf(payload)));
  }
  return sequence;
}

/** By default a correct peer whose multicasts are unknown, as in a file. */
export function logOf(events: readonly Event[], options: LogOptions = {}): PeerLog {
  const defaults = { multicasts: null, multicastsNoted: false, correct: true, reportPlace: null };
  return { ...defaults, ...options, sequence: sequenceOf(events) };
}

export function bytesOf(payload: Uint8Array | string): Uint8Array {
  return typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
}

/** What a sequence holds, for comparing two of them; contents as they are told to a person. */
export function eventsOf(sequence: DeliveredSequence): Event[] {
  const marks = [...sequence.deliveredBefore];
  const events: Event[] = [];
  for (let position = 0; position <= sequence.length; position += 1) {
    for (; marks[0] === position; marks.shift()) events.push('multicast');
    if (position === sequence.length) break;
    const [sender, number] = [sequence.senders[position]!, sequence.sequences[position]!];
    const content = sequence.contents.find(position);
    events.push(content === null ? [sender, number] : [sender, number, contentText(content)]);
  }
  return events;
}

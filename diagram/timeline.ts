import { type EventLog, INNER_EVENTS, type LoggedEvent } from '../core/records/event-log.ts';
import { estimateOffsets } from './clock-offsets.ts';
import { orderEvents } from './event-order.ts';
import { matchMessages } from './match-messages.ts';

/** An event with its place among all: `atUs` is its time in the picture. */
export interface TimedEvent {
  readonly peer: number;
  /** Its place in the log of its peer, without what happened inside the peer. */
  readonly index: number;
  readonly atUs: number;
  readonly event: LoggedEvent;
  /** For an arrival: the sending of the same message, where it was recorded. */
  readonly sent: TimedEvent | null;
  /** For a sending: whether any arrival of it was recorded. */
  arrived: boolean;
  /** For a sending: whether it is known never to have arrived. */
  lost: boolean;
}

export interface Timeline {
  readonly peers: number;
  /** All events in an order in which each comes after what caused it. */
  readonly events: readonly TimedEvent[];
  /** By how much each peer's clock was moved; `null` where the clocks were one from the start. */
  readonly offsetsUs: readonly number[] | null;
  /** Sendings, and arrivals, whose other end was not recorded. */
  readonly unmatched: number;
  /** Events that came after a log was full. */
  readonly leftOut: number;
}

/**
 * Puts the logs of all peers on one time axis.
 *
 * `clocks: 'one'` takes the times as they are: those of a simulation. `'own'`: each log is on a clock of
 * its own, about which nothing is believed but that it does not go back; the clocks are aligned by the
 * messages that the peers exchanged. Either way no message arrives before it was sent, and the
 * events of each peer keep their order, whatever the logs hold. Timers are left out.
 */
export function buildTimeline(logs: readonly EventLog[], clocks: 'one' | 'own'): Timeline {
  const shown = logs.map(({ events }) => events.filter(({ type }) => !INNER_EVENTS.includes(type)));
  const times = shown.map((events) => events.map(({ atUs }) => atUs));
  const matches = matchMessages(shown);
  const offsetsUs = clocks === 'one' ? null : estimateOffsets(times, matches.pairs);
  const shifted = times.map((own, peer) => own.map((atUs) => atUs + (offsetsUs?.[peer] ?? 0)));
  const ordered = orderEvents(shifted, matches.sentBy);
  // A simulation's times are those of its trace and its story, and stay so.
  const startUs =
    clocks === 'one' ? 0 : ordered.reduce((least, { atUs }) => Math.min(least, atUs), Infinity);
  const placed = logs.map((): TimedEvent[] => []);
  const events = ordered.map(({ peer, index, atUs, cause }) => {
    const timed: TimedEvent = {
      peer,
      index,
      atUs: atUs - startUs,
      event: shown[peer]![index]!,
      sent: cause === null ? null : placed[cause.peer]![cause.index]!,
      arrived: false,
      lost: matches.isLost(peer, index),
    };
    if (timed.sent !== null) timed.sent.arrived = true;
    placed[peer]!.push(timed);
    return timed;
  });
  return {
    peers: logs.length,
    events,
    offsetsUs,
    unmatched: matches.unmatched,
    leftOut: logs.reduce((sum, log) => sum + log.leftOut, 0),
  };
}

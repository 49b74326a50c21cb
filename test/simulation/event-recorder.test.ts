import { describe, expect, test } from '@jest/globals';
import { EventType } from '../../core/records/event-log.ts';
import { ORDERING_NAMES, ORDERINGS } from '../../core/orderings/registry.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
import { bothObservers } from '../../simulation/observers/both-observers.ts';
import type { Observer } from '../../simulation/observers/observer.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulate } from '../../simulation/simulate.ts';
import { traceObserver } from '../../simulation/observers/trace.ts';
import { scenarioWith, STORM, STORMY_NETWORK } from './scenarios.ts';

const STORMY = scenarioWith({ ...STORM, messages: 6, network: STORMY_NETWORK });

test('two observers are both told everything', () => {
  const events: Record<keyof Observer, true> = {
    ...{ burst: true, multicast: true, send: true, repeat: true, arrive: true, hand: true },
    ...{ drop: true, deliver: true, advance: true, crash: true, restart: true, pause: true },
    ...{ resume: true, pathFault: true, fail: true },
  };
  const told: string[] = [];
  const names = Object.keys(events) as (keyof Observer)[];
  const noting = (who: string): Observer =>
    Object.fromEntries(names.map((name) => [name, () => void told.push(`${who} ${name}`)]));
  const both = bothObservers(noting('first'), noting('second')) as Record<string, () => void>;
  for (const name of names) both[name]!();
  expect(told).toEqual(names.flatMap((name) => [`first ${name}`, `second ${name}`]));
});

describe('the recorder of a simulation', () => {
  test.each(ORDERING_NAMES)('%s: logs what the trace says, whatever faults there are', (name) => {
    const recorder = new EventRecorder(STORMY.peers);
    const lines: string[] = [];
    const trace = traceObserver((line) => lines.push(line));
    const { create } = ORDERINGS.get(name)!;
    simulate(create, STORMY, bothObservers(trace, recorder));
    const counts = new Map<string, number>();
    for (const line of lines) {
      const [, word] = line.split(' ', 2);
      // The second life of a member is refused by the others, and is no part of the run.
      if (line.endsWith(' incarnation')) continue;
      counts.set(word!, (counts.get(word!) ?? 0) + 1);
    }
    for (const [word, type] of Object.entries(EventType)) {
      const logged = recorder.logs.flatMap(({ events }) =>
        events.filter((each) => each.type === type),
      );
      const failed = word === 'crash' ? (counts.get('fail') ?? 0) : 0;
      expect([word, logged.length]).toEqual([word, (counts.get(word) ?? 0) + failed]);
    }
  });

  test.each(ORDERING_NAMES)('%s: finds the sending of each arrival, at its true time', (name) => {
    const recorder = new EventRecorder(STORMY.peers);
    const { create } = ORDERINGS.get(name)!;
    // When packets arrive is told when they are sent: from that, who sent what arrives when.
    const flights = new Map<string, number[]>();
    const note = (atUs: number, from: number, to: number, arrivesAtUs: number): void => {
      const key = `${from}>${to} ${arrivesAtUs}`;
      flights.set(key, [...(flights.get(key) ?? []), atUs]);
    };
    simulate(
      create,
      STORMY,
      bothObservers(recorder, {
        send: (atUs, from, to, _message, arrivesAtUs) => note(atUs, from, to, arrivesAtUs),
        repeat: (atUs, from, to, _message, arrivesAtUs) => note(atUs, from, to, arrivesAtUs),
      }),
    );
    const { events, unmatched } = buildTimeline(recorder.logs, 'one');
    const paused = STORMY.faults.flatMap((fault) => (fault.kind === 'pause' ? [fault.member] : []));
    const arrivals = events.filter(({ event }) => event.type === EventType.arrive);
    expect(arrivals.length).toBeGreaterThan(50);
    for (const { peer, atUs, event, sent } of arrivals) {
      expect(sent).not.toBeNull();
      // What waited for a paused member is handed to it later than it arrived.
      if (paused.includes(peer)) continue;
      expect(flights.get(`${event.other}>${peer} ${atUs}`)).toContain(sent!.atUs);
    }
    // What was still under way at the end; everything else arrived or is known as lost.
    expect(unmatched).toBeLessThan(events.length / 10);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventLog, EventType } from '../../core/records/event-log.ts';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import { toShiviz } from '../../diagram/shiviz.ts';
import { buildTimeline, type Timeline } from '../../diagram/timeline.ts';
import { EventRecorder } from '../../simulation/observers/event-recorder.ts';
import { simulate } from '../../simulation/simulate.ts';
import { scenarioWith, STORM, STORMY_NETWORK } from '../simulation/scenarios.ts';
import { anyLogs } from './logs.ts';

interface ParsedEvent {
  readonly event: string;
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
}

/** Reads a file as ShiViz does: first line the expression, second the delimiter, then the log. */
function parse(text: string): ParsedEvent[] {
  const [expression, delimiter] = text.split('\n', 2);
  expect(delimiter).toBe('');
  const log = text.slice(text.indexOf('\n', text.indexOf('\n') + 1) + 1);
  // Newer versions anchor the expression at the ends of lines.
  const parsed = [expression!, `^${expression!}$`].map((source) =>
    [...log.trim().matchAll(new RegExp(source, 'gm'))].map(({ groups }) => ({
      event: groups!['event']!,
      host: groups!['host']!,
      clock: JSON.parse(groups!['clock']!) as Record<string, number>,
    })),
  );
  expect(parsed[1]).toEqual(parsed[0]);
  return parsed[0]!;
}

/** What ShiViz requires of clocks, and what makes them vector clocks of these events. */
function expectConsistent(events: readonly ParsedEvent[], timeline: Timeline): void {
  const happened = timeline.events.filter(({ event }) => event.type !== EventType.drop);
  expect(events).toHaveLength(happened.length);
  const last = new Map<string, Readonly<Record<string, number>>>();
  const places = new Map(happened.map((timed, place) => [timed, place]));
  for (const [place, { host, clock }] of events.entries()) {
    const before = last.get(host) ?? {};
    expect(clock[host]).toBe((before[host] ?? 0) + 1);
    expectIncludes(clock, before);
    last.set(host, clock);
    const { sent } = happened[place]!;
    if (sent !== null) expectIncludes(clock, events[places.get(sent)!]!.clock);
    // Nobody knows more of a peer than has happened there.
    for (const [other, count] of Object.entries(clock)) {
      expect(count).toBeLessThanOrEqual(last.get(other)?.[other] ?? 0);
    }
  }
}

function expectIncludes(
  later: Readonly<Record<string, number>>,
  earlier: Readonly<Record<string, number>>,
): void {
  for (const [host, count] of Object.entries(earlier)) {
    expect(later[host] ?? 0).toBeGreaterThanOrEqual(count);
  }
}

describe('the log for ShiViz', () => {
  test('names the expression that ShiViz has by default', () => {
    const { text } = toShiviz(buildTimeline([], 'one'), []);
    expect(text.split('\n')[0]).toBe(String.raw`(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`);
  });

  test('is read back by it, with clocks that show what happened before what', () => {
    const scenario = scenarioWith({ ...STORM, messages: 5, network: STORMY_NETWORK });
    const recorder = new EventRecorder(scenario.peers);
    simulate(ORDERINGS.get('fifo')!.create, scenario, recorder);
    const timeline = buildTimeline(recorder.logs, 'one');
    const names = recorder.logs.map((_, peer) => `peer-${peer}`);
    const events = parse(toShiviz(timeline, names).text);
    expect(events.length).toBeGreaterThan(100);
    expect(events.some(({ event }) => event.startsWith('receive data (0,0) from peer-0'))).toBe(
      true,
    );
    expectConsistent(events, timeline);
  });

  test('is so for any logs, and any names', () => {
    fc.assert(
      fc.property(anyLogs, fc.array(fc.string(), { minLength: 5, maxLength: 5 }), (logs, names) => {
        const timeline = buildTimeline(logs, 'own');
        const { text } = toShiviz(timeline, names.slice(0, logs.length));
        const events = timeline.events.length === 0 ? [] : parse(text);
        expectConsistent(events, timeline);
      }),
    );
  });

  test('has only the first events of a run with more than ShiViz could show', () => {
    const logs = [new EventLog(30_000), new EventLog(30_000)];
    for (let sequence = 0; sequence < 30_000; sequence += 1)
      logs[0]!.deliver(sequence, 0, sequence);
    const { text, events, leftOut } = toShiviz(buildTimeline(logs, 'one'), ['a', 'b']);
    expect([events, leftOut]).toEqual([20_000, 10_000]);
    expect(parse(text)).toHaveLength(20_000);
  });
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readRecording } from '../../cli/archive/read-recording.ts';
import { drawRun } from '../../cli/render/pictures.ts';
import type { Comparison } from '../../control/comparison-document.ts';
import { paths, runSchema } from '../../control/documents.ts';
import { EventType } from '../../core/records/event-log.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
import { readSchedule } from '../../simulation/choices/recorded-schedule.ts';
import { expectToComeBack } from '../support/expect-to-come-back.ts';
import { runHere } from '../support/run-command.ts';
import { BRISK, useLaboratory } from '../support/real-laboratory.ts';

const BODY = { peers: 3, messages: 20, ordering: 'fifo', ...BRISK };

describe('a run over a network that loses messages', () => {
  const lab = useLaboratory({ peers: 3, loss: 0.1 });

  async function recordingOf(body: object) {
    const comparison = await lab.run({ ...BODY, ...body });
    const document = await lab.store.read(paths.run(comparison.runId!));
    const run = runSchema.parse(document?.fields);
    return { comparison, recording: await readRecording(lab.store, run, comparison) };
  }

  test('that records tells every multicast, message and delivery, and is drawn with them', async () => {
    const { comparison, recording } = await recordingOf({ record: true });
    expect(recording).toMatchObject({ clocks: 'own', notes: [] });
    const { events, offsetsUs } = buildTimeline(recording.logs, 'own');
    const countOf = (type: number): number =>
      events.filter((each) => each.event.type === type).length;
    expect(countOf(EventType.multicast)).toBe(60);
    expect(countOf(EventType.deliver)).toBe(180);
    expect(offsetsUs).toHaveLength(3);
    const arrivals = events.filter(({ event }) => event.type === EventType.arrive);
    const matched = arrivals.filter(({ sent }) => sent !== null);
    expect(matched.length).toBeGreaterThanOrEqual(120);
    expect(matched.every(({ atUs, sent }) => atUs >= sent!.atUs)).toBe(true);
    // A tenth of some 120 data messages alone.
    expect(events.filter(({ lost }) => lost).length).toBeGreaterThan(0);
    expect(comparison.perPeer.every(({ recorded }) => recorded!.events > 60)).toBe(true);
    expect(drawRun(comparison, recording)).toMatch(/fifo · 3 peers × 20 messages/);
    await expectToBeKept(comparison);
  });

  /** `mpcomm simulate --from` plays a recorded run once more, and keeps it as a game. */
  async function expectToBeKept(comparison: Comparison): Promise<void> {
    const text = await expectToComeBack(lab, comparison);
    const state = lab.laboratory.directory.path;
    const steps = Number(/as ([\d,]+) chosen steps/.exec(text)?.[1]?.replace(',', ''));
    const file = join(state, 'play', `${comparison.runId}.json`);
    const { choices, ordering } = readSchedule(await readFile(file, 'utf8'));
    expect([choices.length, ordering]).toEqual([steps, 'fifo']);
    // A multicast, and its arrival at two others, is a step each.
    expect(steps).toBeGreaterThanOrEqual(180);
    const other = runHere('simulate', '--from', 'no-such-run', '--state', state);
    await expect(other).rejects.toThrow(/no-such-run/);
  }

  // The total orders come back in total-orders.test.ts.
  test.each(['unordered', 'causal'])('comes back whole as %s', async (ordering) => {
    const { comparison } = await recordingOf({ messages: 5, ordering, record: true });
    await expectToComeBack(lab, comparison);
  });

  test('that does not writes no events, and its picture says so', async () => {
    const { comparison, recording } = await recordingOf({});
    const written = await lab.store.list(paths.events(comparison.runId!));
    expect(written).toEqual([]);
    expect(comparison.perPeer.every(({ recorded }) => recorded === undefined)).toBe(true);
    expect(recording.clocks).toBe('none');
    expect(recording.logs.every(({ events }) => events.length === 60)).toBe(true);
    const svg = drawRun(comparison, recording);
    expect(svg).toContain('This run was not recorded');
    expect(svg).toContain('position in the order');
  });
});

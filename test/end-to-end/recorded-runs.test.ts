import { describe, expect, test } from '@jest/globals';
import { readRecording } from '../../cli/archive/read-recording.ts';
import { drawRun } from '../../cli/render/pictures.ts';
import { paths, runSchema } from '../../control/documents.ts';
import { EventType } from '../../core/records/event-log.ts';
import { buildTimeline } from '../../diagram/timeline.ts';
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

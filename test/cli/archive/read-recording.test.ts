import { expect, test } from '@jest/globals';
import { readRecording } from '../../../cli/archive/read-recording.ts';
import type { RunPlan } from '../../../control/command.ts';
import { closeRun } from '../../../control/runs/close-run.ts';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import { paths } from '../../../control/documents.ts';
import { UPLOAD_GRACE_MS } from '../../../control/limits.ts';
import { encodeEvents } from '../../../core/records/event-codec.ts';
import { EventLog, EventType } from '../../../core/records/event-log.ts';
import { begunRun, fullLog, uploadChunks, uploadMember } from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

async function uploadEvents(backend: MemoryBackend, plan: RunPlan, peerId: string): Promise<void> {
  const log = new EventLog();
  log.multicast(5, 0, 0);
  log.deliver(9, 0, 0);
  const [piece] = encodeEvents(log, 0);
  const fields = { peerId, index: 0, events: 2 };
  await backend.store.create(paths.eventPiece(plan.runId, peerId, 0), fields, piece!.bytes);
}

test('the line of a peer that was killed ends where its last upload does', async () => {
  const backend = new MemoryBackend();
  const plan = { ...(await begunRun(backend)), record: true };
  const [first, second, killed] = plan.members.map(({ peerId }) => peerId);
  for (const peerId of [first!, second!, killed!]) await uploadEvents(backend, plan, peerId);
  for (const member of [0, 1]) {
    await uploadMember(backend, plan, member, { recorded: { events: 2, leftOut: member } });
  }
  await uploadChunks(backend, plan, killed!, fullLog(plan));
  const nowMs = plan.deadlineMs + UPLOAD_GRACE_MS;
  expect(await closeRun({ store: backend.store, nowMs }, plan.runId)).toBe('created');
  const document = await backend.store.read(paths.comparison(plan.runId));
  const comparison = comparisonSchema.parse(document?.fields);
  const run = { plan, backend: 'embedded' };
  const { logs, notes, clocks } = await readRecording(backend.store, run, comparison);
  expect(clocks).toBe('own');
  expect(logs.map(({ events }) => events.at(-1)!.type)).toEqual([
    EventType.deliver,
    EventType.deliver,
    EventType.crash,
  ]);
  expect(logs.map(({ leftOut }) => leftOut)).toEqual([0, 1, 0]);
  expect(notes).toEqual([`${killed!} left no report: its line ends where its last upload does.`]);
});

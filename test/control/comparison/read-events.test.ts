import { beforeEach, describe, expect, test } from '@jest/globals';
import type { RunPlan } from '../../../control/command.ts';
import { beginRun } from '../../../control/runs/begin-run.ts';
import { closeRun } from '../../../control/runs/close-run.ts';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import { paths } from '../../../control/documents.ts';
import { readEvents } from '../../../control/comparison/read-events.ts';
import { encodeEvents } from '../../../core/records/event-codec.ts';
import { EventLog } from '../../../core/records/event-log.ts';
import {
  beginContext,
  begunRun,
  NOW_MS,
  registerPeers,
  runRequest,
  uploadMember,
} from '../../support/control-fixtures.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

let backend: MemoryBackend;
let plan: RunPlan;

beforeEach(async () => {
  backend = new MemoryBackend();
  plan = await begunRun(backend);
});

/** Three events of the first member, one in each piece, but for what `change` makes of one. */
async function upload(
  change: (index: number) => { fields?: object; bytes?: Uint8Array } = () => ({}),
) {
  const { peerId } = plan.members[0]!;
  const log = new EventLog();
  for (let sequence = 0; sequence < 3; sequence += 1) log.deliver(sequence, 0, sequence);
  for (const [index, { events, bytes }] of encodeEvents(log, 0, 1).entries()) {
    const changed = change(index);
    const fields = { peerId, index, events, ...changed.fields };
    await backend.store.create(
      paths.eventPiece(plan.runId, peerId, index),
      fields,
      changed.bytes ?? bytes,
    );
  }
}

async function read() {
  return readEvents(plan, await backend.store.list(paths.events(plan.runId)));
}

describe('recorded events', () => {
  test('are put together from their pieces; whoever recorded nothing has an empty log', async () => {
    await upload();
    const { logs, problems } = await read();
    expect(logs.map(({ events }) => events.length)).toEqual([3, 0, 0]);
    expect(logs[0]!.events.map(({ sequence }) => sequence)).toEqual([0, 1, 2]);
    expect(problems).toEqual([]);
  });

  test.each([
    ['another index', { fields: { index: 7 } }, 'is missing'],
    ['another number of events', { fields: { events: 2 } }, 'not hold as much'],
    ['no number of events', { fields: { events: -1 } }, 'not well formed'],
    ['the name of another', { fields: { peerId: 'peer-2' } }, 'not well formed'],
    ['bytes that are none', { bytes: new Uint8Array([1, 9, 9]) }, 'does not decode'],
  ])('are used up to a piece with %s', async (_what, change, problem) => {
    await upload((index) => (index === 1 ? change : {}));
    const { logs, problems } = await read();
    expect(logs[0]!.events).toHaveLength(1);
    expect(problems).toEqual([
      expect.stringMatching(new RegExp(`peer-1 .* piece 1, .*${problem}`)),
    ]);
  });

  test('of strangers are not read', async () => {
    await backend.store.create(paths.eventPiece(plan.runId, 'stranger', 0), { peerId: 'stranger' });
    expect(await read()).toMatchObject({ problems: [], logs: [{}, {}, {}] });
  });
});

describe('a run that records', () => {
  test('says so in its plan, and another does not', async () => {
    expect(plan.record).toBeUndefined();
    const fresh = new MemoryBackend();
    await registerPeers(fresh, 2);
    const request = runRequest({ peers: 2, messages: 1, record: true });
    const begun = await beginRun(beginContext(fresh), request, null);
    expect(begun).toMatchObject({ outcome: 'begun', plan: { record: true } });
  });

  test('has in its comparison how much each recorded, and a sentence where that was cut', async () => {
    for (const [member] of plan.members.entries()) {
      const recorded = { events: 20_000, leftOut: member === 1 ? 34 : 0 };
      await uploadMember(backend, plan, member, { recorded });
    }
    expect(await closeRun({ store: backend.store, nowMs: NOW_MS }, plan.runId)).toBe('created');
    const document = await backend.store.read(paths.comparison(plan.runId));
    const { perPeer, findings } = comparisonSchema.parse(document?.fields);
    expect(perPeer[1]!.recorded).toEqual({ events: 20_000, leftOut: 34 });
    expect(findings).toEqual([
      expect.stringContaining('recorded its first 20000 events, and only counted 34 after them'),
    ]);
  });
});

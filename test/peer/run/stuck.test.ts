import { describe, expect, test } from '@jest/globals';
import { paths, reportSchema } from '../../../control/documents.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { Create, Ordering } from '../../../core/ordering.ts';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { RunGroup } from '../../../bench/virtual-group/run-group.ts';
import { CallNotes } from '../../../peer/run/stuck/call-notes.ts';
import { HeldOrderings } from '../../../peer/run/stuck/held-orderings.ts';
import { LOOK_PERIOD_MS, STUCK_MS, StuckCalls } from '../../../peer/run/stuck/stuck-rules.ts';
import { decodeDocuments, encodeDocuments } from '../../../peer/run/stuck/surrendered.ts';
import { notingCalls } from '../../../peer/run/stuck/watched-ordering.ts';
import { createLog } from '../../../peer/log.ts';

/** After how many looks a call counts as stuck; `null` if it does not within `looks`. */
function looksUntilStuck(
  count: number,
  { looks = 100, periodMs = LOOK_PERIOD_MS, share = 1 } = {},
): number | null {
  const calls = new StuckCalls();
  for (let look = 0; look < looks; look += 1) {
    const nowMs = look * periodMs;
    if (calls.look(count, nowMs, nowMs * share)) return look;
  }
  return null;
}

describe('a call counts as one that does not come back', () => {
  test('after three seconds in which the process computed', () => {
    expect(looksUntilStuck(7)).toBe(STUCK_MS / LOOK_PERIOD_MS);
    // An even count: no call is under way.
    expect(looksUntilStuck(8)).toBeNull();
  });

  test('later where the machine has no time for it, or where it waits', () => {
    expect(looksUntilStuck(7, { share: 0.1 })).toBe(5_000 / LOOK_PERIOD_MS);
    expect(looksUntilStuck(7, { share: 0 })).toBe(10_000 / LOOK_PERIOD_MS);
  });

  test('not because its process was stopped meanwhile', () => {
    const calls = new StuckCalls();
    calls.look(7, 0, 0);
    calls.look(7, 250, 250);
    expect(calls.look(7, 60_250, 260)).toBe(false);
    expect(calls.seenMs).toBe(750);
  });

  test('not if others come and go', () => {
    const calls = new StuckCalls();
    const found = Array.from({ length: 100 }, (_, look) =>
      calls.look(2 * look + 1, look * LOOK_PERIOD_MS, look * LOOK_PERIOD_MS),
    );
    expect(found).not.toContain(true);
  });
});

describe('the calls of an ordering', () => {
  const notes = new CallNotes();
  const seen: (string | boolean)[] = [];
  const note = (): void => void seen.push(notes.call, notes.count % 2 === 1);
  const group = { self: 0, size: 2, random: () => 0 };
  const out = { multicast: note, send: note, deliver: note };

  function watched(changes: Partial<Ordering>): Ordering {
    const create: Create = () => ({
      multicast: note,
      receive: note,
      advance: () => {
        throw new Error('a defect');
      },
      deadline: 5,
      held: 3,
      ...changes,
    });
    return notingCalls(create, notes)(group, out);
  }

  test('are noted while they are under way, also if they throw', () => {
    const ordering = watched({});
    seen.length = 0;
    ordering.multicast(0, new Message(Kind.data, 0, 0));
    ordering.receive(0, 1, new Message(Kind.data, 1, 0));
    expect(seen).toEqual(['multicast', true, 'receive', true]);
    expect(() => ordering.advance(0)).toThrow('a defect');
    expect(notes.count % 2).toBe(0);
    expect([ordering.deadline, ordering.held, ordering.isBackedUp]).toEqual([5, 3, false]);
  });

  test('are there only if the ordering has them', () => {
    expect(watched({}).multicastAll).toBeUndefined();
    expect(watched({}).blockage).toBeUndefined();
    expect(watched({ blockage: () => null }).blockage?.()).toBeNull();
    seen.length = 0;
    watched({ multicastAll: note }).multicastAll?.(0, []);
    expect(seen).toEqual(['multicastAll', true]);
  });

  test('of the project are called as they are, and an unknown one is refused', async () => {
    const held = new HeldOrderings(ORDERINGS, () => [], createLog('silent', 'peer-0'));
    expect(await held.entryOf('fifo')).toBe(ORDERINGS.get('fifo'));
    expect((await held.entryOf('nothing')).summary).toBe('unknown');
  });
});

test('a member that surrenders gives all that it delivered and its report, as far as the store has not got it', async () => {
  const group = new RunGroup({
    entry: ORDERINGS.get('sequencer')!,
    peers: 3,
    messages: 30,
    seed: 5,
    // Writes take a while, so that one is under way: its bytes must stay as they are.
    storeUs: 90_000,
  });
  await group.run(1_150_000);
  const documents = decodeDocuments(encodeDocuments(group.members[1]!.surrender('it hangs')));
  const { runId } = group.plan;
  const last = documents.at(-1)!;
  expect(last.path).toBe(paths.report(runId, 'peer-1'));
  const report = reportSchema.parse(last.fields);
  expect(report).toMatchObject({ outcome: 'failed', reason: 'it hangs' });
  for (const { path, fields, bytes } of documents) await group.store.create(path, fields, bytes);
  const chunks = Array.from({ length: report.chunks }, (_, index) =>
    group.store.documents.get(paths.chunk(runId, 'peer-1', index)),
  );
  const deliveries = chunks.map((chunk) => Number(chunk!.fields['deliveries']));
  expect(deliveries.length).toBeGreaterThan(2);
  expect(report.deliveries).toBeGreaterThan(20);
  expect(deliveries.reduce((sum, each) => sum + each)).toBe(report.deliveries);
});

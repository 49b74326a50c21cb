import { describe, expect, test } from '@jest/globals';
import { paths } from '../../../control/documents.ts';
import { readEvents } from '../../../control/comparison/read-events.ts';
import { EventType } from '../../../core/records/event-log.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { beginChosenRun } from '../../../simulation/choices/begin-chosen-run.ts';
import { replayRecording } from '../../../simulation/play/replay-recording.ts';
import { RunGroup } from '../../support/run-group/run-group.ts';

/** A run of real members in virtual time, which they recorded. */
async function recorded(entry: OrderingEntry, loss: number) {
  const group = new RunGroup({ entry, peers: 3, messages: 6, seed: 5, network: { loss } });
  Object.assign(group.plan, { record: true });
  await group.run();
  const prefix = paths.events(group.plan.runId);
  const documents = await group.store.list(prefix);
  const { logs, problems } = readEvents(group.plan, documents);
  expect(problems).toEqual([]);
  return { plan: group.plan, logs };
}

const UNKNOWN = /was sent after its sender stopped to record$/;
/** Runs in which so much is lost that timers count whose times nobody wrote down. */
const NOT_EXPLAINED = new Set(['token']);

describe.each([...ORDERINGS.values()])('$name', (entry) => {
  test.each([0, 0.1])('a recorded run comes back, at a loss of %d', async (loss) => {
    const { plan, logs } = await recorded(entry, loss);
    const { seed, payloadBytes, messages } = plan;
    const setup = { peers: 3, messages, payloadBytes, seed };
    const { choices, departs } = replayRecording(entry, setup, logs);
    if (loss === 0) expect(departs).toBeNull();
    else if (departs !== null && !NOT_EXPLAINED.has(entry.name)) expect(departs).toMatch(UNKNOWN);
    const run = beginChosenRun(entry, setup);
    for (const choice of choices) run.take(choice);
    for (const [member, { events }] of logs.entries()) {
      const delivered = events.filter(({ type }) => type === EventType.deliver);
      expect(delivered.length).toBeGreaterThan(0);
      const { senders, sequences } = run.members[member]!.record.sequence;
      const before = delivered.map(({ sender, sequence }) => `${sender},${sequence}`);
      const again = [...senders].map((sender, place) => `${sender},${sequences[place]}`);
      const common = departs === null ? before.length : Math.min(before.length, again.length);
      expect(again.slice(0, common)).toEqual(before.slice(0, common));
    }
  });
});

test('a recording that does not fit the ordering is followed as far as it does', async () => {
  const { plan, logs } = await recorded(ORDERINGS.get('lamport')!, 0);
  const setup = {
    peers: 3,
    messages: plan.messages,
    payloadBytes: plan.payloadBytes,
    seed: plan.seed,
  };
  const { departs } = replayRecording(ORDERINGS.get('skeen')!, setup, logs);
  expect(departs).toMatch(
    /^at [\d.]+ ms of peer \d, "\w+ \(\d,\d+\)" has no cause that a log tells$/,
  );
});

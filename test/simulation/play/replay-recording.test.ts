import { describe, expect, test } from '@jest/globals';
import type { RunPlan } from '../../../control/command.ts';
import { paths } from '../../../control/documents.ts';
import { readEvents } from '../../../control/comparison/read-events.ts';
import { EventLog, EventType, INNER_EVENTS, LoggedEvent } from '../../../core/records/event-log.ts';
import { Kind } from '../../../core/message.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { beginChosenRun } from '../../../simulation/choices/begin-chosen-run.ts';
import { formatChoice } from '../../../simulation/choices/choice.ts';
import type { RecordedGame } from '../../../simulation/play/record-choices.ts';
import { replayRecording } from '../../../simulation/play/replay-recording.ts';
import type { Fault } from '../../../simulation/scenario.ts';
import { RunGroup } from '../../../bench/virtual-group/run-group.ts';

/** A run of real members in virtual time, which they recorded. */
async function recorded(
  entry: OrderingEntry,
  network: { readonly loss?: number } = {},
  seed = 5,
  faults: readonly Fault[] = [],
  messages = 6,
) {
  const group = new RunGroup({ entry, peers: 3, messages, seed, network, faults });
  Object.assign(group.plan, { record: true });
  await group.run();
  const prefix = paths.events(group.plan.runId);
  const documents = await group.store.list(prefix);
  const { logs, problems } = readEvents(group.plan, documents);
  expect(problems).toEqual([]);
  return { plan: group.plan, logs };
}

function deliveriesOf({ events }: EventLog): string[] {
  return events
    .filter(({ type }) => type === EventType.deliver)
    .map(({ sender, sequence }) => `${sender},${sequence}`);
}

/** The log as it was recorded before timers were. */
function withoutTimers({ events }: EventLog): EventLog {
  const log = new EventLog();
  for (const event of events) if (!INNER_EVENTS.includes(event.type)) log.add(event);
  return log;
}

function replayed(entry: OrderingEntry, plan: RunPlan, logs: readonly EventLog[]): RecordedGame {
  const { members, messages, payloadBytes, seed } = plan;
  const setup = { peers: members.length, messages, payloadBytes, seed };
  const game = replayRecording(entry, setup, logs);
  const run = beginChosenRun(entry, setup);
  for (const choice of game.choices) run.take(choice);
  for (const [member, log] of logs.entries()) {
    const { senders, sequences } = run.members[member]!.record.sequence;
    const again = Array.from(senders, (sender, place) => `${sender},${sequences[place]}`);
    const before = deliveriesOf(log);
    expect(before.length).toBeGreaterThan(0);
    if (game.departs === null) expect(again).toEqual(before);
    else expect(again).toEqual(before.slice(0, again.length));
  }
  return game;
}

const LOSSES = [0, 0.1, 0.3];
const SEEDS = [5, 6, 7];

describe.each([...ORDERINGS.values()])('recorded runs of $name', (entry) => {
  test.each(LOSSES)('come back whole, at a loss of %d', async (loss) => {
    for (const seed of SEEDS) {
      const { plan, logs } = await recorded(entry, { loss }, seed);
      expect([seed, replayed(entry, plan, logs).departs]).toEqual([seed, null]);
    }
  });

  test('come back whole from before timers were recorded, where nothing is lost', async () => {
    // Nobody can conclude of every other run with a token when that was passed on; of this run one can.
    const { plan, logs } = await recorded(entry, {}, 1);
    expect(replayed(entry, plan, logs.map(withoutTimers)).departs).toBeNull();
  });

  test('come back whole after a member was away for so long that the others gave it up', async () => {
    const { plan, logs } = await recorded(entry, {}, 5, [
      { kind: 'pause', member: 2, atUs: 150_000, untilUs: 7_000_000 },
    ]);
    expect(replayed(entry, plan, logs).departs).toBeNull();
  });
});

test('what a killed member did after its last upload is not known, and the game says so', async () => {
  const entry = ORDERINGS.get('fifo')!;
  const faults = [{ kind: 'crash', member: 0, atUs: 700_000 }] as const;
  const { plan, logs } = await recorded(entry, {}, 5, faults, 20);
  const last = logs[0]!.events.at(-1)!.atUs;
  logs[0]!.add(new LoggedEvent(EventType.crash, last));
  const { departs } = replayed(entry, plan, logs);
  expect(departs).toMatch(/was sent after the last upload of peer 0, which left no report$/);
});

test('messages that never left keep their numbers, so that those after them are found', () => {
  const entry = ORDERINGS.get('unordered')!;
  const [sender, receiver] = [new EventLog(), new EventLog()];
  const add = (log: EventLog, type: number, other: number, packet: number, sequence: number) =>
    log.add(new LoggedEvent(type, 10, other, packet, Kind.data, 0, sequence));
  for (const sequence of [0, 1]) {
    sender.multicast(10, 0, sequence);
    sender.deliver(10, 0, sequence);
  }
  add(sender, EventType.discard, 1, 0, 0);
  add(sender, EventType.send, 1, 4, 1);
  add(receiver, EventType.arrive, 0, 4, 1);
  receiver.deliver(10, 0, 1);
  for (const log of [sender, receiver]) log.hasTimers = true;
  const { choices, departs } = replayRecording(entry, { peers: 2, messages: 2 }, [
    sender,
    receiver,
  ]);
  expect(departs).toBeNull();
  expect(choices.map(formatChoice).at(-1)).toBe('deliver 0>1#1 @10');
});

test('a recording that does not fit the ordering is followed as far as it does', async () => {
  const { plan, logs } = await recorded(ORDERINGS.get('lamport')!);
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

import { describe, expect, test } from '@jest/globals';
import { Kind, type Message } from '../../../core/message.ts';
import { type OrderingEntry, ORDERINGS } from '../../../core/orderings/registry.ts';
import { type GroupScenario, RunGroup } from '../../../bench/virtual-group/run-group.ts';

const PEERS = 8;
const SLOW = PEERS - 1;
const ENTRIES = [...ORDERINGS.values()];
const LOCAL = { delay: { kind: 'uniform', minUs: 50, maxUs: 300 } } as const;

/** The entry, whose members count what they send for a change of view, which follows each suspicion. */
function countingViews(entry: OrderingEntry) {
  const counts = { views: 0 };
  const count = ({ kind }: Message): void => {
    if (kind >= Kind.viewPrepare && kind <= Kind.viewRefuse) counts.views += 1;
  };
  const watched: OrderingEntry = {
    ...entry,
    create: (group, out) =>
      entry.create(group, {
        deliver: out.deliver,
        holdsBack: (to) => out.holdsBack?.(to) ?? false,
        send: (to, message) => {
          count(message);
          out.send(to, message);
        },
        multicast: (message) => {
          count(message);
          out.multicast(message);
        },
      }),
  };
  return { counts, watched };
}

/** Eight members of which the last one takes `slowUs` for a datagram, and the others 100 microseconds. */
async function groupWith(
  entry: OrderingEntry,
  slowUs: number,
  shape: Pick<GroupScenario, 'messages' | 'intervalMs' | 'deadlineMs'>,
) {
  const { counts, watched } = countingViews(entry);
  const datagramUs = Array.from({ length: PEERS }, (_, self) => (self === SLOW ? slowUs : 100));
  const group = await new RunGroup({
    entry: watched,
    peers: PEERS,
    payloadBytes: 1_000,
    network: LOCAL,
    seed: 1,
    deadlineMs: 120_000,
    datagramUs,
    ...shape,
  }).run();
  return {
    delivered: group.reports.map((report) => report?.deliveries ?? 0),
    seconds: Math.max(...group.reports.map((_, self) => group.reportedAtUs(self))) / 1e6,
    overflows: group.processes.reduce((sum, process) => sum + process.overflows, 0),
    views: counts.views,
    findings: group.comparison!.findings,
    broken: group.comparison!.declared.filter(
      (guarantee) => group.comparison!.guarantees[guarantee].held === false,
    ),
  };
}

const AT_ONCE = { messages: 100, intervalMs: { min: 0, max: 0 } };
const NOTHING_LOST = Array.from({ length: PEERS }, () => PEERS * AT_ONCE.messages);

const NAMES_THE_SLOW = expect.stringMatching(/^Peer 7 .* was slower than the others/);

describe('a member at a tenth of the speed of the others, which send as fast as they can', () => {
  test.each(ENTRIES)(
    '$name waits for it, loses nothing, takes it for alive, and names it',
    async (entry) => {
      const fast = await groupWith(entry, 100, AT_ONCE);
      const slow = await groupWith(entry, 1_000, AT_ONCE);
      expect(slow).toMatchObject({ delivered: NOTHING_LOST, overflows: 0, views: 0 });
      expect(fast.findings).toEqual([]);
      // A sequencer, to which everybody sends, is about half as busy: just too busy, or not, to say who was slow.
      const isHalfAsBusy = ['sequencer', 'sequencer-fast'].includes(entry.name);
      const isSilent = isHalfAsBusy && slow.findings.length === 0;
      expect(slow.findings).toEqual(isSilent ? [] : [NAMES_THE_SLOW]);
      // The slow member alone has ten times as much to do; its credit and acknowledgements are the rest.
      expect(slow.seconds).toBeLessThan(15 * fast.seconds);
    },
  );
});

describe('a member at a fiftieth of the speed of the others', () => {
  test.each(ENTRIES)('$name waits for it, loses nothing, and takes it for alive', async (entry) => {
    const slow = await groupWith(entry, 5_000, AT_ONCE);
    expect(slow).toMatchObject({ delivered: NOTHING_LOST, overflows: 0, views: 0 });
  });
});

describe('a member at an eightieth of the speed of the others, or less', () => {
  test.each([
    // Here it is silent for too long now and then.
    ['sequencer-uub', 400, 8_000, 30],
    ['moving-sequencer', 200, 9_000, 0],
    ['skeen', 200, 9_000, 0],
  ])(
    '%s: goes on without it if need be, changes views for a while only, and names it',
    async (name, messages, slowUs, viewsMin) => {
      const entry = ORDERINGS.get(name)!;
      const slow = await groupWith(entry, slowUs, {
        ...AT_ONCE,
        messages,
        deadlineMs: 300_000,
      });
      // Whoever is fast delivers all that the fast ones multicast, and nobody waits for the deadline.
      const fast = slow.delivered.slice(0, SLOW);
      expect(Math.min(...fast)).toBeGreaterThanOrEqual((PEERS - 1) * messages);
      expect(new Set(fast).size).toBe(1);
      expect(slow.seconds).toBeLessThan(290);
      expect(slow.broken).toEqual([]);
      // A change of view takes some thirty of these messages.
      expect(slow.views).toBeGreaterThanOrEqual(viewsMin);
      expect(slow.findings).toContainEqual(NAMES_THE_SLOW);
    },
  );
});

describe('a member at a tenth of the speed, where each multicasts each 1 to 3 ms', () => {
  test.each(ENTRIES)('$name waits for it, loses nothing, and takes it for alive', async (entry) => {
    const slow = await groupWith(entry, 1_000, { messages: 100, intervalMs: { min: 1, max: 3 } });
    expect(slow).toMatchObject({ delivered: NOTHING_LOST, overflows: 0, views: 0 });
  });
});

test('a view changes where what is known of 0.2 MB takes many seconds, as the path is long and loses much', async () => {
  const group = await new RunGroup({
    entry: ORDERINGS.get('token')!,
    peers: PEERS,
    messages: 300,
    payloadBytes: 1_000,
    datagramBytes: 4_000,
    intervalMs: { min: 0, max: 0 },
    datagramUs: [1_000, 20, 20, 20, 20, 20, 20, 20],
    network: { delay: { kind: 'constant', us: 80_000 }, loss: 0.1, burst: 4 },
    seed: 3,
    deadlineMs: 300_000,
  }).run();
  const outcomes = group.reports.map((report) => report?.outcome);
  expect(outcomes).toEqual(Array.from({ length: PEERS }, () => 'complete'));
});

test('a member that is stopped for 3 s gets everything afterwards, even where nothing is sent again', async () => {
  const [atUs, untilUs] = [200_000, 3_200_000];
  const group = await new RunGroup({
    entry: ORDERINGS.get('unordered')!,
    peers: 4,
    messages: 1_500,
    payloadBytes: 1_000,
    intervalMs: { min: 0, max: 0 },
    network: LOCAL,
    seed: 1,
    datagramUs: 100,
    faults: [{ kind: 'pause', member: 3, atUs, untilUs }],
  }).run();
  expect(group.reports.map((report) => report?.deliveries)).toEqual([6_000, 6_000, 6_000, 6_000]);
  expect(group.comparison!.findings).toEqual([
    expect.stringMatching(
      /^Peer 3 .* busy with messages for [01]\.\d s, and not run for 3\.\d s, of [34]\.\d s/,
    ),
  ]);
  // The others were held up.
  expect(group.reportedAtUs(0)).toBeGreaterThan(untilUs);
});

test('a member that is stopped for 2 s in a longer run is named with that', async () => {
  const group = await new RunGroup({
    entry: ORDERINGS.get('fifo')!,
    peers: 4,
    messages: 150,
    network: LOCAL,
    seed: 1,
    faults: [{ kind: 'pause', member: 2, atUs: 1_000_000, untilUs: 3_000_000 }],
  }).run();
  const namesIt = /^Peer 2 .* was not run for 2\.0 s in all: its process was stopped/;
  expect(group.comparison!.findings).toContainEqual(expect.stringMatching(namesIt));
});

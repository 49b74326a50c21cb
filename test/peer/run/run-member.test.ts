import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../core/orderings/registry.ts';
import { paths } from '../../../control/documents.ts';
import { decodeChunk } from '../../../core/records/sequence-codec.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';
import { RunGroup } from '../../../bench/virtual-group/run-group.ts';

const SIZE = { entry: ORDERINGS.get('sequencer')!, peers: 3, messages: 30, seed: 5 };

function uploaded(group: RunGroup, peerId: string): DeliveredSequence {
  const sequence = new DeliveredSequence();
  for (let index = 0; ; index += 1) {
    const document = group.store.documents.get(paths.chunk(group.plan.runId, peerId, index));
    if (document === undefined) return sequence;
    decodeChunk(document.bytes, sequence, { deliveries: 1_000, multicasts: 1_000 });
  }
}

describe('a member of a run', () => {
  test('uploads twice a second what it delivered, and the rest before its report', async () => {
    const group = await new RunGroup(SIZE).run(1_200_000);
    const early = uploaded(group, 'peer-0').length;
    expect(early).toBeGreaterThan(20);
    expect(early).toBeLessThan(90);
    await group.run();
    expect(uploaded(group, 'peer-0').length).toBe(90);
    expect(group.reports[0]).toMatchObject({ chunks: 4, deliveries: 90, multicasts: 30 });
  });

  test('reports who it is, how long it took and what it cost', async () => {
    // No message overtakes another, so that none is taken for lost and sent again.
    const network = { delay: { kind: 'constant', us: 1_000 } } as const;
    const group = await new RunGroup({ ...SIZE, network }).run();
    const report = group.reports[1]!;
    expect(report).toMatchObject({
      runId: group.plan.runId,
      peerId: 'peer-1',
      incarnation: 'first-life-of-1',
      outcome: 'complete',
      missing: [],
      network: 'simulated',
    });
    const { counters, durationMs } = report;
    // Member 1 sends each of its messages to the sequencer, which sends it to everybody.
    expect(counters.dataMessagesSent).toBe(30);
    expect(group.reports[0]!.counters.dataMessagesSent).toBe(2 * 90);
    expect(counters.datagramsSent).toBeGreaterThan(30);
    expect(counters.ownLatencyMs.p50).toBeGreaterThan(0.2);
    expect(durationMs).toBeGreaterThan(1_000);
    expect(durationMs).toBeLessThan(group.time.nowUs / 1_000);
  });

  test.each<[string, number, string[]]>([
    ['and says no more where it lacks nothing', 0, []],
    [
      'and names them where it lacks messages',
      0.2,
      ['Peer 1 (peer-1 in us-west1-b) lost 3 datagrams that found its receive buffer full.'],
    ],
  ])(
    'reports the datagrams that found the receive buffer full since it began, %s',
    async (_what, loss, told) => {
      const entry = ORDERINGS.get('unordered')!;
      const group = new RunGroup({ ...SIZE, entry, network: { loss } });
      group.processes[1]!.overflows = 5;
      group.time.at(600_000, () => (group.processes[1]!.overflows += 3));
      await group.run();
      const dropped = group.reports.map((report) => report!.counters.dropped);
      expect(dropped).toEqual([{}, { overflow: 3 }, {}]);
      expect(group.comparison!.findings.filter((text) => text.includes('receive'))).toEqual(told);
    },
  );

  test('that ends without a killed one lacks nothing, where what is missing was never multicast', async () => {
    const faults = [{ kind: 'crash', member: 2, atUs: 500_000 }] as const;
    const { comparison } = await new RunGroup({ ...SIZE, faults }).run();
    expect(comparison!.perPeer[0]).toMatchObject({ outcome: 'settled', missing: 0 });
    expect(comparison!.findings[0]).toMatch(
      /^Peer 0 \(.*\) ended without messages that were lost or never multicast \(it missed peer-2/,
    );
  });

  test('tries a write again while the store fails, and loses nothing', async () => {
    const group = new RunGroup(SIZE);
    group.time.at(1_000_000, () => group.store.faults.order('create', 7));
    await group.run();
    expect(group.comparison!.perPeer.map(({ delivered }) => delivered)).toEqual([90, 90, 90]);
  });

  test('gives up after the time to upload, and is then done with its run all the same', async () => {
    const group = new RunGroup({ ...SIZE, deadlineMs: 4_000 });
    group.time.at(100_000, () => group.store.faults.order('create', 1_000_000));
    let isDone = false;
    group.time.at(200_000, () => void group.members[0]!.uploaded.then(() => (isDone = true)));
    await group.run(6_500_000);
    expect(isDone).toBe(false);
    await group.run(10_000_000);
    expect(isDone).toBe(true);
  });

  test('is told to stop: it uploads what it has, once, and leaves', async () => {
    const group = new RunGroup(SIZE);
    group.time.at(700_000, () => {
      void group.members[2]!.stop('told to');
      void group.members[2]!.stop('told again');
    });
    await group.run(1_000_000);
    expect(group.reports[2]).toMatchObject({ outcome: 'abandoned', reason: 'told to' });
    expect(uploaded(group, 'peer-2').length).toBe(group.reports[2]!.deliveries);
    expect(group.members[2]!.closed).toBe(true);
  });
});

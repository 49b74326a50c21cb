import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { TotalOrderLog } from '../../../core/views/total-order-log.ts';
import { data, ViewBench } from '../../support/view-bench.ts';

describe('an attempt at a view', () => {
  /** Five members, of which 4 is dead, and 0 has just asked the others to promise. */
  function attempting(): ViewBench {
    const bench = new ViewBench(5);
    bench.suspect(4, [0, 1, 2, 3]);
    bench.members[0]!.advance(0);
    return bench;
  }
  /** The kinds of what is under way, and how many messages follow each. */
  const parcelsIn = (channel: readonly Message[]): number[][] =>
    channel.map(({ kind, sequence }) => [kind, sequence]);
  const refusalOf = (member: number, ballot: number): Message =>
    new Message(Kind.viewRefuse, member, 0)
      .withEpoch(ballot)
      .withVector(Object.values(new TotalOrderLog(5).digestOf(0)));

  test('an attempt goes on without one that promised a greater ballot, while the others are a majority', () => {
    const bench = attempting();
    bench.members[0]!.receive(0, 3, refusalOf(3, 8));
    bench.run(100_000, [3, 4]);
    expect(bench.inner[0]!.installed).toEqual(['5: 0 1 2']);
  });

  test('an attempt is over when so many promised a greater ballot that the others are no majority', () => {
    const bench = attempting();
    for (const member of [2, 3]) bench.members[0]!.receive(0, member, refusalOf(member, 8));
    bench.run(100_000, [2, 3, 4]);
    bench.run(200_000, [4]);
    expect(bench.inner[0]!.installed).toEqual([]);
  });

  test('an attempt in which one was asked twice ends sooner than those who promised give it up', () => {
    const bench = attempting();
    const [proposer, follower] = bench.members;
    for (let failed = 0; failed < 3; failed += 1) {
      bench.now = proposer!.deadline;
      proposer!.advance(bench.now);
    }
    for (const member of [1, 2]) {
      bench.arrive(0, member);
      bench.arrive(member, 0);
    }
    proposer!.receive(bench.now, 3, refusalOf(3, 0));
    proposer!.advance(proposer!.deadline);
    expect(bench.channels[0]![3]!.length).toBe(5);
    expect(proposer!.deadline).toBeLessThan(follower!.deadline);
  });

  test('an attempt lasts longer while those that it asked still say something of the view before', () => {
    const bench = attempting();
    const { deadline } = bench.members[0]!;
    bench.members[0]!.receive(deadline - 1, 1, data(1, 0));
    expect(bench.members[0]!.deadline).toBeGreaterThan(deadline + 1_000_000);
  });

  test('what was decided once is not told again, however many attempts it takes until a view begins', () => {
    const bench = new ViewBench(5);
    bench.members[1]!.multicast(0, data(1, 0));
    bench.suspect(4, [0, 1, 2, 3]);
    bench.members[0]!.advance(0);
    for (const [from, to] of [
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 0],
      [2, 0],
      [3, 0],
      [0, 1],
      [0, 2],
      [0, 3],
    ]) {
      bench.arrive(from!, to!);
    }
    // All have stored the view, and its proposer dies before anybody hears of that.
    bench.suspect(0, [1, 2, 3]);
    bench.members[1]!.advance(0);
    bench.arrive(1, 2);
    bench.arrive(1, 3);
    expect(parcelsIn(bench.channels[2]![1]!)).toEqual([[Kind.viewPromise, 0]]);
    bench.arrive(2, 1);
    bench.arrive(3, 1);
    expect(parcelsIn(bench.channels[1]![2]!)).toEqual([[Kind.viewAccept, 0]]);
    bench.run(100_000, [0, 4]);
    expect(bench.inner[3]!.installed).toEqual(['11: 1 2 3']);
    expect(bench.delivered).toEqual([[], ['1.0'], ['1.0'], ['1.0'], []]);
  });

  test('who promised and is left out learns that at once, and what it lacks, and asks to be taken back', () => {
    const bench = attempting();
    const [prepare] = bench.channels[0]![3]!.splice(0);
    bench.members[3]!.receive(0, 0, prepare!);
    // The promise of 3 came, and then it was suspected: the view begins without it.
    bench.arrive(3, 0);
    bench.suspect(3, [0, 1, 2]);
    bench.run(50_000, [3, 4]);
    expect(bench.inner[0]!.installed).toEqual(['5: 0 1 2']);
    expect(parcelsIn(bench.channels[0]![3]!)).toEqual([
      [Kind.viewRefuse, 0],
      [Kind.viewInstall, 0],
    ]);
    expect(bench.members[3]!.deadline).toBeGreaterThan(2_000_000);
    bench.arrive(0, 3);
    expect(bench.members[3]!.deadline).toBeLessThan(1_000_000);
  });

  test('who is refused takes in what comes with that, also if it has given its attempt up', () => {
    const bench = attempting();
    bench.members[3]!.receive(0, 0, bench.channels[0]![3]![0]!);
    const { vector } = refusalOf(0, 5);
    const header = new Message(Kind.viewRefuse, 0, 1).withEpoch(5).withVector(vector);
    bench.members[3]!.receive(0, 0, header);
    bench.members[3]!.receive(0, 0, data(1, 0));
    expect(bench.delivered[3]).toEqual(['1.0']);
  });

  test('who promised leaves it to the proposer whom else to go on without', () => {
    const proposers = (suspected: number): number[] => {
      const bench = attempting();
      const [prepare] = bench.channels[0]![1]!;
      bench.members[1]!.receive(0, 0, prepare!);
      bench.suspect(suspected, [1]);
      if (bench.members[1]!.deadline <= 700_000) bench.members[1]!.advance(700_000);
      const isAsked = (message: Message): boolean => message.kind === Kind.viewPrepare;
      return [0, 1].filter((member) => bench.channels[member]![2]!.some(isAsked));
    };
    expect(proposers(3)).toEqual([0]);
    expect(proposers(0)).toEqual([0, 1]);
  });
});

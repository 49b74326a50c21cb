import { describe, expect, test } from '@jest/globals';
import { Kind } from '../../../core/message.ts';
import { data, ViewBench } from '../../support/view-bench.ts';

const REFUSED_AGAIN_US = 200_000;

/** Lets what is under way between `one` and each of `others` arrive, and what they answer, in `rounds`. */
function exchange(bench: ViewBench, one: number, others: readonly number[], rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    for (const other of others) {
      bench.arrive(one, other);
      bench.arrive(other, one);
    }
  }
}

/** Lets time pass until `member` has something to do, and does it. */
function advance(bench: ViewBench, member: number): void {
  const { deadline } = bench.members[member]!;
  bench.now = Math.max(bench.now, deadline);
  bench.members[member]!.advance(bench.now);
}

describe('who is refused in an attempt that it made long ago, and follows another by now', () => {
  /** Five members. What 4 asked is still under way; 1 attempts view 11 without 0, and both others have promised. */
  function attempting(): ViewBench {
    const bench = new ViewBench(5);
    for (const member of [1, 2]) bench.members[member]!.multicast(0, data(member, 0));
    bench.suspect(3, [4]);
    bench.suspect(0, [1]);
    for (const member of [4, 1]) advance(bench, member);
    advance(bench, 1);
    for (const member of [3, 4]) bench.arrive(1, member);
    return bench;
  }

  /** Member 0 makes view 15 with `others`. Only then what 4 asked reaches it, and it answers with what is agreed on. */
  function refuse(bench: ViewBench, others: readonly number[]): void {
    for (const other of [1, 2, 3, 4]) if (!others.includes(other)) bench.suspect(other, [0]);
    for (let attempt = 0; attempt < 3 && bench.inner[0]!.installed.length === 0; attempt += 1) {
      advance(bench, 0);
      exchange(bench, 0, others, 6);
    }
    expect(bench.inner[0]!.installed).toEqual([`15: ${[0, ...others].join(' ')}`]);
    bench.arrive(4, 0);
    bench.arrive(0, 4);
  }

  test('does not stop when it is told to store the view of the other, which begins before that', () => {
    const bench = attempting();
    bench.arrive(2, 0);
    bench.inner[0]!.deliver(1);
    for (const member of [3, 4]) bench.arrive(member, 1);
    refuse(bench, [2, 3]);
    for (let attempt = 0; attempt < 2; attempt += 1) advance(bench, 1);
    expect(bench.channels[1]![4]!.map(({ kind }) => kind)).toContain(Kind.viewAccept);
    bench.arrive(1, 4);
    expect(bench.delivered).toEqual([['2.0', '1.0'], [], ['2.0', '1.0'], ['2.0', '1.0'], []]);
  });

  test('does not begin a view, which it stored, with what it has delivered', () => {
    const bench = attempting();
    bench.suspect(2, [1]);
    exchange(bench, 1, [3, 4], 2);
    expect(bench.inner[1]!.installed).toEqual(['11: 1 3 4']);
    refuse(bench, [1, 2, 3]);
    bench.arrive(1, 4);
    expect(bench.inner[4]!.installed).toEqual(['11: 1 3 4']);
    expect(bench.delivered.map((log) => log[0])).toEqual(['1.0', '1.0', '1.0', '1.0', '1.0']);
  });
});

describe('who lacks much, and is refused for it', () => {
  const LACKS = 600;

  /** Members 0 and 1 are in a view without 2, which lacks 600 messages and asks to be taken back. */
  function lacking(): ViewBench {
    const bench = new ViewBench(3);
    for (let sequence = 0; sequence < LACKS; sequence += 1) {
      bench.members[0]!.multicast(0, data(0, sequence));
      if (sequence % 10 === 9) {
        bench.arrive(0, 1);
        for (const member of [0, 1]) bench.inner[member]!.deliver(10);
      }
    }
    bench.channels[0]![2] = [];
    bench.suspect(2, [0, 1]);
    bench.run(100_000, [2]);
    expect(bench.inner[0]!.installed).toEqual(['3: 0 1']);
    expect(bench.delivered.map(({ length }) => length)).toEqual([LACKS, LACKS, 0]);
    bench.trust(2, [0, 1]);
    // It finds that it was stopped, and asks on its own.
    bench.suspect(2, [2]);
    return bench;
  }

  test('asks all of them again with what it got from one, so that none stands still for its patience', () => {
    const bench = lacking();
    advance(bench, 2);
    exchange(bench, 2, [1], 1);
    bench.now += REFUSED_AGAIN_US;
    bench.members[2]!.advance(bench.now);
    exchange(bench, 2, [1], 1);
    // Both questions were too early for 1, and it takes 0 four answers to bring 2 on, which 0 follows then.
    exchange(bench, 2, [0], 6);
    bench.now += REFUSED_AGAIN_US;
    if (bench.members[2]!.deadline <= bench.now) bench.members[2]!.advance(bench.now);
    exchange(bench, 2, [1, 0], 4);
    expect(bench.inner.map(({ installed }) => installed.at(-1))).toEqual([
      '5: 0 1 2',
      '5: 0 1 2',
      '5: 0 1 2',
    ]);
  });
});

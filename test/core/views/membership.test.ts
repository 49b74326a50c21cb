import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { data, text, ViewBench } from '../../support/view-bench.ts';

describe('membership', () => {
  test('agrees on a view without the suspected, which begins with what any member knew', () => {
    const bench = new ViewBench(3);
    bench.members[0]!.multicast(0, data(0, 0));
    bench.members[1]!.multicast(0, data(1, 0));
    // The first multicast of member 0 reaches member 2 alone; then member 0 is dead.
    bench.channels[0]![1]!.length = 0;
    bench.run(100_000);
    bench.suspect(0, [1, 2]);
    bench.run(2_000_000, [0]);
    expect(bench.inner[1]!.installed).toEqual(['4: 1 2']);
    expect(bench.inner[2]!.installed).toEqual(['4: 1 2']);
    expect(bench.delivered).toEqual([[], ['0.0', '1.0'], ['0.0', '1.0']]);
  });

  test('gives the ordering no more than may be under way, and more as it is delivered', () => {
    const bench = new ViewBench(2);
    const given = (): number => bench.channels[0]![1]!.length;
    for (let sequence = 0; sequence < 2_000; sequence += 1) {
      bench.members[0]!.multicast(0, data(0, sequence));
    }
    // This is half of what the group may have under way: it bounds the state of a change of view.
    expect(given()).toBe(512);
    bench.channels[0]![1]!.length = 0;
    bench.inner[0]!.deliver(100);
    expect(bench.delivered[0]).toHaveLength(100);
    // This comes with the next call, and not in the middle of the ordering's own one.
    expect(given()).toBe(0);
    bench.members[0]!.advance(0);
    expect(bench.channels[0]![1]!.map(text)).toEqual(
      Array.from({ length: 100 }, (_, index) => `0.${512 + index}`),
    );
  });

  test('a minority installs nothing, however long it tries', () => {
    const bench = new ViewBench(4);
    bench.suspect(2, [0, 1, 3]);
    bench.suspect(3, [0, 1, 2]);
    bench.run(60_000_000, [2, 3]);
    expect(bench.inner.map(({ installed }) => installed)).toEqual([[], [], [], []]);
  });

  test('who comes back is brought up to date, and its own messages are not lost', () => {
    const bench = new ViewBench(3);
    bench.suspect(0, [1, 2]);
    bench.members[1]!.multicast(0, data(1, 0));
    bench.members[0]!.multicast(0, data(0, 0));
    bench.run(3_000_000, [0]);
    bench.members[2]!.multicast(bench.now, data(2, 0));
    bench.run(4_000_000, [0]);
    bench.trust(0, [1, 2]);
    bench.run(8_000_000);
    const views = bench.inner.map(({ installed }) => installed.at(-1));
    expect(new Set(views).size).toBe(1);
    expect(views[0]).toMatch(/: 0 1 2$/);
    // What member 0 multicast in the old view was dropped, and multicast again: one more view shows it.
    bench.suspect(1, [0, 2]);
    bench.run(12_000_000, [1]);
    expect(bench.delivered[0]).toEqual(['1.0', '2.0', '0.0']);
    expect(bench.delivered[2]).toEqual(bench.delivered[0]);
  });

  test('messages of an older view are dropped', () => {
    const bench = new ViewBench(3);
    bench.suspect(0, [1, 2]);
    bench.run(2_000_000, [0]);
    bench.members[1]!.receive(bench.now, 0, data(0, 0));
    expect(bench.inner[1]!.held).toBe(0);
    bench.members[1]!.receive(bench.now, 2, data(2, 0, 4));
    expect(bench.inner[1]!.held).toBe(1);
  });

  test('a proposer that dies midway is followed by the next, at every step', () => {
    for (let rounds = 1; rounds <= 8; rounds += 1) {
      const bench = new ViewBench(5);
      bench.members[4]!.multicast(0, data(4, 0));
      bench.run(50_000);
      bench.suspect(0, [1, 2, 3, 4]);
      bench.members[1]!.advance(bench.now);
      // Some of what the proposer does arrives, one message a channel and round.
      for (let round = 0; round < rounds; round += 1) {
        for (const other of [2, 3, 4]) {
          for (const [from, to] of [
            [1, other],
            [other, 1],
          ] as const) {
            const message = bench.channels[from]![to]!.shift();
            if (message !== undefined && (to !== 3 || round < 2)) {
              bench.members[to]!.receive(bench.now, from, message);
            }
          }
        }
      }
      bench.suspect(1, [2, 3, 4]);
      bench.run(20_000_000, [0, 1]);
      for (const survivor of [2, 3, 4]) {
        expect([rounds, bench.delivered[survivor]]).toEqual([rounds, ['4.0']]);
        expect(bench.inner[survivor]!.installed.at(-1)).toMatch(/: 2 3 4$/);
      }
    }
  });

  /** Member `member` was stopped for so long that the others may have suspected it, and none did. */
  function stall(bench: ViewBench, member: number): void {
    bench.suspect(member, [member]);
    bench.trust(member, [member]);
  }

  test('who was stopped, and suspected by nobody, makes the next view itself, and soon', () => {
    const bench = new ViewBench(32);
    stall(bench, 31);
    bench.run(300_000);
    const views = new Set(bench.inner.map(({ installed }) => installed.join(' | ')));
    expect([...views]).toEqual([expect.stringMatching(/^63: 0 1 2 .* 31$/)]);
  });

  test('members that were stopped together leave the next view to the first of them', () => {
    const bench = new ViewBench(5);
    for (const member of [0, 1, 2, 3, 4]) stall(bench, member);
    bench.run(300_000);
    for (const { installed } of bench.inner) expect(installed).toEqual(['5: 0 1 2 3 4']);
  });

  test('who was stopped does not wait until another has rested', () => {
    const bench = new ViewBench(3);
    for (let time = 0; time < 6; time += 1) {
      bench.suspect(2, [0, 1]);
      bench.run(bench.now + 1_000_000, [2]);
      bench.trust(2, [0, 1]);
      // The last of these rests takes 6.4 s, and is not awaited.
      if (time < 5) bench.run(bench.now + 9_000_000);
    }
    const views = bench.inner[0]!.installed.length;
    expect(bench.inner[0]!.installed.at(-1)).toMatch(/: 0 1$/);
    stall(bench, 0);
    bench.run(bench.now + 300_000, [2]);
    expect(bench.inner[0]!.installed.slice(views)).toEqual([expect.stringMatching(/: 0 1$/)]);
  });

  test('what nobody can have sent breaks nothing', () => {
    const bench = new ViewBench(3);
    const broken = [
      data(3, 0),
      new Message(Kind.viewRefuse, 2, 0xffff_ffff),
      new Message(Kind.viewPrepare, 2, 0, undefined, 0, 0, 0xffff_fffe, 0, [0, 0, 0]),
      new Message(Kind.viewRefuse, 2, 0, undefined, 0, 0, 1, 9, [1, 2]),
    ];
    for (const message of broken) bench.members[1]!.receive(0, 2, message);
    expect(bench.inner[1]!.held).toBe(0);
    bench.members[2]!.multicast(0, data(2, 0));
    bench.run(100_000);
    expect(bench.inner[1]!.held).toBe(1);
    bench.suspect(0, [1, 2]);
    bench.run(2_000_000, [0]);
    expect(bench.inner[1]!.installed).toEqual(['4: 1 2']);
  });

  test('what is multicast between two views waits for the next', () => {
    const bench = new ViewBench(3);
    bench.suspect(0, [1, 2]);
    bench.members[1]!.advance(bench.now);
    bench.members[1]!.multicast(bench.now, data(1, 0));
    expect(bench.inner[1]!.held).toBe(0);
    bench.run(3_000_000, [0]);
    expect(bench.inner.map(({ held }) => held)).toEqual([0, 1, 1]);
  });
});

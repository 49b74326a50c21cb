import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../core/base/random.ts';
import { chooseCommand } from '../../peer/duty/choose-command.ts';
import { Handshake } from '../../peer/run/handshake.ts';
import { ProgressExchange } from '../../peer/run/progress-exchange.ts';
import { Schedule } from '../../control/multicast-schedule.ts';

describe('the handshake', () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'seed %i: everybody starts under loss, and only once everybody was heard by everybody',
    (seed) => {
      const random = createRandom(seed);
      const members = [0, 1, 2, 3].map((self) => new Handshake(self, 4, 0));
      const lossy = (): boolean => random() < 0.4;
      let now = 0;
      while (!members.every((member) => member.established)) {
        members.forEach((member, self) => {
          if (member.deadline > now) return;
          for (const to of member.unsatisfied) {
            if (lossy()) continue;
            members[to]!.hear(self, member.bitmap);
            if (!lossy()) member.hear(to, members[to]!.bitmap);
          }
          member.retried(now);
        });
        if (members.some((member) => member.established)) {
          for (const member of members) expect(member.unheard).toEqual([]);
        }
        now += 10_000;
        expect(now).toBeLessThan(60_000_000);
      }
    },
  );

  test('names who was never heard', () => {
    const handshake = new Handshake(1, 3, 0);
    handshake.hear(0, Uint8Array.from([0b011]));
    expect([handshake.unheard, handshake.unsatisfied, handshake.established]).toEqual([
      [2],
      [0, 2],
      false,
    ]);
  });

  test('a message from a member means that it began, so everybody was heard', () => {
    const handshake = new Handshake(0, 3, 0);
    handshake.hear(1, Uint8Array.from([0b001]));
    handshake.hear(2, Uint8Array.from([0b001]));
    handshake.hearMessages(2);
    expect(handshake.established).toBe(true);
  });
});

describe('the progress exchange', () => {
  test.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'seed %i: under loss everybody learns all, then everybody falls silent',
    (seed) => {
      const random = createRandom(seed, 7);
      const members = [0, 1, 2].map((self) => new ProgressExchange(self, 3));
      const facts = ['sentAll', 'complete'] as const;
      let [now, packets] = [0, 0];
      const carry = (from: number, to: number): void => {
        if (random() < 0.4) return;
        packets += 1;
        if (members[to]!.hear(now, from, packets, members[from]!.statusFor(to))) carry(to, from);
      };
      while (now < 1_000_000 || members.some((member) => member.deadline < Infinity)) {
        expect(now).toBeLessThan(60_000_000);
        members.forEach((member, self) => {
          const fact = facts[Math.floor(now / 300_000)];
          if (fact !== undefined) member.declare(now, fact);
          // One of them takes back that it has everything.
          else if (now === 600_000) member.finish(now, self > 0);
          if (member.deadline > now) return;
          for (const to of member.unaware) carry(self, to);
          member.retried(now);
        });
        now += 50_000;
      }
      for (const member of members) {
        expect(member.allFinished).toBe(true);
        expect(member.unaware).toEqual([]);
      }
      expect([1, 2].map((self) => members[self]!.progressOf(0).complete)).toEqual([false, false]);
    },
  );
});

describe('the schedule', () => {
  const drawn = (seed: number, member: number): number[] => {
    const schedule = new Schedule(200, { min: 10_000, max: 99_000 }, seed, member);
    schedule.start(0);
    const times: number[] = [];
    while (!schedule.sentAll) {
      times.push(schedule.nextAt);
      schedule.advance(schedule.nextAt);
    }
    return times.map((at, index) => at - (times[index - 1] ?? 0));
  };

  test('draws every interval within its bounds, about uniformly, and repeats with its seed', () => {
    const intervals = drawn(7, 0);
    expect(Math.min(...intervals)).toBeGreaterThanOrEqual(10_000);
    expect(Math.max(...intervals)).toBeLessThanOrEqual(99_000);
    const mean = intervals.reduce((sum, interval) => sum + interval, 0) / intervals.length;
    expect(mean).toBeGreaterThan(49_000);
    expect(mean).toBeLessThan(60_000);
    expect(drawn(7, 0)).toEqual(intervals);
    expect(drawn(7, 1)).not.toEqual(intervals);
    expect(drawn(8, 0)).not.toEqual(intervals);
  });

  test('after a pause it goes on at its pace, instead of making up for it in a burst', () => {
    const schedule = new Schedule(10, { min: 10_000, max: 10_000 }, 1, 0);
    schedule.start(0);
    schedule.advance(5_000_000);
    expect(schedule.nextAt).toBe(5_010_000);
    expect(schedule.pace).toEqual({ plannedMs: 10, behindMs: 4_990 });
  });

  test('that is kept is not behind, whatever small delays there are', () => {
    const schedule = new Schedule(10, { min: 10_000, max: 10_000 }, 1, 0);
    schedule.start(0);
    while (!schedule.sentAll) schedule.advance(schedule.nextAt + 900);
    expect(schedule.pace).toEqual({ plannedMs: 100, behindMs: 0 });
  });
});

describe('a message from the bus', () => {
  const member = (peerId: string, incarnation = `${peerId}-first-life`) => ({
    peerId,
    incarnation,
    zone: 'us-west1-b',
    host: '127.0.0.1',
    port: 4_000,
  });
  const plan = {
    runId: '20260131-235959-0a1b2c3d',
    ordering: 'unordered',
    messages: 10,
    intervalMs: { min: 10, max: 99 },
    payloadBytes: 0,
    seed: 1,
    members: [member('peer-0'), member('peer-1')],
    createdAtMs: 1_000,
    joinByMs: 11_000,
    deadlineMs: 30_000,
  };
  const asker = {
    peerId: 'peer-1',
    incarnation: 'peer-1-first-life',
    startedAtMs: 500,
    joined: new Set<string>(),
  };
  const choose = (message: unknown, nowMs = 2_000, change = {}) =>
    chooseCommand(message, { ...asker, ...change }, nowMs);

  test('a fresh run command for this daemon is joined at its index', () => {
    expect(choose({ command: 'run', plan })).toEqual({ action: 'join', plan, self: 1 });
  });

  test.each([
    ['a second time', { command: 'run', plan }, 2_000, { joined: new Set([plan.runId]) }, 'second'],
    ['expired', { command: 'run', plan }, 11_001, {}, 'expired'],
    ['for others', { command: 'run', plan }, 2_000, { peerId: 'peer-7' }, 'not a member'],
    ['for an earlier life', { command: 'run', plan }, 2_000, { incarnation: 'other' }, 'earlier'],
    ['nonsense', 'hello', 2_000, {}, 'not a command'],
    ['with an unknown field', { command: 'run', plan, x: 1 }, 2_000, {}, 'not a command'],
    [
      'exit, expired',
      { command: 'exit', issuedAtMs: 1_000, expiresAtMs: 1_500 },
      2_000,
      {},
      'expired',
    ],
    [
      'exit, for an earlier life',
      { command: 'exit', issuedAtMs: 400, expiresAtMs: 9_000 },
      2_000,
      {},
      'earlier',
    ],
  ])('%s: ignored, with the reason', (_name, message, nowMs, change, reason) => {
    const choice = choose(message, nowMs, change);
    expect(choice).toMatchObject({ action: 'ignore', reason: expect.stringContaining(reason) });
  });

  test('a fresh exit command is obeyed', () => {
    expect(choose({ command: 'exit', issuedAtMs: 1_900, expiresAtMs: 9_000 })).toEqual({
      action: 'exit',
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import type { Progress } from '../../core/wire/datagram.ts';
import { createRandom } from '../../core/base/random.ts';
import { chooseCommand } from '../../peer/duty/choose-command.ts';
import { decideEnding, SETTLE_US, SILENCE_US_MIN, type Knowledge } from '../../peer/run/ending.ts';
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
      const facts: (keyof Progress)[] = ['sentAll', 'complete', 'finished'];
      let now = 0;
      const carry = (from: number, to: number): void => {
        if (random() < 0.4) return;
        if (members[to]!.hear(from, members[from]!.statusFor(to))) carry(to, from);
      };
      while (now < 1_000_000 || members.some((member) => member.deadline < Infinity)) {
        expect(now).toBeLessThan(60_000_000);
        members.forEach((member, self) => {
          const fact = facts[Math.floor(now / 300_000)];
          if (fact !== undefined) member.declare(now, fact);
          if (member.deadline > now) return;
          for (const to of member.unaware) carry(self, to);
          member.retried(now);
        });
        now += 50_000;
      }
      for (const member of members) {
        expect(member.without('finished')).toEqual([]);
        expect(member.unaware).toEqual([]);
      }
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
  });
});

describe('the end of a run', () => {
  const knowledge: Knowledge = {
    now: 1_000_000,
    joinByUs: 10_000_000,
    deadlineUs: 20_000_000,
    started: true,
    unheard: [],
    complete: false,
    idle: true,
    retransmits: false,
    sentAll: true,
    othersSending: [],
    othersGivenUp: [],
    othersIncomplete: [1],
    heardAt: [1_000_000, 900_000, 800_000],
    lastArrivalAt: 900_000,
    lastDeliveryAt: 900_000,
    silenceUs: SILENCE_US_MIN,
  };
  test.each<[string, Partial<Knowledge>, string | undefined]>([
    ['goes on while something may still come', {}, undefined],
    ['complete and nothing scheduled', { complete: true }, 'complete'],
    ['complete, but others need answers', { complete: true, idle: false }, undefined],
    ['complete everywhere', { complete: true, idle: false, othersIncomplete: [] }, 'complete'],
    ['silence after everything was sent', { now: 900_000 + SETTLE_US }, 'settled'],
    ['silence with retransmission', { now: 900_000 + SETTLE_US, retransmits: true }, undefined],
    ['one still sends, and was heard', { now: 4_700_000, othersSending: [2] }, undefined],
    ['one that still had to send fell silent', { now: 4_800_000, othersSending: [2] }, 'settled'],
    [
      'the same with retransmission, while its last messages may still be recovered',
      { now: 4_800_000, othersSending: [2], retransmits: true },
      undefined,
    ],
    [
      'and when nothing was recovered for long',
      { now: 4_900_000, othersSending: [2], retransmits: true },
      'settled',
    ],
    [
      'one gave up, with retransmission, and nothing is recovered any more',
      { now: 4_900_000, othersGivenUp: [2], retransmits: true },
      'settled',
    ],
    ['deadline', { now: 20_000_000, sentAll: false }, 'deadline'],
    ['no handshake yet', { started: false }, undefined],
    ['no handshake in time', { started: false, now: 10_000_000, unheard: [2] }, 'handshake'],
  ])('%s', (_name, change, outcome) => {
    expect(decideEnding({ ...knowledge, ...change })?.outcome).toBe(outcome);
  });

  test('who fell silent is named, whether or not the deadline came first', () => {
    const silent = { ...knowledge, othersSending: [1, 2], heardAt: [0, 4_000_000, 800_000] };
    const late = { ...silent, now: 20_000_000, deadlineUs: 5_000_000 };
    expect(decideEnding({ ...late, now: 5_000_000 })).toMatchObject({
      outcome: 'deadline',
      missing: [2],
    });
    expect(decideEnding({ ...silent, now: 8_000_000 })).toMatchObject({
      outcome: 'settled',
      missing: [1, 2],
    });
  });

  test('a failed handshake names who was missing', () => {
    const ending = decideEnding({ ...knowledge, started: false, now: 10_000_000, unheard: [2] });
    expect(ending).toMatchObject({
      missing: [2],
      reason: expect.stringContaining('never answered'),
    });
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

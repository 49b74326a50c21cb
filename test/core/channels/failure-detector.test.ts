import { describe, expect, test } from '@jest/globals';
import {
  detecting,
  HEARTBEAT_US,
  TIMEOUT_HEARTBEATS,
} from '../../../core/channels/failure-detector.ts';
import { Kind, Message } from '../../../core/message.ts';
import type { FaultAware, Ordering, Out } from '../../../core/ordering.ts';

const TIMEOUT_US = TIMEOUT_HEARTBEATS * HEARTBEAT_US;

/** Notes what it is told, and multicasts what it is given. */
class Witness implements FaultAware {
  deadline = Infinity;
  readonly held = 0;
  readonly told: string[] = [];
  readonly out: Out;

  constructor(out: Out) {
    this.out = out;
  }

  multicast(_now: number, message: Message): void {
    this.out.multicast(message);
  }

  receive(now: number, from: number, message: Message): void {
    this.told.push(`${now} receive ${from} kind ${message.kind}`);
  }

  advance(now: number): void {
    this.told.push(`${now} advance`);
    this.deadline = Infinity;
  }

  suspect(now: number, member: number): void {
    this.told.push(`${now} suspect ${member}`);
  }

  trust(now: number, member: number): void {
    this.told.push(`${now} trust ${member}`);
  }
}

const heartbeatOf = (member: number): Message => new Message(Kind.heartbeat, member, 0);
const data = new Message(Kind.data, 0, 0);

interface Bench {
  readonly detector: Ordering;
  readonly witness: Witness;
  /** `to kind`, in the order of sending. */
  readonly sent: string[];
}

function createBench(size: number): Bench {
  const sent: string[] = [];
  let witness: Witness | null = null;
  const create = detecting((_group, out) => (witness = new Witness(out)));
  const out: Out = {
    multicast: (message) => {
      for (let to = 1; to < size; to += 1) sent.push(`${to} ${message.kind}`);
    },
    send: (to, message) => sent.push(`${to} ${message.kind}`),
    deliver: () => undefined,
  };
  const detector = create({ self: 0, size, random: () => 0 }, out);
  expect(detector.deadline).toBe(Infinity);
  detector.receive(0, 1, heartbeatOf(1));
  return { detector, witness: witness!, sent };
}

/** Calls `advance` whenever it is due, from `from` to `until`; `heard` are heard all the time. */
function idle(
  { detector }: Bench,
  from: number,
  until: number,
  heard: readonly number[] = [],
): void {
  for (let now = from; now <= until; now += HEARTBEAT_US / 2) {
    for (const member of heard) detector.receive(now, member, heartbeatOf(member));
    if (detector.deadline <= now) detector.advance(now);
  }
}

describe('the failure detector', () => {
  test('beats to everyone when there is nothing else to send', () => {
    const bench = createBench(3);
    idle(bench, 0, 2 * HEARTBEAT_US, [1, 2]);
    expect(bench.sent).toEqual(['1 3', '2 3', '1 3', '2 3', '1 3', '2 3']);
  });

  test('does not beat to those who were sent something else', () => {
    const bench = createBench(3);
    idle(bench, 0, 0, [1, 2]);
    bench.sent.length = 0;
    bench.detector.multicast(HEARTBEAT_US - 1, data);
    idle(bench, HEARTBEAT_US, HEARTBEAT_US, [1, 2]);
    expect(bench.sent).toEqual(['1 1', '2 1']);
    // What is sent in a call is sent at its time.
    bench.detector.receive(HEARTBEAT_US + 1, 1, heartbeatOf(1));
    bench.witness.out.send(2, data);
    idle(bench, 2 * HEARTBEAT_US, 2 * HEARTBEAT_US, [1, 2]);
    expect(bench.sent.slice(2)).toEqual(['2 1', '1 3']);
  });

  test('suspects who is silent for longer than the timeout, and only that one', () => {
    const bench = createBench(3);
    idle(bench, 0, TIMEOUT_US, [2]);
    expect(bench.witness.told).toEqual([]);
    idle(bench, TIMEOUT_US + HEARTBEAT_US, 5 * TIMEOUT_US, [2]);
    expect(bench.witness.told).toEqual([`${TIMEOUT_US + HEARTBEAT_US} suspect 1`]);
  });

  test.each([
    [16, 1],
    [17, 4],
    [32, 4],
    [39, 4],
    [48, 6],
    [64, 8],
    [256, 8],
    [1_000, 32],
  ])('in a group of %i beats %i times more slowly, and is as much more patient', (size, times) => {
    const bench = createBench(size);
    const others = Array.from({ length: size - 2 }, (_, index) => index + 2);
    const slow = times * HEARTBEAT_US;
    for (let now = 0; now < 10 * slow; now += slow / 2) {
      for (const member of others) bench.detector.receive(now, member, heartbeatOf(member));
      if (bench.detector.deadline <= now) bench.detector.advance(now);
    }
    expect(bench.sent.length).toBe(10 * (size - 1));
    expect(bench.witness.told).toEqual([`${9 * slow} suspect 1`]);
  });

  test('takes anything for a sign of life, and hands on all but heartbeats', () => {
    const bench = createBench(2);
    for (let now = 0; now <= 3 * TIMEOUT_US; now += TIMEOUT_US / 2) {
      bench.detector.receive(now, 1, new Message(Kind.linkAck, 1, 0));
      idle(bench, now, now + TIMEOUT_US / 2);
    }
    expect(bench.witness.told.every((line) => line.endsWith('receive 1 kind 2'))).toBe(true);
    expect(bench.witness.told.length).toBe(7);
  });

  test('trusts who is heard again before it hands on what was heard, and then waits longer', () => {
    const bench = createBench(2);
    idle(bench, 0, 2 * TIMEOUT_US);
    const at = 2 * TIMEOUT_US + 1;
    bench.detector.receive(at, 1, data);
    expect(bench.witness.told.slice(1)).toEqual([`${at} trust 1`, `${at} receive 1 kind 1`]);
    bench.witness.told.length = 0;
    idle(bench, at, at + 2 * TIMEOUT_US - HEARTBEAT_US);
    expect(bench.witness.told).toEqual([]);
    idle(bench, at + 2 * TIMEOUT_US, at + 3 * TIMEOUT_US);
    expect(bench.witness.told).toEqual([expect.stringContaining('suspect 1')]);
  });

  test('its timeout stops growing: a crash is always noticed', () => {
    const bench = createBench(2);
    let now = 0;
    for (let time = 0; time < 10; time += 1) {
      idle(bench, now, now + 20 * TIMEOUT_US);
      now += 20 * TIMEOUT_US + 1;
      bench.detector.receive(now, 1, heartbeatOf(1));
    }
    const suspicions = bench.witness.told.filter((line) => line.includes('suspect'));
    expect(suspicions.length).toBe(10);
  });

  test('who was stopped itself suspects nobody for it, but itself', () => {
    const bench = createBench(3);
    idle(bench, 0, HEARTBEAT_US, [1, 2]);
    const resumed = HEARTBEAT_US + 4 * TIMEOUT_US;
    bench.detector.receive(resumed, 1, data);
    expect(bench.witness.told).toEqual([
      `${resumed} suspect 0`,
      `${resumed} trust 0`,
      `${resumed} receive 1 kind 1`,
    ]);
    idle(bench, resumed, resumed + TIMEOUT_US - HEARTBEAT_US);
    expect(bench.witness.told.length).toBe(3);
  });

  test('hands on time: the inner deadline counts as well', () => {
    const bench = createBench(2);
    idle(bench, 0, 0, [1]);
    bench.witness.deadline = 7;
    expect(bench.detector.deadline).toBe(7);
    bench.detector.advance(7);
    expect(bench.witness.told).toEqual(['7 advance']);
    expect(bench.detector.deadline).toBe(HEARTBEAT_US);
  });
});

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { drawLatencyUnderLoad } from '../../../charts/bench/latency-under-load.ts';
import {
  intervalUsMaxFor,
  wasReached,
  messagesForLoad,
  secondsMaxFor,
  perSecondOf,
  type LoadFigures,
} from '../../../cli/bench/loads.ts';
import { BenchGroup } from '../../../cli/bench/measure-load.ts';
import { MemberProcesses } from '../../../cli/bench/member-processes.ts';
import { OpenLoop } from '../../../cli/bench/open-loop.ts';
import { describeFigures, renderLoads } from '../../../cli/bench/render-loads.ts';
import { residentMiBMaxOf } from '../../../cli/bench/resident-memory.ts';
import { runHere } from '../../support/run-command.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const FIGURES: LoadFigures = {
  offeredPerSecond: 1_000,
  goodputPerSecond: 990,
  ownP50Ms: 1,
  ownP99Ms: 2.5,
  cpuUsPerDelivery: 3,
  missing: 0,
  orders: 1,
  isShortened: false,
};
const RUN_MS_MAX = 60_000;
const folder = temporaryDirectory();

const bench = (...words: string[]) => runHere('bench', ...words);

describe('what is offered', () => {
  test('is a pause for each member, whose mean gives the rate of all', () => {
    expect(intervalUsMaxFor(1_000, 4)).toBe(8_000);
    expect(perSecondOf(8_000, 4)).toBe(1_000);
    expect(intervalUsMaxFor(1e9, 4)).toBe(2);
  });

  test('takes its time, with messages enough to say anything and no more than memory holds', () => {
    expect(messagesForLoad(10_000, 4, 2, 1_000_000)).toBe(5_000);
    expect(messagesForLoad(1, 4, 2, 1_000_000)).toBe(10);
    expect(messagesForLoad(1e9, 4, 2, 1_000_000)).toBe(1_000_000);
  });

  test('has time for the few messages of a low rate', () => {
    expect(secondsMaxFor(3, 5_000, 1_200)).toBe(15);
    expect(secondsMaxFor(1, 1_000, 0)).toBe(10);
    // Ten messages of each of two members at one multicast a second of both take 20 s.
    expect(secondsMaxFor(1, 10, intervalUsMaxFor(1, 2))).toBe(100);
  });

  test('was reached when nearly all of it was delivered', () => {
    expect(wasReached(FIGURES)).toBe(true);
    expect(wasReached({ ...FIGURES, goodputPerSecond: 940 })).toBe(false);
    expect(wasReached({ ...FIGURES, offeredPerSecond: null, goodputPerSecond: 1 })).toBe(true);
  });
});

test('an open loop makes up for what was due meanwhile, and knows when it was due', () => {
  const loop = new OpenLoop(3, { min: 10, max: 10 }, 1, 0);
  loop.start(0);
  const due: number[] = [];
  while (!loop.sentAll) {
    due.push(loop.nextAt);
    loop.advance(5_000_000);
  }
  expect(due).toEqual([10, 20, 30]);
  expect([0, 1, 2].map((sequence) => loop.dueAt(sequence))).toEqual(due);
  expect(loop.pace.behindMs).toBe(0);
});

test('an open loop multicasts together what is due within two milliseconds', () => {
  const loop = new OpenLoop(1_000, { min: 300, max: 300 }, 1, 0);
  loop.start(0);
  const bursts: number[] = [];
  for (let now = 0; !loop.sentAll; now += 10) {
    const before = loop.next;
    while (loop.nextAt <= now) loop.advance(now);
    if (loop.next > before) bursts.push(loop.next - before);
  }
  // The first was due alone; then six or seven are due in each two milliseconds, and none is late by more.
  expect(bursts[0]).toBe(1);
  expect(new Set(bursts.slice(1, -1))).toEqual(new Set([6, 7]));
  expect(loop.dueAt(999)).toBe(300 * 1_000);
});

test('the table has the peak first, and says which loads were not reached', () => {
  const peak = { ...FIGURES, offeredPerSecond: null, goodputPerSecond: 2_000 };
  const over = { ...FIGURES, offeredPerSecond: 4_000, goodputPerSecond: 1_900 };
  const rows = renderLoads(peak, [FIGURES, over]).split('\n');
  expect(rows[1]).toMatch(/all +2,000 +1\.0 +2\.5/);
  expect(rows[2]).toMatch(/1,000 +0\.50 +990 +yes/);
  expect(rows[3]).toMatch(/4,000 +2\.00 +1,900 +no/);
  expect(renderLoads(null, [FIGURES]).split('\n')[1]).toMatch(/1,000 +990 +yes/);
});

test('each load is told as soon as it is through, with what is missing', () => {
  expect(describeFigures(FIGURES)).toBe(
    '  990 delivered a second; own deliveries after 1.0 ms, 99 % within 2.5 ms',
  );
  expect(describeFigures({ ...FIGURES, missing: 1_200 })).toMatch(/; 1,200 missing$/);
  expect(describeFigures({ ...FIGURES, isShortened: true })).toMatch(/; shorter than --seconds/);
});

test('where nothing was measured there is no time of 0 ms', () => {
  const nothing = { ...FIGURES, goodputPerSecond: 0, ownP50Ms: null, ownP99Ms: null };
  expect(describeFigures(nothing)).toBe('  0 delivered a second; no own deliveries');
  expect(renderLoads(null, [nothing]).split('\n')[1]).toMatch(/^ +1,000 +0 +no +3\.00 +0$/);
});

test('the memory of a process is the most that itself had, where the system tells', () => {
  const told = residentMiBMaxOf('self');
  expect(told).toBeGreaterThan(existsSync('/proc/self/status') ? 10 : -1);
  expect(residentMiBMaxOf(0)).toBe(0);
});

test('the curve has a panel for each kind of ordering, and names each', async () => {
  const point = { offeredPerSecond: 1_000, goodputPerSecond: 990, latencyMs: 2.5 };
  const points = ['unordered', 'ring'].flatMap((ordering) => [
    { ordering, ...point },
    { ordering, offeredPerSecond: 4_000, goodputPerSecond: 1_900, latencyMs: 900 },
  ]);
  const words = { members: 4, payloadBytes: 64, seconds: 2, source: 'a box' };
  const svg = await drawLatencyUnderLoad(points, words);
  for (const text of ['no total order', 'members agree', 'unordered', 'ring', 'a box']) {
    expect(svg).toContain(`${text}<`);
  }
  expect(svg).not.toContain('one member decides');
});

describe('mpcomm bench', () => {
  test(
    'measures real members, and draws them',
    async () => {
      const file = join(folder, 'curve.svg');
      const words = ['2', '--orderings', 'lamport', '--seconds', '0.2', '--rates', '2000'];
      const { text, notes, status } = await bench(...words, '--json', '--svg', file);
      expect(status).toBe(0);
      expect(notes).toMatch(/2,000 multicasts a second …\n +[\d,]+ delivered a second; own/);
      const { measured } = JSON.parse(text) as {
        measured: { ordering: string; peak: LoadFigures | null; loads: LoadFigures[] }[];
      };
      expect(measured.map(({ ordering }) => ordering)).toEqual(['lamport']);
      expect(measured[0]!.peak).toBeNull();
      expect(measured[0]!.loads).toMatchObject([
        { offeredPerSecond: 2_000, missing: 0, orders: 1 },
      ]);
      expect(measured[0]!.loads[0]!.ownP99Ms).toBeGreaterThan(0);
      expect(readFileSync(file, 'utf8')).toContain('lamport');
    },
    RUN_MS_MAX,
  );

  test('says what is allowed', async () => {
    await expect(bench('--orderings', 'best')).rejects.toThrow('Allowed: unordered, ');
    await expect(bench('--loads', '0.5', '--rates', '5')).rejects.toThrow('give one of them');
    await expect(bench('--svg', 'no/such/folder/x.svg')).rejects.toThrow(
      'no/such/folder/x.svg cannot be written: nothing can be created there',
    );
    await expect(bench('65')).rejects.toThrow('from 2 to 64');
  });

  test('ends its members when it is interrupted', async () => {
    const signal = AbortSignal.abort(new Error('ended by SIGINT'));
    const rules = { members: 2, payloadBytes: 0, datagramBytes: 1_200, seconds: 1, signal };
    await expect(new BenchGroup('fifo', rules).measureLoad(10)).rejects.toThrow('ended by SIGINT');
  });
});

describe('processes that serve one run after another', () => {
  const { signal } = new AbortController();

  /** A member whose figures tell its process and the ports, and that quits when its task says so. */
  const MEMBER = join(folder, 'member.js');
  writeFileSync(
    MEMBER,
    `let quits;
     process.on('message', ({ task, ports }) => {
       if (task) quits = task.quits;
       if (quits === (task ? 'early' : 'late')) process.exit(3);
       if (task) process.send({ port: task.self });
       else process.send({ figures: { deliveries: process.pid, ports } });
     });`,
  );

  test(
    'are the same in each, and are told the ports of all',
    async () => {
      const processes = new MemberProcesses(MEMBER, signal);
      const tasks = [{ self: 7 }, { self: 8 }];
      const first = await processes.run(tasks, 1);
      expect(first).toMatchObject([{ ports: [7, 8] }, { ports: [7, 8] }]);
      expect(await processes.run(tasks, 1)).toEqual(first);
      expect(await processes.run([{ self: 9 }], 1)).toMatchObject([{ ports: [9] }]);
      processes.end();
    },
    RUN_MS_MAX,
  );

  test(
    'name one that ends before its time, and are new after that',
    async () => {
      const processes = new MemberProcesses(MEMBER, signal);
      const [before] = await processes.run([{ self: 0 }], 1);
      const early = processes.run([{ self: 0, quits: 'early' }], 1);
      await expect(early).rejects.toThrow('member 0 did not start');
      const late = processes.run([{ self: 0, quits: 'late' }], 1);
      await expect(late).rejects.toThrow('member 0 ended before it said what it delivered');
      const [after] = await processes.run([{ self: 0 }], 1);
      expect(after!.deliveries).not.toBe(before!.deliveries);
      processes.end();
    },
    RUN_MS_MAX,
  );
});

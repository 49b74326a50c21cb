import { describe, expect, test } from '@jest/globals';
import { NO_FIGURES, type MemberFigures } from '../../cli/bench/member-figures.ts';
import { summariseFigures, type RunFigures } from '../../bench/peers/figures.ts';
import { missingPart } from '../../bench/peers/installed.ts';
import { interleave, messagesFor } from '../../bench/peers/interleave.ts';
import { renderSystems } from '../../bench/peers/render-systems.ts';
import { runSpokenMembers } from '../../bench/peers/spoken-members.ts';
import type { Load, System } from '../../bench/peers/system.ts';
import { drawSystems } from '../../charts/bench/systems-side-by-side.ts';

const FIGURES: MemberFigures = {
  ...NO_FIGURES,
  deliveries: 100,
  perSecond: 1_000,
  orderHash: 'a',
  cpuUs: 50,
};

describe('the figures of a run', () => {
  test('are the medians of its members, with the time of what serves them all', () => {
    const members = [FIGURES, { ...FIGURES, perSecond: 3_000 }];
    expect(summariseFigures('x', members, 200, 4, 100)).toMatchObject({
      perSecond: 2_000,
      cpuUsPerDelivery: 1,
      orders: 1,
      missing: 0,
      datagramsPerDelivery: null,
      bufferErrors: 4,
    });
  });

  test('tell members that delivered in another order, or said nothing', () => {
    const members = [FIGURES, { ...FIGURES, orderHash: 'b' }, NO_FIGURES];
    expect(summariseFigures('x', members, 300, 0)).toMatchObject({ orders: 3, missing: 100 });
  });
});

test('what is not there is named with what installs it', () => {
  const parts = [
    { file: 'redis-server', package: 'redis-server' },
    { file: 'gcc', package: 'gcc' },
  ];
  expect(missingPart(parts, ({ file }) => file)).toBeNull();
  expect(missingPart(parts, ({ file }) => (file === 'gcc' ? null : file))).toBe(
    'no gcc here; apt-get install gcc',
  );
});

test('a run gets the messages that it delivers in its time, within bounds', () => {
  expect(messagesFor(40_000, 4, 3)).toBe(30_000);
  expect(messagesFor(1, 4, 3)).toBe(500);
  expect(messagesFor(1e12, 4, 3)).toBe(4_000_000);
});

describe('systems in turns', () => {
  const asked: [string, number][] = [];
  const systemOf = (name: string, perSecond: number): System => ({
    name,
    description: name,
    run: (load: Load) => {
      asked.push([name, load.messages]);
      return perSecond === 0
        ? Promise.reject(new Error('no daemon answers'))
        : Promise.resolve(runOf(name, perSecond));
    },
  });
  const runOf = (name: string, perSecond: number): RunFigures =>
    summariseFigures(name, [{ ...FIGURES, perSecond }], 100, 0);

  test('run one after the other; one that fails is left out, and the table says so', async () => {
    const systems = [systemOf('bare', 40_000), systemOf('broken', 0), systemOf('slow', 10_000)];
    const notes: string[] = [];
    const load = { members: 4, payloadBytes: 64, seconds: 3 };
    const measured = await interleave(systems, load, 2, (text) => notes.push(text));
    expect(asked).toEqual([
      ['bare', 3_000],
      ['broken', 3_000],
      ['slow', 3_000],
      // The second run of each is not counted either.
      ...Array.from({ length: 3 }, () => [
        ['bare', 30_000],
        ['slow', 7_500],
      ]).flat(),
    ]);
    expect(measured.map(({ runs }) => runs.length)).toEqual([2, 0, 2]);
    expect(notes).toContain('broken failed: no daemon answers');
    const rows = renderSystems(measured).split('\n');
    expect(rows[1]).toMatch(/^bare +40,000 +40,000\.\.40,000 +1\.00 /);
    expect(rows[2]).toMatch(/^broken +failed$/);
    expect(rows[3]).toMatch(/^slow +10,000 .* 0\.25 /);
  });
});

describe('members that speak by lines', () => {
  const load: Load = { members: 2, messages: 10, payloadBytes: 8, secondsMax: 5 };
  const systemOf = (program: string) => ({
    name: 'spoken',
    command: (_: number, shared: readonly string[]) => [
      process.execPath,
      '-e',
      program,
      '--',
      ...shared,
    ],
    servers: [],
    networkOf: 'self' as const,
  });

  test('are started once all are ready, and their figures are read', async () => {
    const program = `
      console.log('up\\nready');
      process.stdin.once('data', () => {
        const [, , messages] = process.argv.slice(1).map(Number);
        console.log(JSON.stringify({ deliveries: 2 * messages, perSecond: 7, orderHash: 'a' }));
      });`;
    expect(await runSpokenMembers(systemOf(program), load)).toMatchObject({
      system: 'spoken',
      perSecond: 7,
      orders: 1,
      missing: 0,
    });
  });

  test('are named with what they said when one ends too early', async () => {
    const program = `console.error('no jar'); process.exit(1);`;
    await expect(runSpokenMembers(systemOf(program), load)).rejects.toThrow(
      'spoken, member 0, was to say "ready" and ended: no jar',
    );
  });
});

test('the chart names every system, the fastest first', async () => {
  const row = { low: 1_000, high: 3_000, median: 2_000 };
  const rows = [
    { name: 'slow', ...row },
    { name: 'fast', ...row, median: 2_500 },
  ];
  const svg = await drawSystems(rows, { peers: 4, payloadBytes: 64, rounds: 3, source: 'a box' });
  expect(svg.indexOf('>fast<')).toBeGreaterThan(0);
  expect(svg.indexOf('>slow<')).toBeGreaterThan(svg.indexOf('>fast<'));
  expect(svg).toContain('a box');
});

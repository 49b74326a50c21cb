import { describe, expect, test } from '@jest/globals';
import { NO_FIGURES, type MemberFigures } from '../../cli/bench/member-figures.ts';
import { summariseFigures, type RunFigures } from '../../bench/peers/figures.ts';
import { missingPart } from '../../bench/peers/installed.ts';
import { interleave, messagesFor } from '../../bench/peers/interleave.ts';
import { renderSystems, spreadOf } from '../../bench/peers/render-systems.ts';
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

test('members that measure no times have none, not 0', () => {
  const timed = { ...FIGURES, ownP50Ms: 2, ownP99Ms: 7.5 };
  expect(summariseFigures('x', [FIGURES], 100, 0)).toMatchObject({
    ownP50Ms: null,
    ownP99Ms: null,
  });
  const figures = summariseFigures('x', [FIGURES, timed, { ...timed, ownP99Ms: 9 }], 300, 0);
  expect(figures).toMatchObject({ ownP50Ms: 2, ownP99Ms: 9 });
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

  test('begin with fewer messages the more members there are, as each delivers those of all', async () => {
    const first: number[] = [];
    const system: System = {
      name: 'bare',
      description: '',
      run: ({ members, messages }) => {
        first.push(members * messages);
        return Promise.reject(new Error('one run is enough'));
      },
    };
    for (const members of [2, 4, 64]) {
      await interleave([system], { members, payloadBytes: 64, seconds: 3 }, 1, () => undefined);
    }
    expect(first).toEqual([12_000, 12_000, 12_032]);
  });

  test('that stand still say nothing of how long the next run has to be', async () => {
    const messages: number[] = [];
    const rates = [40_000, 8, 20_000, 16, 40_000];
    const system: System = {
      name: 'bare',
      description: '',
      run: (load) => {
        messages.push(load.messages);
        const perSecond = rates[messages.length - 1]!;
        const expected = perSecond < 100 ? 200 : 100;
        return Promise.resolve(summariseFigures('bare', [{ ...FIGURES, perSecond }], expected, 0));
      },
    };
    const load = { members: 4, payloadBytes: 64, seconds: 3 };
    const [measured] = await interleave([system], load, 3, () => undefined);
    expect(messages).toEqual([3_000, 30_000, 30_000, 15_000, 15_000]);
    expect(spreadOf(measured!)).toEqual({
      name: 'bare',
      median: 30_000,
      low: 20_000,
      high: 40_000,
    });
  });

  test('that a member may not make as long as they were to be are named', async () => {
    const notes: string[] = [];
    const load = { members: 2, payloadBytes: 8, seconds: 60 };
    await interleave([systemOf('quick', 1e9)], load, 1, (text) => notes.push(text));
    expect(notes.at(-1)).toBe(
      'quick: shorter than 60 s, since a member multicasts 4,000,000 messages at most',
    );
  });
});

describe('the table', () => {
  const runOf = (perSecond: number, missing = 0): RunFigures =>
    summariseFigures('x', [{ ...FIGURES, perSecond, ownP50Ms: perSecond }], 100 + missing, 0);
  const measuredOf = (name: string, ...runs: RunFigures[]) => ({
    name,
    description: name,
    runs,
    failure: null,
  });

  test('leaves out runs that stood still, and says how many did', () => {
    const bare = measuredOf('bare', runOf(1_000), runOf(10, 5), runOf(1_000));
    const fifo = measuredOf('fifo', runOf(500), runOf(800), runOf(7, 9));
    const still = measuredOf('still', runOf(3, 1));
    const rows = renderSystems([bare, fifo, still]).split('\n');
    expect(rows[1]).toMatch(/^bare +1,000 +1,000\.\.1,000 +1\.00 +0\.50 +1,000 +1 +1 of 3 +5$/);
    expect(rows[2]).toMatch(/^fifo +650 +500\.\.800 +0\.50 +0\.50 +650 +1 +1 of 3 +9$/);
    expect(rows[3]).toMatch(/^still +1 of 1 +1$/);
  });

  test('compares with the bare prototype in both lengths of its datagrams', () => {
    const systems = [measuredOf('bare', runOf(1_000)), measuredOf('bare-large', runOf(4_000))];
    const rows = renderSystems([...systems, measuredOf('fifo', runOf(2_000))]).split('\n');
    expect(rows[3]).toMatch(/^fifo +2,000 +2,000\.\.2,000 +2\.00 +0\.50 +/);
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

  test('that warm up are ready twice, and what they do first is not counted', async () => {
    const program = `
      console.log('up\\nready');
      let starts = 0;
      process.stdin.on('data', () => {
        starts += 1;
        const figures = { deliveries: 20, perSecond: starts, orderHash: 'a' };
        console.log(starts === 1 ? 'ready' : JSON.stringify(figures));
      });`;
    const system = { ...systemOf(program), warmsUp: true };
    expect(await runSpokenMembers(system, load)).toMatchObject({ perSecond: 2, missing: 0 });
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

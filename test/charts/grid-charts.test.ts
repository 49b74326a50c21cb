import { describe, expect, test } from '@jest/globals';
import { drawGridCharts } from '../../charts/grid-charts.ts';
import { ORDERING_NAMES } from '../../core/orderings/registry.ts';
import { malformedXml } from '../support/malformed-xml.ts';
import { SAMPLE_PUBLISHED, sampleCells } from './sample-cells.ts';

const SOURCE = 'Source: results/2026-01-31-some & more';
const INTERVALS = [
  { min: 10, max: 99 },
  { min: 1, max: 2 },
];

const GRIDS = {
  unordered: sampleCells({ orderings: ['unordered'], peers: [2, 3, 8], messages: [10, 100] }),
  orderings: sampleCells({ orderings: ORDERING_NAMES, peers: [4, 8], messages: [10, 100] }),
  load: sampleCells({
    orderings: ORDERING_NAMES,
    peers: [4],
    messages: [100],
    intervalsMs: INTERVALS,
    runs: 2,
  }),
};

const EXPECTED: [keyof typeof GRIDS, string, string, string][] = [
  ['unordered', 'unordered-share.svg', 'in %', 'n = 10 runs'],
  ['unordered', 'published-and-ours.svg', 'in %', 'n = 10 runs'],
  ['orderings', 'own-latency.svg', 'Milliseconds', 'n = 10 runs'],
  ['orderings', 'messages-per-multicast.svg', 'Messages that leave', 'n = 10 runs'],
  ['load', 'latency-throughput.svg', 'milliseconds', 'n = 2 runs'],
];

describe.each(EXPECTED)('of the grid %s, %s', (grid, name, unit, n) => {
  test('says by itself what it shows: title, units, n and source', async () => {
    const svg = (await drawGridCharts(GRIDS[grid], SAMPLE_PUBLISHED, SOURCE)).get(name)!;
    expect(malformedXml(svg)).toBeNull();
    // Lines are broken in the picture, and what belongs together does not break.
    const texts = [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    const words = texts.join(' ').replaceAll('\u00a0', ' ');
    const title = /<title>([^<]+)<\/title>/.exec(svg)![1]!;
    for (const word of [title, unit, n, 'results/2026-01-31-some &amp; more']) {
      expect(words).toContain(word);
    }
  });

  test('has only finite coordinates, and the same bytes again', async () => {
    const [first, second] = [
      await drawGridCharts(GRIDS[grid], SAMPLE_PUBLISHED, SOURCE),
      await drawGridCharts(GRIDS[grid], SAMPLE_PUBLISHED, SOURCE),
    ];
    expect(first.get(name)).not.toMatch(/NaN|undefined|Infinity/);
    expect(first.get(name)).toBe(second.get(name));
  });

  test('stays finite where a single run was measured, and where a peer reported nothing', async () => {
    const cells = GRIDS[grid].map((cell) => ({
      ...cell,
      runs: [{ ...cell.runs[0]!, messagesPerMulticast: null, ownLatencies: [] }],
    }));
    for (const svg of (await drawGridCharts(cells, SAMPLE_PUBLISHED, SOURCE)).values()) {
      expect(malformedXml(svg)).toBeNull();
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });
});

test('draws nothing of a grid that has nothing to compare', async () => {
  const cells = sampleCells({ orderings: ['fifo'], peers: [4], messages: [10] });
  expect([...(await drawGridCharts(cells, SAMPLE_PUBLISHED, SOURCE)).keys()]).toEqual([]);
  const empty = GRIDS.unordered.map((cell) => ({ ...cell, runs: [] }));
  expect([...(await drawGridCharts(empty, SAMPLE_PUBLISHED, SOURCE)).keys()]).toEqual([]);
});

test('with two peers the published count is 0, and the true figure beside it is not', async () => {
  const charts = await drawGridCharts(GRIDS.unordered, SAMPLE_PUBLISHED, SOURCE);
  const svg = charts.get('published-and-ours.svg')!;
  expect(svg).toContain('two peers that disagree');
  expect(svg).toContain('github.com/VictorGNetto/MPComm');
});

/** The numbers below a picture's axes, with their places. */
function ticksBelow(svg: string): { readonly x: number; readonly tick: number }[] {
  const ticks = svg.matchAll(/translate\(([\d.]+),[\d.]+\)" y="0\.71em">([\d.]+)</g);
  return [...ticks].map(([, x, tick]) => ({ x: Number(x), tick: Number(tick) }));
}

test('eight series stand around the number of peers that they are of', async () => {
  const messages = [10, 20, 30, 40, 50, 60, 70, 80];
  const cells = sampleCells({ orderings: ['unordered'], peers: [2, 4, 6], messages });
  const svg = (await drawGridCharts(cells, SAMPLE_PUBLISHED, SOURCE)).get('unordered-share.svg')!;
  const [first, second] = ticksBelow(svg).map(({ x }) => x);
  const begins = [...svg.matchAll(/<path d="M([\d.]+),[\d.]+L[\d.]+,[\d.]+L/g)].map(([, x]) =>
    Number(x),
  );
  expect(begins).toHaveLength(messages.length);
  const reach = (second! - first!) / 2;
  expect(begins.filter((x) => Math.abs(x - first!) > 0.7 * reach)).toEqual([]);
});

test('of several intervals one is drawn, and named', async () => {
  const shape = { orderings: ['unordered'], peers: [2, 3, 8], messages: [10, 100] };
  const wide = sampleCells({ ...shape, intervalsMs: INTERVALS });
  const charts = await drawGridCharts(wide, SAMPLE_PUBLISHED, SOURCE);
  const alone = await drawGridCharts(sampleCells(shape), SAMPLE_PUBLISHED, SOURCE);
  for (const name of ['unordered-share.svg', 'published-and-ours.svg']) {
    const count = (svg: string) => svg.split('<path').length;
    expect(count(charts.get(name)!)).toBe(count(alone.get(name)!));
    const words = [...charts.get(name)!.matchAll(/>([^<]+)<\/text>/g)].map(([, text]) => text);
    expect(words.join(' ').replaceAll('\u00a0', ' ')).toContain('every 10 to 99 ms');
  }
});

test.each([
  [1.3, 2.6],
  [0.21, 0.4],
  [230, 260],
])('%d to %d multicasts a second have an axis with numbers', async (slow, fast) => {
  const cells = GRIDS.load.map((cell) => ({
    ...cell,
    runs: cell.runs.map((run) => ({
      ...run,
      multicastsPerSecond: cell.intervalMs.max === 99 ? slow : fast,
    })),
  }));
  const svg = (await drawGridCharts(cells, SAMPLE_PUBLISHED, SOURCE)).get(
    'latency-throughput.svg',
  )!;
  expect(ticksBelow(svg).length).toBeGreaterThan(0);
  for (const { tick } of ticksBelow(svg)) {
    expect(tick).toBeGreaterThan(slow / 1.3);
    expect(tick).toBeLessThan(fast * 1.3);
  }
});

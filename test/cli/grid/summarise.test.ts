import { describe, expect, test } from '@jest/globals';
import { renderGridProgress, describeDuration } from '../../../cli/grid/grid-display.ts';
import { markdownTable, meanAndDeviation } from '../../../cli/grid/markdown.ts';
import { measuredCells, summarise } from '../../../cli/grid/summarise.ts';
import { SAMPLE_PUBLISHED } from '../../charts/sample-cells.ts';
import { recordOf, sampleParameters } from './sample-grid.ts';

const PARAMETERS = sampleParameters();
const CELLS = PARAMETERS.cells.map(({ deadlineMs: _deadlineMs, ...cell }) => cell);
const DATA = {
  parameters: PARAMETERS,
  runs: CELLS.flatMap((cell) => [recordOf(cell, 1), recordOf(cell, 0)]),
  failures: [
    {
      cell: { ...CELLS[3]!, run: 1 },
      atMs: 1,
      reason: 'peer-2 left no report',
      cause: 'failed' as const,
      comparison: null,
    },
  ],
};

test('cells keep their order, have their failures beside them, and count no run twice', () => {
  const twice = { ...DATA, runs: [...DATA.runs, recordOf(CELLS[0]!, 0)] };
  const cells = measuredCells(twice);
  expect(
    cells.map(({ ordering, peers, runs, failed }) => [ordering, peers, runs.length, failed]),
  ).toEqual([
    ['unordered', 2, 2, 0],
    ['unordered', 3, 2, 0],
    ['fifo', 2, 2, 0],
    ['fifo', 3, 2, 1],
  ]);
});

describe('the summary', () => {
  test('as CSV has one line a cell, every field of it filled', async () => {
    const csv = (await summarise('2026-01-31-sample', DATA, SAMPLE_PUBLISHED)).get('summary.csv')!;
    const [heading, ...lines] = csv
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    expect(lines).toHaveLength(4);
    const value = (name: string): string[] => lines.map((line) => line[heading!.indexOf(name)]!);
    expect(value('ordering')).toEqual(['unordered', 'unordered', 'fifo', 'fifo']);
    expect(value('failed_runs')).toEqual(['0', '0', '0', '1']);
    expect(value('published_count_mean')).toEqual(['7', '7', '7', '7']);
    expect(value('published_count_sd')).toEqual(['0', '0', '0', '0']);
    expect(value('unordered_share_percent_mean')).toEqual(['120', '80', '120', '80']);
    expect(lines.every((line) => line.length === heading!.length)).toBe(true);
    expect(lines.flat()).not.toContain('');
  });

  test('tells the losses as they were asked for', async () => {
    const { parameters } = DATA;
    const network = { ...parameters.network, loss: 0.07 };
    const data = { ...DATA, parameters: { ...parameters, network } };
    const text = [...(await summarise('2026-01-31-sample', data, SAMPLE_PUBLISHED)).values()].join(
      '',
    );
    expect(text.match(/[\d.]+ % of datagrams/g)).toContain('7 % of datagrams');
    expect(text).not.toContain('7.0000');
  });

  test('for a person has the published numbers beside ours, and what went wrong', async () => {
    const files = await summarise('2026-01-31-sample', DATA, SAMPLE_PUBLISHED);
    const text = files.get('summary.md')!;
    expect(text).toContain('# 2026-01-31-sample\n\n8 of 8 runs: 4 cells of 2.');
    expect(text).toContain('| unordered | 3 | 80.0 ± 0.0 |');
    expect(text).toContain('| 2 | 10 | 0.0 ± 0.0 | 7.0 ± 0.0 | 9 | 24.0 ± 0.0 | 20 |');
    expect(text).toContain('never compares the log that arrived last');
    expect(text).toContain('- fifo, 3 peers x 10, 10-99 ms: 1 failed run, kept');
    expect(text).toContain('- peer-2 left no report');
    expect(text).toContain(PARAMETERS.command);
    for (const [, name] of text.matchAll(/\]\(([^)]+\.svg)\)/g)) {
      expect(files.has(name!)).toBe(true);
    }
  });

  test('of a grid that has only begun says what is missing', async () => {
    const begun = { ...DATA, runs: DATA.runs.slice(0, 1), failures: [] };
    const text = (await summarise('begun', begun, SAMPLE_PUBLISHED)).get('summary.md')!;
    expect(text).toContain('1 of 8 runs');
    expect(text).toContain('- unordered, 2 peers x 10, 10-99 ms: 1 of 2 runs are missing');
    expect(text).not.toMatch(/NaN|undefined|Infinity/);
    const empty = await summarise('none', { ...begun, runs: [] }, SAMPLE_PUBLISHED);
    expect(empty.get('summary.md')).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('is the same again', async () => {
    const first = await summarise('2026-01-31-sample', DATA, SAMPLE_PUBLISHED);
    const shuffled = { ...DATA, runs: [...DATA.runs].reverse() };
    expect(await summarise('2026-01-31-sample', shuffled, SAMPLE_PUBLISHED)).toEqual(first);
  });
});

test('tables and numbers in Markdown', () => {
  expect(markdownTable(['a', 'b'], [['x', '1']])).toBe('| a | b |\n| --- | ---: |\n| x | 1 |');
  expect(meanAndDeviation({ mean: 98.14, standardDeviation: 1.25 })).toBe('98.1 ± 1.3');
  expect(meanAndDeviation({ mean: 98.14, standardDeviation: null })).toBe('98.1');
  expect(meanAndDeviation(null)).toBe('–');
});

test('progress says how much is left, and what is measured now', () => {
  const now = 'fifo, 8 peers x 100, 10-99 ms: run 3 of 10';
  const progress = { done: 37, wanted: 1_500, failed: 0, remainingMs: 61_000, now };
  expect(renderGridProgress(progress)).toBe(`37 of 1,500 runs, about 61 s left; ${now}`);
  expect(renderGridProgress({ ...progress, failed: 2 })).toContain('runs, 2 failed, about');
  expect([1, 400_000, 5_000_000, 7_200_000].map(describeDuration)).toEqual([
    'about 1 s',
    'about 7 min',
    'about 84 min',
    'about 2 h 0 min',
  ]);
});

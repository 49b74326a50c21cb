import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Comparison } from '../../../control/comparison-document.ts';
import { Failure } from '../../../cli/shell/failure.ts';
import type { RunBody } from '../../../cli/site/functions-client.ts';
import { foldersNamed, GridDirectory } from '../../../cli/grid/grid-directory.ts';
import {
  measureGrid,
  statesOf,
  type GridProgress,
  type GridSite,
} from '../../../cli/grid/measure-grid.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { comparisonOf, recordOf, sampleParameters } from './sample-grid.ts';

const ROOT = temporaryDirectory();
const PARAMETERS = sampleParameters();
const [CELL] = PARAMETERS.cells.map(({ deadlineMs: _deadlineMs, ...cell }) => cell);

let count = 0;
let directory: GridDirectory;

beforeEach(async () => {
  count += 1;
  directory = new GridDirectory(join(ROOT, `2026-01-31-grid-${count}`));
  await directory.create(PARAMETERS);
});

/** Measures with `execute` in place of a laboratory; gives what was asked for, shown and noted. */
async function measure(
  execute: (body: RunBody, turn: number) => Promise<Comparison>,
  more: Partial<GridSite> = {},
) {
  const asked: RunBody[] = [];
  const shown: GridProgress[] = [];
  const notes: string[] = [];
  const site = {
    run: (body: RunBody, show: () => void) => {
      show();
      asked.push(body);
      return execute(body, asked.length);
    },
    signal: new AbortController().signal,
    failurePauseMs: 0,
    ...more,
  };
  const stuck = await measureGrid(site, directory, (await directory.read())!, {
    show: (progress) => shown.push(progress),
    note: (text) => notes.push(text),
  });
  return { asked, shown, notes, stuck, data: (await directory.read())! };
}

const succeed = ({ ordering, peers, messages, seed }: RunBody): Promise<Comparison> =>
  Promise.resolve(comparisonOf({ ordering: ordering!, peers, messages }, seed!));

describe('measureGrid', () => {
  test('measures every run once, with its seed and its zones, and keeps each', async () => {
    const { asked, shown, stuck, data } = await measure(succeed);
    expect(asked).toHaveLength(8);
    expect(asked.slice(0, 5).map(({ ordering, peers, seed }) => [ordering, peers, seed])).toEqual([
      ['unordered', 2, 7],
      ['unordered', 3, 7],
      ['fifo', 2, 7],
      ['fifo', 3, 7],
      ['unordered', 2, 8],
    ]);
    expect(asked[1]!.zones).toEqual(PARAMETERS.zones['3']);
    expect(stuck).toEqual([]);
    expect(data.runs).toHaveLength(8);
    expect(statesOf(data).every(({ done }) => done.size === 2)).toBe(true);
    expect(shown.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(shown[0]).toMatchObject({
      wanted: 8,
      now: 'unordered, 2 peers x 10, 10-99 ms: run 1 of 2',
    });
  });

  test('goes on where it was interrupted, and does no run twice', async () => {
    await expect(
      measure((body, turn) => (turn > 3 ? Promise.reject(new Error('ended')) : succeed(body))),
    ).rejects.toThrow('ended');
    const { asked, data } = await measure(succeed);
    expect(asked).toHaveLength(5);
    expect(data.runs).toHaveLength(8);
  });

  test('tells runs that lost a machine from those that failed, and bears more of them', async () => {
    const { stuck, data } = await measure(
      (body, turn) => (turn <= 6 ? Promise.reject(new Failure('peer-1 is gone')) : succeed(body)),
      { taken: () => Promise.resolve('Google took the Spot machine of peer-1 away') },
    );
    expect(stuck).toEqual([]);
    expect(data.runs).toHaveLength(8);
    expect(data.failures).toHaveLength(6);
    expect(data.failures[0]).toMatchObject({
      cause: 'preempted',
      reason: 'peer-1 is gone. Google took the Spot machine of peer-1 away',
    });
  });

  test('ends, rather than burning through its runs, when the peers do not come back', async () => {
    const ready = (zones: readonly string[]) =>
      zones.length === 3 ? Promise.reject(new Failure('no live peer')) : Promise.resolve();
    await expect(measure(succeed, { ready })).rejects.toThrow('no live peer');
    expect((await directory.read())!.failures).toEqual([]);
  });

  test('keeps failed runs apart, and does them again with the same seed', async () => {
    const { asked, data, notes } = await measure((body, turn) =>
      turn === 2 ? Promise.reject(new Failure('nobody answered')) : succeed(body),
    );
    expect(asked).toHaveLength(9);
    expect([asked[1]!.seed, asked[2]!.seed]).toEqual([7, 7]);
    expect(data.runs).toHaveLength(8);
    expect(data.failures).toMatchObject([
      {
        cell: { ordering: 'unordered', peers: 3, run: 0 },
        reason: 'nobody answered',
        comparison: null,
      },
    ]);
    expect(notes).toEqual([
      'unordered, 3 peers x 10, 10-99 ms, run 1 of 2 failed: nobody answered.',
    ]);
  });

  test('gives a cell up after so many failures, names it, and does the others', async () => {
    const { asked, data, notes, stuck } = await measure((body) =>
      body.ordering === 'fifo' && body.peers === 2 ? succeed({ ...body, seed: 99 }) : succeed(body),
    );
    expect(stuck).toEqual(['fifo, 2 peers x 10, 10-99 ms']);
    expect(data.failures).toHaveLength(PARAMETERS.measured.failuresMax);
    expect(data.failures[0]!.comparison).not.toBeNull();
    expect(data.runs).toHaveLength(6);
    expect(asked).toHaveLength(6 + PARAMETERS.measured.failuresMax);
    expect(notes.at(-1)).toContain('gives up after 5 failed runs');
  });
});

describe('GridDirectory', () => {
  test('cuts off a half-written last line, once, and keeps the whole ones', async () => {
    await directory.appendRun(recordOf(CELL!, 0));
    const file = join(directory.path, 'runs.ndjson');
    const whole = readFileSync(file, 'utf8');
    appendFileSync(file, '{"cell":{"ordering":"unord\u00e9');
    expect((await directory.read())!.runs).toHaveLength(1);
    expect(await directory.repair()).toEqual(['runs.ndjson']);
    expect(readFileSync(file, 'utf8')).toBe(whole);
    expect(await directory.repair()).toEqual([]);
    await directory.appendRun(recordOf(CELL!, 1));
    expect((await directory.read())!.runs.map(({ cell }) => cell.run)).toEqual([0, 1]);
  });

  test('keeps a whole last line of which an editor took the end, and gives it back', async () => {
    for (const run of [0, 1]) await directory.appendRun(recordOf(CELL!, run));
    const file = join(directory.path, 'runs.ndjson');
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.trimEnd());
    expect((await directory.read())!.runs).toHaveLength(2);
    expect(await directory.repair()).toEqual([]);
    expect(readFileSync(file, 'utf8')).toBe(whole);
  });

  test('names the line that it cannot read', async () => {
    writeFileSync(join(directory.path, 'runs.ndjson'), '{"schemaVersion":2}\n');
    await expect(directory.read()).rejects.toThrow(
      /runs\.ndjson, line 1 cannot be read \(schemaVersion/,
    );
    writeFileSync(join(directory.path, 'runs.ndjson'), 'x\n');
    await expect(directory.read()).rejects.toThrow(/line 1 cannot be read \(it is no JSON\)/);
  });

  test('is no grid without its parameters', async () => {
    expect(await new GridDirectory(join(ROOT, 'nothing')).read()).toBeNull();
  });

  test('is found by its name, whatever its date', async () => {
    expect(await foldersNamed(ROOT, `grid-${count}`)).toEqual([`2026-01-31-grid-${count}`]);
    expect(await foldersNamed(ROOT, 'grid')).toEqual([]);
    expect(await foldersNamed(join(ROOT, 'nothing'), 'grid')).toEqual([]);
  });
});

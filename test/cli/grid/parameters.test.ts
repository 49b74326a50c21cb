import { describe, expect, test } from '@jest/globals';
import { requestOf } from '../../../cli/grid/grid-request.ts';
import { createParameters } from '../../../cli/grid/create-parameters.ts';
import { differences, gridParametersSchema } from '../../../cli/grid/parameters.ts';
import { ORDERING_NAMES } from '../../../core/orderings/registry.ts';
import { PUBLISHED_ZONES } from '../../../network/zones.ts';
import { sampleParameters } from './sample-grid.ts';

const EMPTY = { name: 'grid', out: 'results', state: 'state' };

describe('createParameters', () => {
  test('writes out every default: the published experiment', () => {
    const request = requestOf(EMPTY, null);
    const parameters = createParameters(request, sampleParameters(), '2026-01-31T12:00:00.000Z');
    expect(gridParametersSchema.parse(parameters)).toEqual(parameters);
    expect(parameters.measured).toMatchObject({
      orderings: ['unordered'],
      peers: [2, 3, 4, 6, 8],
      messages: [10, 50, 100],
      intervalsMs: [{ min: 10, max: 99 }],
      runs: 10,
    });
    expect(parameters.cells).toHaveLength(15);
    expect(parameters.cells.every(({ deadlineMs }) => deadlineMs > 0)).toBe(true);
    expect(parameters.zones['3']).toEqual(PUBLISHED_ZONES.slice(0, 3));
    expect(parameters.seeds).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(parameters.command).toBe(
      'npx mpcomm grid --name grid --orderings unordered --peers 2,3,4,6,8 --messages 10,50,100 ' +
        '--intervals 10-99 --runs 10 --seed 1 --loss 0 --backend embedded',
    );
  });

  test('takes "all" for every ordering', () => {
    expect(requestOf({ ...EMPTY, orderings: ['all'] }, null).orderings).toEqual(ORDERING_NAMES);
  });

  test('refuses a grid of which a run would be refused, naming the cell', () => {
    expect(() => sampleParameters({ peers: [32], messages: [100_000] })).toThrow(
      /unordered, 32 peers x 100000, 10-99 ms cannot be asked for:\n {2}messages:/,
    );
    expect(() => sampleParameters({ seed: 0xffff_ffff, runs: 2 })).toThrow(/seed/);
  });
});

describe('differences', () => {
  const begun = sampleParameters();

  test('are none for the same command on another day, with another note', () => {
    const later = { ...sampleParameters({ note: 'other' }), createdAt: '2026-02-01T00:00:00.000Z' };
    expect(differences(begun, later)).toEqual([]);
  });

  test('are none for a grid that only goes on', () => {
    const request = requestOf({ ...EMPTY, resume: 'results/x' }, begun);
    expect(differences(begun, createParameters(request, begun, 'now'))).toEqual([]);
  });

  test('name what is not the same', () => {
    expect(differences(begun, sampleParameters({ runs: 20, seed: 8, loss: 0.1 }))).toEqual([
      'measured.runs is 2 there and 20 here',
      'measured.seed is 7 there and 8 here',
      'network.loss is 0 there and 0.1 here',
    ]);
    const upgraded = {
      ...begun,
      project: { ...begun.project, commit: 'fedcba' },
      versions: { node: '25.0.0', packages: {} },
    };
    expect(differences(begun, upgraded)).toEqual([
      'project.commit is "0123456789abcdef" there and "fedcba" here',
      'versions.node is "24.0.0" there and "25.0.0" here',
      'versions.packages.zod is "4.0.0" there and absent here',
    ]);
  });
});

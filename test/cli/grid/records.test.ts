import { describe, expect, test } from '@jest/globals';
import { comparisonSchema } from '../../../control/comparison-document.ts';
import { splitLines } from '../../../cli/grid/ndjson.ts';
import { abridge, failureOf, runRecordSchema } from '../../../cli/grid/records.ts';
import { measureRun } from '../../../charts/measured-run.ts';
import { comparisonOf, recordOf } from './sample-grid.ts';

const CELL = { ordering: 'fifo', peers: 3, messages: 10, intervalMs: { min: 10, max: 99 } };

describe('splitLines', () => {
  test('gives whole lines, and how much was begun behind them', () => {
    expect(splitLines('{"a":1}\n{"a":2}\n')).toEqual({
      lines: ['{"a":1}', '{"a":2}'],
      tornCharacters: 0,
      lacksEnd: false,
    });
    const torn = { tornCharacters: 4, lacksEnd: false };
    expect(splitLines('{"a":1}\n{"a"')).toEqual({ lines: ['{"a":1}'], ...torn });
    expect(splitLines('{"a"')).toEqual({ lines: [], ...torn });
    expect(splitLines('')).toEqual({ lines: [], tornCharacters: 0, lacksEnd: false });
  });
});

describe('a record', () => {
  test('is a comparison that says which run of which cell it is', () => {
    const record = runRecordSchema.parse(recordOf(CELL, 1));
    expect(record.cell).toEqual({ ...CELL, run: 1 });
    expect(comparisonSchema.parse(record).ordering).toBe('fifo');
  });

  test('leaves out only what no summary needs', () => {
    const comparison = comparisonOf(CELL, 7, {
      guarantees: {
        ...comparisonOf(CELL, 7).guarantees,
        total: {
          held: false,
          counterexample: {
            text: 'peers 0 and 1 disagree',
            observations: [{ peer: 0, sender: 0, sequence: 0, position: 0 }],
          },
        },
      },
    });
    const short = abridge(comparison);
    expect(JSON.stringify(short).length).toBeLessThan(JSON.stringify(comparison).length);
    expect(comparisonSchema.parse(short)).toEqual(short);
    expect(measureRun(short)).toEqual(measureRun(comparison));
    expect(short.guarantees.total.counterexample).toEqual({
      text: 'peers 0 and 1 disagree',
      observations: [],
    });
    expect(short.kendallTau).toMatchObject({ mean: comparison.kendallTau.mean, pairs: [] });
    expect(short.perPeer.map(({ roundTripMs }) => roundTripMs)).toEqual([null, null, null]);
  });
});

describe('a run fails', () => {
  const good = comparisonOf(CELL, 7);

  test('not for disorder, nor for messages that were lost', () => {
    const settled = good.perPeer.map((peer) => ({
      ...peer,
      outcome: 'settled' as const,
      missing: 3,
    }));
    expect(failureOf(good, CELL, 7)).toBeNull();
    expect(failureOf({ ...good, perPeer: settled, missingRounds: 3 }, CELL, 7)).toBeNull();
  });

  test.each([
    ['crashed', null, 'peer-2 (crashed)'],
    ['reported', 'failed', 'peer-2 failed'],
    ['reported', 'abandoned', 'peer-2 (reported)'],
    ['reported', 'deadline', 'deadline'],
  ] as const)('when a peer %s with outcome %s', (standing, outcome, reason) => {
    const [first, second, third] = good.perPeer;
    const perPeer = [first!, second!, { ...third!, standing, outcome }];
    expect(failureOf({ ...good, perPeer }, CELL, 7)).toContain(reason);
  });

  test('when it is another run than the one that was asked for', () => {
    expect(failureOf({ ...good, seed: 8 }, CELL, 7)).toContain('another run');
    expect(failureOf({ ...good, peers: 4 }, CELL, 7)).toContain('another run');
  });
});

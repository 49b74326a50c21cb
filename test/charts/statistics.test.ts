import { expect, test } from '@jest/globals';
import { measureRun } from '../../charts/measured-run.ts';
import { medianOf, statisticsOf } from '../../charts/statistics.ts';
import { sampleComparison } from '../cli/render/sample-comparison.ts';

test('the standard deviation is that of a sample', () => {
  expect(statisticsOf([2, 4, 4, 4, 5, 5, 7, 9])).toEqual({
    n: 8,
    mean: 5,
    standardDeviation: Math.sqrt(32 / 7),
    min: 2,
    max: 9,
  });
  expect(statisticsOf([3])).toMatchObject({ mean: 3, standardDeviation: null });
  expect(statisticsOf([])).toBeNull();
  expect(() => statisticsOf([1, NaN])).toThrow('finite');
});

test('the median is between the two in the middle, and leaves its argument alone', () => {
  const values = [9, 1, 5, 2];
  expect(medianOf(values)).toBe(3.5);
  expect(values).toEqual([9, 1, 5, 2]);
  expect(medianOf([9, 1, 5])).toBe(5);
  expect(medianOf([])).toBeNull();
});

test('a run is measured from its comparison', () => {
  const run = measureRun(sampleComparison({ declared: ['integrity', 'total'] }));
  expect(run).toMatchObject({
    rounds: 30,
    unorderedShare: 0.8,
    publishedCount: 7,
    // Three peers sent 20 messages each, for 10 multicasts each.
    messagesPerMulticast: 2,
    durationMs: 600,
    multicastsPerSecond: 50,
    broken: ['total'],
  });
  expect(run.ownLatencies.map(({ peer, p50, max }) => [peer, p50, max])).toEqual([
    [0, 0.2, 1.5],
    [1, 0.2, 1.5],
    [2, 0.2, 1.5],
  ]);
});

test('what a peer without a report would have said is not made up', () => {
  const { perPeer } = sampleComparison();
  const lost = { ...perPeer[0]!, messagesSent: null, ownLatencyMs: null, durationMs: null };
  const run = measureRun(sampleComparison({ perPeer: [lost, ...perPeer.slice(1)], cost: null }));
  expect(run).toMatchObject({ messagesPerMulticast: null, datagramsPerMulticast: null });
  expect(run.ownLatencies).toHaveLength(2);
});

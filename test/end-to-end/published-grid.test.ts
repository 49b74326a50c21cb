import { describe, expect, test } from '@jest/globals';
import { useLaboratory } from '../support/real-laboratory.ts';

/**
 * Means over the ten published runs of the smallest and the largest group with 100 messages a peer (VictorGNetto/MPComm), in
 * eight zones of Google Cloud without coordination.
 */
const PUBLISHED_MEAN = [
  [3, 85.9],
  [8, 98.8],
] as const;

describe('the published experiment in the eight emulated zones', () => {
  const lab = useLaboratory({ peers: 8 });

  test.each(PUBLISHED_MEAN)(
    '%i peers x 100 messages: the published count comes out near %f, the true one well above',
    async (peers, mean) => {
      const comparison = await lab.run({ peers, messages: 100, seed: 1 });
      expect(Math.abs(comparison.publishedCount - mean)).toBeLessThanOrEqual(10);
      expect(comparison.unorderedRounds).toBeGreaterThan(2 * comparison.publishedCount);
      expect(comparison.perPeer.every(({ missing }) => missing === 0)).toBe(true);
    },
  );
});

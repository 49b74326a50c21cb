import { describe, expect, test } from '@jest/globals';
import { PacketFate, pathBetween, REGIONS } from '../../network/network-model.ts';

const OREGON = 'us-west1-b';
const TAIWAN = 'asia-east1-b';

describe('the path between zones', () => {
  test('is the same both ways, and half the table’s round trip', () => {
    expect(pathBetween(OREGON, TAIWAN)).toEqual(pathBetween(TAIWAN, OREGON));
    expect(pathBetween('asia-east1-a', 'asia-east2-b').oneWayUs).toBe(9_455);
  });

  test('is known for every pair of regions, and short within one', () => {
    for (const one of REGIONS) {
      for (const other of REGIONS) {
        expect(pathBetween(`${one}-a`, `${other}-b`).oneWayUs).toBeGreaterThan(0);
      }
    }
    expect(pathBetween(OREGON, OREGON).oneWayUs).toBeLessThan(1_000);
  });

  test('an unknown region is an error that lists the known ones', () => {
    expect(() => pathBetween(OREGON, 'mars-north1-a')).toThrow(/mars-north1-a.*asia-east1/);
  });
});

describe('the fate of packets', () => {
  const delays = (loss: number, seed: number, count = 20_000): number[] => {
    const fate = new PacketFate(pathBetween(OREGON, TAIWAN), loss, seed, 0, 1);
    return Array.from({ length: count }, () => fate.next());
  };

  test('has the table’s mean, small jitter and rare spikes', () => {
    const drawn = delays(0, 1);
    const { oneWayUs } = pathBetween(OREGON, TAIWAN);
    const mean = drawn.reduce((sum, delay) => sum + delay, 0) / drawn.length;
    expect(Math.abs(mean / oneWayUs - 1)).toBeLessThan(0.01);
    const spikes = drawn.filter((delay) => delay > oneWayUs + 20_000).length;
    expect(spikes).toBeGreaterThan(2);
    expect(spikes).toBeLessThan(60);
    expect(drawn.every((delay) => Number.isInteger(delay) && delay > 0)).toBe(true);
  });

  test('loses at its rate, and loss does not move the delays of the others', () => {
    const [without, withLoss] = [delays(0, 3), delays(0.2, 3)];
    const lost = withLoss.filter((delay) => delay < 0).length / withLoss.length;
    expect(Math.abs(lost - 0.2)).toBeLessThan(0.02);
    withLoss.forEach((delay, index) => {
      if (delay >= 0) expect(delay).toBe(without[index]);
    });
  });

  test('is repeated by its seed, and differs by seed and path', () => {
    expect(delays(0.1, 4, 100)).toEqual(delays(0.1, 4, 100));
    expect(delays(0.1, 4, 100)).not.toEqual(delays(0.1, 5, 100));
    const other = new PacketFate(pathBetween(OREGON, TAIWAN), 0, 4, 1, 0);
    expect(Array.from({ length: 100 }, () => other.next())).not.toEqual(delays(0, 4, 100));
  });
});

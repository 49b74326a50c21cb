import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  drawnAround,
  isWorn,
  leastSeen,
  placeStrip,
  seenOf,
  wholeOf,
  zoomMax,
  zoomTo,
} from '../../web/laboratory/diagram/strip-motion.ts';

const END_US = 3_000_000;
const WIDTH_PX = 1_000;

describe('a window over a run', () => {
  test('shows what it is told to, wherever that is', () => {
    const time = fc.integer({ min: 0, max: END_US });
    fc.assert(
      fc.property(time, time, (one, other) => {
        const [fromUs, untilUs] = [Math.min(one, other), Math.max(one, other)];
        const seen = seenOf(
          zoomTo({ fromUs, untilUs }, END_US, WIDTH_PX, leastSeen(true)),
          END_US,
          WIDTH_PX,
        );
        const whole = wholeOf(END_US);
        expect(seen.fromUs).toBeLessThanOrEqual(fromUs + 1);
        expect(seen.untilUs).toBeGreaterThanOrEqual(untilUs - 1);
        expect(seen.fromUs).toBeGreaterThanOrEqual(whole.fromUs - 1);
        expect(seen.untilUs).toBeLessThanOrEqual(whole.untilUs + 1);
      }),
    );
  });

  test('has its picture lie so that each time is where it belongs', () => {
    const seen = { fromUs: 100, untilUs: 1_100 };
    const drawn = { fromUs: -400, untilUs: 1_600 };
    const { offsetPx, stretch } = placeStrip(drawn, 4_000, seen, WIDTH_PX);
    const xOf = (atUs: number): number =>
      offsetPx + ((atUs - drawn.fromUs) / 2_000) * 4_000 * stretch;
    expect(xOf(100)).toBeCloseTo(0);
    expect(xOf(1_100)).toBeCloseTo(WIDTH_PX);
  });

  test('wants a new picture near the edge of the old one and when it was zoomed, and not before', () => {
    const seen = { fromUs: 1_000_000, untilUs: 1_500_000 };
    const drawn = drawnAround(seen, END_US);
    const drawnPx = (WIDTH_PX * (drawn.untilUs - drawn.fromUs)) / 500_000;
    const isWornAt = (byUs: number, lengthUs = 500_000): boolean => {
      const fromUs = seen.fromUs + byUs;
      return isWorn(drawn, drawnPx, { fromUs, untilUs: fromUs + lengthUs }, WIDTH_PX, END_US);
    };
    expect([0, 200_000, -200_000].map((byUs) => isWornAt(byUs))).toEqual([false, false, false]);
    expect([isWornAt(290_000), isWornAt(-290_000), isWornAt(0, 400_000)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('goes as near to places as to times, where a run was not recorded', () => {
    const least = leastSeen(false);
    expect(zoomMax(199, least)).toBeGreaterThan(10);
    expect(zoomMax(199, leastSeen(true))).toBe(1);
    const seen = seenOf(zoomTo({ fromUs: 20, untilUs: 30 }, 199, WIDTH_PX, least), 199, WIDTH_PX);
    expect([seen.fromUs, seen.untilUs].map(Math.round)).toEqual([20, 30]);
  });

  test('is content at the ends of the run, beyond which there is nothing to draw', () => {
    const whole = wholeOf(END_US);
    const seen = { fromUs: whole.untilUs - 500_000, untilUs: whole.untilUs };
    const drawn = drawnAround(seen, END_US);
    expect(drawn.untilUs).toBe(whole.untilUs);
    const drawnPx = (WIDTH_PX * (drawn.untilUs - drawn.fromUs)) / 500_000;
    expect(isWorn(drawn, drawnPx, seen, WIDTH_PX, END_US)).toBe(false);
  });
});

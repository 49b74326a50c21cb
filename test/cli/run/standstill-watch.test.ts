import { describe, expect, test } from '@jest/globals';
import { StandstillWatch } from '../../../cli/run/standstill-watch.ts';
import type { RunProgress } from '../../../control/runs/run-state.ts';

const FULL = 'state.sqlite cannot be written: the file system is full';

function progress(deliveries: number): RunProgress {
  return { phase: 'running', deliveries, deliveriesExpected: 90, members: [] };
}

/** When it says what, of a look each half a second. */
async function follow(
  deliveriesAt: (second: number) => number,
  reasonAt: (second: number) => string | null,
): Promise<string | null> {
  let second = 0;
  const watch = new StandstillWatch(async () => reasonAt(second));
  for (; second < 20; second += 0.5) {
    const reason = await watch.look(progress(deliveriesAt(second)), second * 1_000);
    if (reason !== null) return `${second} s: ${reason}`;
  }
  return null;
}

describe('a run whose store cannot be written', () => {
  const still = () => 7;

  test('stands still, and the reason is told after three seconds', async () => {
    expect(await follow(still, () => FULL)).toBe(`3 s: ${FULL}`);
    expect(await follow(still, (second) => (second < 5 ? null : FULL))).toBe(`8 s: ${FULL}`);
  });

  test('goes on where there is room again, or still some for it', async () => {
    expect(await follow(still, () => null)).toBeNull();
    expect(await follow(still, (second) => (second % 4 < 3 ? FULL : null))).toBeNull();
    expect(await follow(Math.floor, () => FULL)).toBeNull();
  });
});

import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../core/orderings/registry.ts';
import type { Fault } from '../../simulation/scenario.ts';
import { simulate } from '../../simulation/simulate.ts';
import { type RunShape, scenarioOf } from '../support/simulated-run.ts';

/**
 * How long nobody in the group delivers anything, while a majority is connected and somebody multicasts all the time.
 *
 * A member is suspected 0.8 s after it was last heard, and others look for that every 0.1 s. Then come 5 communication
 * steps until the next view begins, and up to 5 until the first message in it is delivered. A stop that is over before
 * costs as much as it lasts, and up to 0.2 s and ten steps on top, as a member that was stopped for 0.6 s presumes
 * that the others went on without it.
 */
const DELAY_US_MAX = 30_000;
const GAP_US_MAX = 1_000_000 + 10 * DELAY_US_MAX;
const RECOVERY_US_MAX = 200_000 + 10 * DELAY_US_MAX;
const SECOND = 1_000_000;

const TOTAL_ORDERS = [...ORDERINGS.values()].filter(
  ({ name, guarantees }) => guarantees.includes('total') && name !== 'lamport',
);

const pause = (member: number, atUs: number, untilUs: number): Fault => ({
  kind: 'pause',
  member,
  atUs,
  untilUs,
});

const cutOff = (
  member: number,
  others: readonly number[],
  atUs: number,
  untilUs: number,
): Fault => ({
  kind: 'partition',
  from: [member],
  to: others,
  symmetric: true,
  atUs,
  untilUs,
});

interface Outcome {
  readonly gapUs: number;
  /** Members that had to stop, and when. */
  readonly failed: readonly (readonly [member: number, atUs: number])[];
}

/** The longest time before `untilUs` in which no member delivers anything. */
function runOf(name: string, untilUs: number, shape: RunShape): Outcome {
  let [gapUs, lastUs] = [0, 0];
  const deliver = (atUs: number): void => {
    if (lastUs > 0 && lastUs < untilUs) gapUs = Math.max(gapUs, atUs - lastUs);
    lastUs = atUs;
  };
  const scenario = scenarioOf({
    intervalUs: { min: 50_000, max: 150_000 },
    messages: Math.ceil(untilUs / 100_000) + 10,
    network: { delay: { kind: 'uniform', minUs: 10_000, maxUs: DELAY_US_MAX } },
    endUs: 120 * SECOND,
    ...shape,
  });
  const { create, createUnpacked = create } = ORDERINGS.get(name)!;
  const { members } = simulate(createUnpacked, scenario, { deliver });
  const failed = members.flatMap(({ failure }, member) =>
    failure === null ? [] : [[member, failure.atUs] as const],
  );
  return { gapUs, failed };
}

describe('a group of which a majority lives stands still for a bounded time', () => {
  test.each(TOTAL_ORDERS)('when any member of $name pauses, for any time', ({ name }) => {
    const peers = 5;
    const found: string[] = [];
    for (let member = 0; member < peers; member += 1) {
      // A stop of 0.6 s is one after which a member presumes itself lost; from 0.8 s on it is suspected; and after
      // some 1.1 s it comes back while the others are about to take it back themselves.
      for (const stoppedUs of [300_000, 620_000, 700_000, 800_000, 900_000, 1_100_000, 3_000_000]) {
        const faults = [pause(member, SECOND, SECOND + stoppedUs)];
        const { gapUs, failed } = runOf(name, 6 * SECOND, { peers, faults });
        const isShort = gapUs <= Math.min(GAP_US_MAX, stoppedUs + RECOVERY_US_MAX);
        if (!isShort || failed.length > 0) found.push(`${member} for ${stoppedUs}: ${gapUs}`);
      }
    }
    expect(found).toEqual([]);
  });

  test('when its last member pauses, however many there are, and it is suspected by nobody', () => {
    const stop = pause(31, 5 * SECOND, 7_800_000);
    const { gapUs } = runOf('skeen-uniform', 12 * SECOND, {
      peers: 32,
      messages: 25,
      intervalUs: { min: 400_000, max: 900_000 },
      faults: [stop],
    });
    // Among 32 members it takes four times as long until somebody is suspected, or presumes itself lost.
    expect(gapUs).toBeGreaterThan(2_800_000);
    expect(gapUs).toBeLessThan(2_800_000 + RECOVERY_US_MAX);
  });

  test('when one pauses again and again, for too short a time to be suspected', () => {
    const faults = Array.from({ length: 5 }, (_, time) => {
      const atUs = (2 + 3 * time) * SECOND;
      return pause(7, atUs, atUs + 700_000);
    });
    const { gapUs, failed } = runOf('ring', 18 * SECOND, { peers: 8, faults });
    expect([gapUs < 700_000 + RECOVERY_US_MAX, failed]).toEqual([true, []]);
  });

  test('when the one that comes back proposes, and has rested at some of the others only', () => {
    const faults = [pause(3, 2 * SECOND, 3_100_000)];
    const { gapUs, failed } = runOf('sequencer-bb', 8 * SECOND, { peers: 8, faults });
    expect([gapUs <= GAP_US_MAX, failed]).toEqual([true, []]);
  });

  test('when one comes back that delivered what nobody else did, and has to stop', () => {
    const faults = [cutOff(0, [1, 2, 3, 4], 2 * SECOND, 5 * SECOND)];
    const { gapUs, failed } = runOf('sequencer-fast', 8 * SECOND, { peers: 5, faults });
    expect([gapUs <= GAP_US_MAX, failed.map(([member]) => member)]).toEqual([true, [0]]);
    // It is told before anybody waits for it.
    expect(failed[0]![1]).toBeLessThan(5_600_000);
  });

  test('when one was cut off during many changes of view: it is taken back at once', () => {
    const flaps = Array.from({ length: 7 }, (_, time) => {
      const atUs = (3 + 1.5 * time) * SECOND;
      return pause(1, atUs, atUs + 680_000);
    });
    const faults = [cutOff(0, [1, 2, 3, 4], SECOND, 13.5 * SECOND), ...flaps];
    const { failed } = runOf('sequencer-fast', 20 * SECOND, { peers: 5, faults });
    expect(failed.map(([member]) => member)).toEqual([0]);
    expect(failed[0]![1]).toBeLessThan(14.5 * SECOND);
  });
});

import { describe, expect, test } from '@jest/globals';
import { SubscriptionWatchdog } from '../../../peer/duty/subscription-watchdog.ts';

const MINUTE = 60_000;
const SILENCE = 3 * MINUTE;

/** Looks every 5 s from `fromMs` to `toMs`, rebuilding when told to; gives the times of that. */
function watch(dog: SubscriptionWatchdog, fromMs: number, toMs: number): number[] {
  const rebuilt: number[] = [];
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += 5_000) {
    if (dog.reasonToRebuild(nowMs) === null) continue;
    rebuilt.push(nowMs);
    dog.rebuilt(nowMs);
  }
  return rebuilt;
}

describe('the watchdog of a subscription', () => {
  test('lets one alone that hears a ping a minute, for a day', () => {
    const dog = new SubscriptionWatchdog(0, SILENCE);
    for (let minute = 0; minute < 24 * 60; minute += 1) {
      dog.heard(minute * MINUTE);
      expect(watch(dog, minute * MINUTE, (minute + 1) * MINUTE - 1)).toEqual([]);
    }
  });

  test('has one rebuilt that is silent for three minutes, and says for how long it was', () => {
    const dog = new SubscriptionWatchdog(0, SILENCE);
    dog.heard(10_000);
    expect(dog.reasonToRebuild(SILENCE + 9_999)).toBeNull();
    expect(dog.reasonToRebuild(SILENCE + 10_000)).toContain('silent for 180 s');
  });

  test('rebuilds ever more rarely where nothing helps, and never gives up', () => {
    const dog = new SubscriptionWatchdog(0, SILENCE);
    const times = watch(dog, 0, 24 * 60 * MINUTE).map((atMs) => atMs / MINUTE);
    // After 3, 6, 12 and 24 minutes, then every 30.
    expect(times.slice(0, 6)).toEqual([3, 9, 21, 45, 75, 105]);
    expect(times.length).toBe(4 + Math.floor((24 * 60 - 45) / 30));
  });

  test('is as watchful as before once something was heard', () => {
    const dog = new SubscriptionWatchdog(0, SILENCE);
    watch(dog, 0, 60 * MINUTE);
    dog.heard(61 * MINUTE);
    expect(watch(dog, 61 * MINUTE, 65 * MINUTE)).toEqual([64 * MINUTE]);
  });

  test('rebuilds at once when a command was missed, but not again and again', () => {
    const dog = new SubscriptionWatchdog(0, SILENCE);
    dog.missed();
    expect(watch(dog, 5_000, 5_000)).toEqual([5_000]);
    dog.missed();
    expect(watch(dog, 10_000, 40_000)).toEqual([25_000]);
  });

  test('forgets a miss when the command came after all', () => {
    const dog = new SubscriptionWatchdog(0, SILENCE);
    dog.missed();
    dog.heard(1_000);
    expect(watch(dog, 5_000, MINUTE)).toEqual([]);
  });
});

import type { Delay, Scenario } from '../scenario.ts';

/** The longest time of a short journey: packets between the zones of a continent take less. */
const SHORT_US = 20_000;

/** Whether every packet of the scenario arrives once and soon, and every member is there all the time. */
export function isUntroubled({ network, faults }: Scenario): boolean {
  const { loss, repetition, reordering, delay } = network;
  const isPlain = loss === 0 && repetition === 0 && reordering === 0;
  return isPlain && faults.length === 0 && longestUs(delay) <= SHORT_US;
}

/** The longest that a packet can take; Infinity where there is no such bound. */
export function longestUs(delay: Delay): number {
  switch (delay.kind) {
    case 'constant':
      return delay.us;
    case 'uniform':
      return delay.maxUs;
    default:
      return Infinity;
  }
}

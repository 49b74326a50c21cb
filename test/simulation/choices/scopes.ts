import type { Scenario } from '../../../simulation/scenario.ts';

/** A scope for chosen schedules: its times and its network do not matter. */
export function scopeOf(peers: number, messages: number): Scenario {
  return {
    peers,
    messages,
    payloadBytes: 0,
    intervalUs: { min: 0, max: 0 },
    seed: 1,
    network: {
      delay: { kind: 'constant', us: 0 },
      loss: 0,
      burst: 1,
      repetition: 0,
      reordering: 0,
      reorderingUs: 0,
    },
    faults: [],
    endUs: 1,
  };
}

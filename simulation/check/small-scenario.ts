import { calmNetwork, type Scenario } from '../scenario.ts';
import { withEnd } from './draw-scenario.ts';

/** Two peers with `messages` messages each, whose packets all take the same time. */
export function smallScenario(messages: number): Scenario {
  return withEnd({
    peers: 2,
    messages,
    payloadBytes: 0,
    intervalUs: { min: 10_000, max: 10_000 },
    seed: 1,
    network: calmNetwork({ kind: 'constant', us: 10_000 }),
    faults: [],
  });
}

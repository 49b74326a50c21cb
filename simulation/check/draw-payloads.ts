import type { Scenario } from '../scenario.ts';
import { pick, type Random } from './draw-options.ts';

/** What a scenario says of its payloads. */
type PayloadsOfScenario = Pick<Scenario, 'workload' | 'payloadBytes'>;

const NO_PAYLOADS: PayloadsOfScenario = { workload: 'none', payloadBytes: 0 };

/**
 * Draws what the messages carry: in one schedule of five nothing, otherwise contents of their own. Long
 * contents are left to the calm schedules: every packet is copied, and here losses make many packets.
 */
export function drawPayloads(random: Random): PayloadsOfScenario {
  const payloadBytes = pick(random, [0, 1, 8, 40, 300]);
  return payloadBytes === 0 ? NO_PAYLOADS : { workload: 'mixed', payloadBytes };
}

/** Payloads that are easier to look at, the simplest first. */
export function simplerPayloads({ payloadBytes }: Scenario): PayloadsOfScenario[] {
  if (payloadBytes === 0) return [];
  const shorter = [4, 40].filter((bytes) => bytes < payloadBytes);
  return [
    NO_PAYLOADS,
    ...shorter.map((bytes): PayloadsOfScenario => ({ workload: 'mixed', payloadBytes: bytes })),
  ];
}

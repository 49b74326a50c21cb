import { createRandom } from '../../core/base/random.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { between, minorityOf, pick, type Random } from '../../simulation/check/draw-options.ts';
import { withEnd } from '../../simulation/check/draw-scenario.ts';
import type { Fault, NetworkScenario, Scenario } from '../../simulation/scenario.ts';
import type { GroupScenario } from '../../bench/virtual-group/run-group.ts';

/** The word that keeps this random stream apart from those within a run. */
const STREAM = 0x64_73_74;

interface Disturbed {
  readonly peers: number;
  readonly messages: number;
  readonly seed: number;
  readonly intervalMs: { readonly min: number; readonly max: number };
  readonly faults: readonly Fault[];
  readonly network: NetworkScenario;
}

/**
 * A run in which some minority of the members is disturbed, each of it perhaps several times: stopped,
 * cut off (one way or both), or far away for a while, and comes back, or is killed in the end. Many
 * disturbances end close to when the others give a member up, and to when the run is compared without it.
 */
function drawDisturbed(random: Random, seed: number): Disturbed {
  const peers = between(random, 3, 7);
  const messages = between(random, 5, 40);
  const intervalMs = pick(random, [
    { min: 10, max: 99 },
    { min: 10, max: 99 },
    { min: 0, max: 20 },
    { min: 100, max: 400 },
  ]);
  const busyUs = (messages * (intervalMs.min + intervalMs.max) * 1_000) / 2;
  const faults = drawVictims(random, peers).flatMap((victim) =>
    Array.from({ length: between(random, 1, 3) }, () => drawFault(random, peers, victim, busyUs)),
  );
  const network = {
    delay: {
      kind: 'uniform' as const,
      minUs: 100,
      maxUs: pick(random, [500, 5_000, 100_000, 300_000]),
    },
    loss: pick(random, [0, 0, 0.02, 0.2]),
    burst: 1,
    repetition: 0,
    reordering: 0,
    reorderingUs: 0,
  };
  return { peers, messages, seed, intervalMs, faults, network };
}

/** A disturbed run of real members, with a store and functions that are quick or slow. */
export function drawDisturbedGroup(entry: OrderingEntry, seed: number): GroupScenario {
  const random = createRandom(seed, STREAM);
  return {
    entry,
    ...drawDisturbed(random, seed),
    deadlineMs: pick(random, [15_000, 40_000, 90_000]),
    storeUs: pick(random, [100, 20_000, 400_000]),
    triggerUs: between(random, 1, 3_000) * 1_000,
    expireEveryUs: between(random, 200, 5_000) * 1_000,
  };
}

/** The same run in the simulator, where nobody gives anybody up. */
export function drawDisturbedScenario(seed: number): Scenario {
  const { intervalMs, ...run } = drawDisturbed(createRandom(seed, STREAM), seed);
  const intervalUs = { min: intervalMs.min * 1_000, max: intervalMs.max * 1_000 };
  return withEnd({ ...run, payloadBytes: 0, intervalUs });
}

function drawVictims(random: Random, peers: number): number[] {
  const members = Array.from({ length: peers }, (_, member) => ({ member, key: random() }));
  members.sort((one, other) => one.key - other.key);
  const victims = members.slice(0, between(random, 1, minorityOf(peers)));
  return victims.map(({ member }) => member);
}

function drawFault(random: Random, peers: number, victim: number, busyUs: number): Fault {
  const atUs = between(random, 0, Math.ceil(busyUs * 1.2));
  const lengthMs = pick(random, [
    () => between(random, 1, 3_000),
    () => between(random, 3_000, 10_000),
    () => between(random, 3_900, 4_700),
    () => between(random, 5_800, 8_500),
  ])();
  const span = { atUs, untilUs: atUs + lengthMs * 1_000 };
  const others = Array.from({ length: peers }, (_, member) => member).filter((m) => m !== victim);
  switch (between(random, 0, 8)) {
    case 4:
      return { kind: 'crash', member: victim, atUs, afterSends: between(random, 0, 2 * peers) };
    case 0:
      return { kind: 'partition', from: [victim], to: others, symmetric: true, ...span };
    case 1:
      return { kind: 'partition', from: [victim], to: others, symmetric: false, ...span };
    case 2:
      return { kind: 'partition', from: others, to: [victim], symmetric: false, ...span };
    case 3: {
      const extraUs = between(random, 500, 5_000) * 1_000;
      const [from, to] = pick(random, [
        [victim, pick(random, others)],
        [pick(random, others), victim],
      ]) as [number, number];
      return { kind: 'clog', from, to, extraUs, ...span };
    }
    default:
      return { kind: 'pause', member: victim, ...span };
  }
}

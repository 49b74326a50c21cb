import type { Fault, Scenario } from '../../scenario.ts';
import { drawFaults } from '../draw-faults.ts';
import { between, type DrawOptions, pick, type Random } from '../draw-options.ts';
import { drawInterval, drawNetwork, withEnd } from '../draw-scenario.ts';

const FAULTS_MAX = 8;
const AFTER_SENDS_MAX = 64;
/** How far a fault may be moved at once, to either side. */
const SHIFT_US_MAX = 100_000;

/** The same schedule with one thing changed: its chances, its network, its intervals, a fault. */
export function mutateScenario(scenario: Scenario, random: Random, options: DrawOptions): Scenario {
  const mutate = pick(random, [reseed, reseed, withOtherNetwork, withOtherInterval, ...OF_FAULTS]);
  return withEnd(mutate(scenario, random, options));
}

type Mutation = (scenario: Scenario, random: Random, options: DrawOptions) => Scenario;

function reseed(scenario: Scenario, random: Random): Scenario {
  return { ...scenario, seed: Math.floor(random() * 2 ** 32) };
}

function withOtherNetwork(scenario: Scenario, random: Random, { faults }: DrawOptions): Scenario {
  return { ...scenario, network: drawNetwork(random, faults) };
}

function withOtherInterval(scenario: Scenario, random: Random): Scenario {
  return { ...scenario, intervalUs: drawInterval(random) };
}

function withMovedFault(scenario: Scenario, random: Random): Scenario {
  const { faults } = scenario;
  if (faults.length === 0) return reseed(scenario, random);
  const moved = between(random, 0, faults.length - 1);
  const shiftUs = between(random, -SHIFT_US_MAX, SHIFT_US_MAX);
  const change = (fault: Fault, place: number): Fault =>
    place === moved ? shifted(fault, shiftUs, random) : fault;
  return { ...scenario, faults: faults.map(change) };
}

/** A crash in the middle of what a member does may come a few packets sooner or later instead. */
function shifted(fault: Fault, shiftUs: number, random: Random): Fault {
  if (fault.kind === 'clockSkew') return fault;
  if (fault.kind === 'crash' && fault.afterSends !== undefined && random() < 0.5) {
    const sends = fault.afterSends + between(random, -2, 2);
    return { ...fault, afterSends: Math.min(AFTER_SENDS_MAX, Math.max(0, sends)) };
  }
  const atUs = Math.max(0, fault.atUs + shiftUs);
  if (!('untilUs' in fault)) return { ...fault, atUs };
  return { ...fault, atUs, untilUs: atUs + fault.untilUs - fault.atUs };
}

/** Crashes stay as few as they were drawn, and a member has one clock and begins once. */
function withMoreFaults(scenario: Scenario, random: Random, options: DrawOptions): Scenario {
  const { peers, messages, intervalUs, faults } = scenario;
  const busyUs = messages * intervalUs.max + 200_000;
  const drawn = drawFaults(random, peers, busyUs, options);
  const more = drawn.filter(({ kind }) => ['pause', 'partition', 'clog'].includes(kind));
  return { ...scenario, faults: [...faults, ...more].slice(0, FAULTS_MAX) };
}

function withoutOneFault(scenario: Scenario, random: Random): Scenario {
  const { faults } = scenario;
  if (faults.length === 0) return reseed(scenario, random);
  const gone = between(random, 0, faults.length - 1);
  return { ...scenario, faults: faults.filter((_, place) => place !== gone) };
}

const OF_FAULTS: readonly Mutation[] = [
  withMovedFault,
  withMovedFault,
  withMoreFaults,
  withoutOneFault,
];

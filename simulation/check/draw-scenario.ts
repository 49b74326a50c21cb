import { createStream, Stream } from '../../core/base/random-streams.ts';
import {
  calmNetwork,
  type Delay,
  type Fault,
  type NetworkScenario,
  type Scenario,
} from '../scenario.ts';
import { drawFaults } from './draw-faults.ts';
import { drawLarge, isLarge } from './draw-large.ts';
import { drawPayloads } from './draw-payloads.ts';
import { between, type DrawOptions, type FaultChoice, pick, type Random } from './draw-options.ts';

/** One schedule in this many is calm and long: there an ordering that sorts at the end shows. */
export const CALM_EVERY = 16;
/** How long losses go on after the last fault and the last multicast: recovery has to live with them. */
const RECOVERY_US = 5_000_000;
/** How long a run goes on once the network is calm as well, to deliver everything. */
const CALM_US = 60_000_000;

/**
 * The schedule that `seed` stands for. Which features it has at all is drawn first, each by itself
 * (swarm testing: Groce et al. 2012), so that some runs have one fault in plenty and others have all.
 */
export function drawScenario(seed: number, options: DrawOptions): Scenario {
  const random = createStream(seed, Stream.schedules);
  if (seed % CALM_EVERY === 0) return drawCalm(seed, random, options.peersMax);
  if (isLarge(seed, options)) return withEnd(drawLarge(seed, random, options));
  const peers = between(random, 2, options.peersMax);
  const messages = pick(random, [1, 2, 3, 4, 6, 10, 16]);
  const intervalUs = drawInterval(random);
  const network = drawNetwork(random, options.faults);
  const busyUs = messages * intervalUs.max + 200_000;
  const faults = drawFaults(random, peers, busyUs, options);
  const payloads = drawPayloads(random);
  return withEnd({ peers, messages, ...payloads, intervalUs, seed, network, faults });
}

/** The scenario with faults of the network that stop, and an end that leaves enough time after that. */
export function withEnd(scenario: Omit<Scenario, 'endUs'>): Scenario {
  const { messages, intervalUs, faults, network } = scenario;
  const lastFaultUs = Math.max(0, ...faults.map(lastUs));
  const calmFromUs = lastFaultUs + messages * intervalUs.max + RECOVERY_US;
  return {
    ...scenario,
    network: isTroubled(network) ? { ...network, calmFromUs } : withoutCalm(network),
    endUs: calmFromUs + CALM_US,
  };
}

function isTroubled({ loss, repetition, reordering }: NetworkScenario): boolean {
  return loss > 0 || repetition > 0 || reordering > 0;
}

function withoutCalm({ calmFromUs: _calm, ...network }: NetworkScenario): NetworkScenario {
  return network;
}

/** When a fault is over; for a crash or a late start, when it happens. */
function lastUs(fault: Fault): number {
  if (fault.kind === 'clockSkew') return 0;
  return 'untilUs' in fault ? fault.untilUs : fault.atUs;
}

/** Draws a schedule without a fault whose run takes many times as long as any message. */
function drawCalm(seed: number, random: Random, peersMax: number): Scenario {
  const peers = between(random, 2, Math.min(peersMax, 5));
  const messages = between(random, 12, 40);
  const intervalUs = { min: 20_000, max: 99_000 };
  const delay: Delay = { kind: 'uniform', minUs: 100, maxUs: between(random, 1, 20) * 500 };
  const network = calmNetwork(delay);
  const payloads = drawPayloads(random);
  return withEnd({ peers, messages, ...payloads, intervalUs, seed, network, faults: [] });
}

/** How often members multicast. */
export function drawInterval(random: Random): Scenario['intervalUs'] {
  return pick(random, [
    { min: 0, max: 0 },
    { min: 0, max: 2_000 },
    { min: 1_000, max: 20_000 },
    { min: 10_000, max: 99_000 },
    { min: 10_000, max: 99_000 },
    { min: 0, max: 400_000 },
  ]);
}

function drawDelay(random: Random): Delay {
  const us = between(random, 1, 100) * 1_000;
  switch (between(random, 0, 4)) {
    case 0:
      return { kind: 'constant', us };
    case 1:
      return { kind: 'exponential', meanUs: us };
    case 2:
      return { kind: 'uniform', minUs: 50, maxUs: 2_000 };
    default:
      return {
        kind: 'uniform',
        minUs: between(random, 0, us),
        maxUs: us * pick(random, [1, 2, 5]),
      };
  }
}

/** Delays, losses, repetitions and reorderings, as far as they may happen. */
export function drawNetwork(random: Random, faults: ReadonlySet<FaultChoice>): NetworkScenario {
  const delay = drawDelay(random);
  const loses = random() < 0.5;
  const loss = pick(random, [0.01, 0.05, 0.1, 0.3, 0.5]);
  const burst = pick(random, [1, 1, 1, 2, 8]);
  const repeats = random() < 0.3;
  const repetition = pick(random, [0.05, 0.3]);
  const reorders = random() < 0.3;
  const reorderingUs = between(random, 1, 300) * 1_000;
  return {
    delay,
    loss: loses && faults.has('loss') ? loss : 0,
    burst: loses && faults.has('loss') ? burst : 1,
    repetition: repeats && faults.has('repetition') ? repetition : 0,
    reordering: reorders ? 0.2 : 0,
    reorderingUs: reorders ? reorderingUs : 0,
  };
}

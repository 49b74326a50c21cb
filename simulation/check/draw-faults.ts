import type { Fault } from '../scenario.ts';
import {
  between,
  type DrawOptions,
  type FaultChoice,
  minorityOf,
  type Random,
} from './draw-options.ts';

/**
 * The longest disturbance: long enough for a failure detector to suspect a member that sleeps or is cut
 * off.
 */
const DISTURBANCE_US_MAX = 4_000_000;
const DISTURBANCES_MAX = 3;

type Crash = Extract<Fault, { kind: 'crash' }>;

/** Draws the faults of a run: each kind that `options` allows is in it with a probability of its own. */
export function drawFaults(
  random: Random,
  peers: number,
  busyUs: number,
  options: DrawOptions,
): Fault[] {
  const share: Record<FaultChoice, number> = {
    loss: 0,
    repetition: 0,
    crash: options.minorityOnly ? 0.5 : 0.15,
    pause: 0.25,
    partition: 0.25,
    clog: 0.2,
    skew: 0.1,
  };
  // Every kind draws whether it is wanted or not, so that --faults does not change the rest much.
  const chosen = (kind: FaultChoice): boolean => random() < share[kind] && options.faults.has(kind);
  const faults: Fault[] = [];
  if (chosen('crash')) faults.push(...drawCrashes(random, peers, busyUs, options.minorityOnly));
  if (chosen('pause')) faults.push(...several(random, () => drawPause(random, peers, busyUs)));
  if (chosen('partition')) {
    faults.push(...several(random, () => drawPartition(random, peers, busyUs)));
  }
  if (chosen('clog')) faults.push(...several(random, () => drawClog(random, peers, busyUs)));
  if (chosen('skew')) faults.push(drawSkew(random, peers));
  if (random() < 0.15) faults.push(drawLateStart(random, peers, busyUs));
  // Restarts are drawn last, so that a seed stands for what it stood for before there were restarts.
  return faults.map((fault) => (fault.kind === 'crash' ? perhapsRestarting(random, fault) : fault));
}

/** The others refuse the new process, as daemons do: an ordering need not recognize it. */
function perhapsRestarting(random: Random, crash: Fault): Fault {
  const [isRestarting, restartAfterUs] = [
    random() < 0.3,
    between(random, 1_000, DISTURBANCE_US_MAX),
  ];
  return isRestarting ? { ...(crash as Crash), restartAfterUs } : crash;
}

function several(random: Random, draw: () => Fault): Fault[] {
  return Array.from({ length: between(random, 1, DISTURBANCES_MAX) }, draw);
}

/** The members 0..peers-1 in random order (Fisher and Yates). */
function shuffled(random: Random, peers: number): number[] {
  const members = Array.from({ length: peers }, (_, member) => member);
  for (let last = peers - 1; last > 0; last -= 1) {
    const other = between(random, 0, last);
    [members[last], members[other]] = [members[other]!, members[last]!];
  }
  return members;
}

function drawCrashes(
  random: Random,
  peers: number,
  busyUs: number,
  minorityOnly: boolean,
): Fault[] {
  const most = minorityOnly ? minorityOf(peers) : peers - 1;
  if (most === 0) return [];
  const count = random() < 0.5 ? 1 : between(random, 1, most);
  // Member 0 crashes more often than by chance, because it often leads an algorithm.
  const members = shuffled(random, peers);
  if (random() < 0.4) members.sort((a, b) => a - b);
  return members.slice(0, count).map((member) => drawCrash(random, peers, member, busyUs));
}

/**
 * Draws a crash: half of them in the middle of what the member does, so that a multicast reaches only
 * some.
 */
function drawCrash(random: Random, peers: number, member: number, busyUs: number): Fault {
  const atUs = between(random, 0, busyUs);
  if (random() < 0.5) return { kind: 'crash', member, atUs };
  return { kind: 'crash', member, atUs, afterSends: between(random, 0, 2 * peers) };
}

function drawSpan(random: Random, busyUs: number): { atUs: number; untilUs: number } {
  const atUs = between(random, 0, busyUs);
  return { atUs, untilUs: atUs + between(random, 1_000, DISTURBANCE_US_MAX) };
}

function drawPause(random: Random, peers: number, busyUs: number): Fault {
  return { kind: 'pause', member: between(random, 0, peers - 1), ...drawSpan(random, busyUs) };
}

function drawPartition(random: Random, peers: number, busyUs: number): Fault {
  const members = shuffled(random, peers);
  const cut = between(random, 1, peers - 1);
  const symmetric = random() < 0.6;
  const from = members.slice(0, cut).sort((a, b) => a - b);
  const to = members.slice(cut).sort((a, b) => a - b);
  return { kind: 'partition', from, to, symmetric, ...drawSpan(random, busyUs) };
}

function drawClog(random: Random, peers: number, busyUs: number): Fault {
  const [from, to] = shuffled(random, peers);
  const extraUs = between(random, 10, 3_000) * 1_000;
  return { kind: 'clog', from: from!, to: to!, extraUs, ...drawSpan(random, busyUs) };
}

function drawSkew(random: Random, peers: number): Fault {
  return {
    kind: 'clockSkew',
    member: between(random, 0, peers - 1),
    rate: between(random, 80, 125) / 100,
    offsetUs: between(random, 0, 5_000_000),
  };
}

function drawLateStart(random: Random, peers: number, busyUs: number): Fault {
  return {
    kind: 'lateStart',
    member: between(random, 0, peers - 1),
    atUs: between(random, 1_000, Math.max(1_000, busyUs)),
  };
}

import type { Delay, Fault, NetworkScenario, Scenario } from '../scenario.ts';
import { simplerPayloads } from './draw-payloads.ts';
import { withEnd } from './draw-scenario.ts';

/** How many seeds each change of structure is tried under, since it draws other delays. */
const SEEDS_TRIED = 6;
/** A group of at least this many members is halved first, before members are taken away one by one. */
const MANY_PEERS = 6;
const DELAYS: readonly Delay[] = [
  { kind: 'constant', us: 10_000 },
  { kind: 'uniform', minUs: 1_000, maxUs: 50_000 },
];

export interface Shrunk {
  readonly scenario: Scenario;
  /** How many runs it took. */
  readonly attempts: number;
}

/**
 * A simpler scenario that still fails. The search is greedy: the first simplification that fails is
 * taken and all are tried again, until none fails or `mayGoOn` says no, which is asked before each run
 * with the number of runs until then (delta debugging, Zeller & Hildebrandt 2002, in its simplest
 * form). `fails` has to be deterministic; the result is so, too. So what did not fail once is not run again: several
 * simplifications may lead to the same scenario, and without this up to three of four candidates were known.
 */
export function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => boolean,
  mayGoOn: (attempts: number) => boolean,
): Shrunk {
  let attempts = 0;
  let smallest = scenario;
  const passed = new Set<string>();
  const take = (candidate: Scenario): boolean => {
    const text = JSON.stringify(candidate);
    if (passed.has(text)) return false;
    attempts += 1;
    const isTaken = fails(candidate);
    if (isTaken) smallest = candidate;
    else passed.add(text);
    return isTaken;
  };
  for (let improved = true; improved && mayGoOn(attempts);) {
    improved = false;
    for (const candidate of simplifications(smallest)) {
      if (!mayGoOn(attempts)) break;
      improved = take(candidate);
      if (improved) break;
    }
  }
  return { scenario: smallest, attempts };
}

/** Every scenario that is one step simpler, those that promise most first. */
function* simplifications(scenario: Scenario): Generator<Scenario> {
  for (const simpler of withoutFaults(scenario)) yield simpler;
  for (const smaller of smallerRuns(scenario)) yield* underSeeds(smaller);
  for (const calmer of calmerNetworks(scenario)) yield* underSeeds(calmer);
  for (const simpler of simplerFaults(scenario)) yield simpler;
  for (const payloads of simplerPayloads(scenario)) yield { ...scenario, ...payloads };
  for (const intervalUs of simplerIntervals(scenario)) {
    yield* underSeeds(withEnd({ ...scenario, intervalUs }));
  }
}

function* underSeeds(scenario: Scenario): Generator<Scenario> {
  yield scenario;
  for (let seed = 1; seed <= SEEDS_TRIED; seed += 1) {
    if (seed !== scenario.seed) yield { ...scenario, seed };
  }
}

function* withoutFaults(scenario: Scenario): Generator<Scenario> {
  const { faults } = scenario;
  if (faults.length > 1) yield withEnd({ ...scenario, faults: [] });
  for (let index = 0; index < faults.length; index += 1) {
    yield withEnd({ ...scenario, faults: faults.filter((_, other) => other !== index) });
  }
}

function* smallerRuns(scenario: Scenario): Generator<Scenario> {
  const { peers, messages } = scenario;
  if (peers >= MANY_PEERS) yield withHalf(scenario);
  for (let member = peers - 1; peers > 2 && member >= 0; member -= 1) {
    yield withoutMember(scenario, member);
  }
  for (const count of fewerThan(messages)) yield withEnd({ ...scenario, messages: count });
}

/**
 * Smaller numbers of messages: one, then what is left without a half, a quarter, an eighth, ...: few
 * steps to the fewest.
 */
function fewerThan(messages: number): Set<number> {
  const fewer = new Set<number>(messages > 1 ? [1] : []);
  for (let taken = Math.floor(messages / 2); taken >= 1; taken = Math.floor(taken / 2)) {
    fewer.add(messages - taken);
  }
  return fewer;
}

/** The first half of the members of a large group. */
function withHalf(scenario: Scenario): Scenario {
  let smaller = scenario;
  const half = Math.ceil(scenario.peers / 2);
  for (let member = scenario.peers - 1; member >= half; member -= 1) {
    smaller = withoutMember(smaller, member);
  }
  return smaller;
}

function* calmerNetworks(scenario: Scenario): Generator<Scenario> {
  const { network } = scenario;
  const changes: Partial<NetworkScenario>[] = [];
  if (network.loss > 0) changes.push({ loss: 0, burst: 1 });
  if (network.burst > 1) changes.push({ burst: 1 });
  if (network.repetition > 0) changes.push({ repetition: 0 });
  if (network.reordering > 0) changes.push({ reordering: 0, reorderingUs: 0 });
  for (const delay of fewerChanges(network.delay)) changes.push({ delay });
  const rank = DELAYS.findIndex((delay) => JSON.stringify(delay) === JSON.stringify(network.delay));
  for (const delay of rank < 0 ? DELAYS : DELAYS.slice(0, rank)) changes.push({ delay });
  for (const change of changes) {
    yield withEnd({ ...scenario, network: { ...network, ...change } });
  }
}

/** Priorities that change less often. */
function fewerChanges(delay: Delay): Delay[] {
  if (delay.kind !== 'priorities') return [];
  const { changes } = delay;
  return changes.map((_, gone) => ({
    ...delay,
    changes: changes.filter((_change, place) => place !== gone),
  }));
}

/** Simpler forms of a fault: shorter, or at a rounder time, as both are easier to think about. */
function* simplerFaults(scenario: Scenario): Generator<Scenario> {
  for (const [index, fault] of scenario.faults.entries()) {
    for (const simpler of simplerFault(fault)) {
      const faults = scenario.faults.map((other, place) => (place === index ? simpler : other));
      yield withEnd({ ...scenario, faults });
    }
  }
}

function simplerFault(fault: Fault): Fault[] {
  if (fault.kind === 'clockSkew') return [];
  const simpler: Fault[] = [];
  const lengthUs = 'untilUs' in fault ? fault.untilUs - fault.atUs : 0;
  for (const unitUs of [1_000_000, 100_000, 10_000, 1_000]) {
    const atUs = Math.round(fault.atUs / unitUs) * unitUs;
    if (atUs === fault.atUs) break;
    simpler.push(
      'untilUs' in fault ? { ...fault, atUs, untilUs: atUs + lengthUs } : { ...fault, atUs },
    );
  }
  if ('untilUs' in fault && lengthUs >= 2_000) {
    simpler.push({ ...fault, untilUs: fault.atUs + Math.floor(lengthUs / 2_000) * 1_000 });
  }
  if (fault.kind === 'crash' && fault.afterSends !== undefined) {
    const { afterSends, ...atOnce } = fault;
    simpler.push(atOnce);
    if (afterSends > 0) simpler.push({ ...fault, afterSends: afterSends - 1 });
  }
  if (fault.kind === 'crash' && fault.restartAfterUs !== undefined) {
    const { restartAfterUs: _after, admitted: _admitted, ...forEver } = fault;
    simpler.push(forEver);
  }
  if (fault.kind === 'partition' && !fault.symmetric) simpler.push({ ...fault, symmetric: true });
  return simpler;
}

function simplerIntervals({ intervalUs }: Scenario): Scenario['intervalUs'][] {
  const simplest = [
    { min: 0, max: 0 },
    { min: 10_000, max: 10_000 },
  ];
  const rank = simplest.findIndex(
    ({ min, max }) => min === intervalUs.min && max === intervalUs.max,
  );
  return rank < 0 ? simplest : simplest.slice(0, rank);
}

/** The same scenario without one member; those after it move up. */
export function withoutMember(scenario: Scenario, member: number): Scenario {
  const { network } = scenario;
  const { delay } = network;
  const faults = scenario.faults.flatMap((fault) => faultWithout(fault, member));
  const zones = delay.kind === 'zones' ? delay.zones.filter((_, index) => index !== member) : [];
  return withEnd({
    ...scenario,
    peers: scenario.peers - 1,
    faults,
    network: delay.kind === 'zones' ? { ...network, delay: { ...delay, zones } } : network,
  });
}

function faultWithout(fault: Fault, gone: number): Fault[] {
  const moved = (member: number): number => (member > gone ? member - 1 : member);
  if (fault.kind === 'partition') {
    const [from, to] = [fault.from, fault.to].map((side) =>
      side.filter((member) => member !== gone).map(moved),
    );
    return from!.length === 0 || to!.length === 0 ? [] : [{ ...fault, from: from!, to: to! }];
  }
  if (fault.kind === 'clog') {
    if (fault.from === gone || fault.to === gone) return [];
    return [{ ...fault, from: moved(fault.from), to: moved(fault.to) }];
  }
  return fault.member === gone ? [] : [{ ...fault, member: moved(fault.member) }];
}

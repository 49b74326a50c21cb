import { payloadConflict, WORKLOADS } from '../../control/workload.ts';
import { TIME_US_MAX } from './event-queue.ts';
import { pathBetween } from '../../network/network-model.ts';
import type { Delay, Fault, NetworkScenario, Scenario } from '../scenario.ts';

/** What a simulated run may ask for; errors quote it. */
export const SCENARIO_LIMITS = {
  peersMin: 2,
  peersMax: 4_096,
  /** peers x peers x messages: a byte each, and the comparison's tables. */
  deliveriesMax: 2 ** 27,
  payloadBytesMax: 1_000,
  timeUsMax: TIME_US_MAX,
  lossMax: 0.5,
  burstMax: 1_000,
  faultsMax: 0xffff,
  /** Changes of priorities. */
  changesMax: 1_000,
  seedMax: 0xffff_ffff,
  afterSendsMax: 1_000_000,
  rateMin: 0.01,
  rateMax: 100,
} as const;

/** @throws RangeError that names the first field that is wrong, what it is, and what is allowed. */
export function validateScenario(scenario: Scenario): void {
  const { peers, messages, intervalUs, faults } = scenario;
  checkInteger('peers', peers, SCENARIO_LIMITS.peersMin, SCENARIO_LIMITS.peersMax);
  const messagesMax = Math.floor(SCENARIO_LIMITS.deliveriesMax / (peers * peers));
  checkInteger('messages', messages, 1, messagesMax);
  checkInteger('payloadBytes', scenario.payloadBytes, 0, SCENARIO_LIMITS.payloadBytesMax);
  checkWorkload(scenario);
  checkInteger('seed', scenario.seed, 0, SCENARIO_LIMITS.seedMax);
  checkInteger('endUs', scenario.endUs, 1, TIME_US_MAX);
  checkInteger('intervalUs.min', intervalUs.min, 0, TIME_US_MAX);
  checkInteger('intervalUs.max', intervalUs.max, intervalUs.min, TIME_US_MAX);
  checkNetwork(scenario.network, peers);
  checkInteger('faults.length', faults.length, 0, SCENARIO_LIMITS.faultsMax);
  faults.forEach((fault, index) => checkFault(`faults[${index}]`, fault, peers));
  checkOnePerMember(faults, 'clockSkew');
  checkOnePerMember(faults, 'lateStart');
}

function checkWorkload({ workload = 'none', payloadBytes }: Scenario): void {
  if (!WORKLOADS.includes(workload)) refuse('workload', workload, WORKLOADS.join(' or '));
  const conflict = payloadConflict(workload, payloadBytes);
  if (conflict !== null) refuse('payloadBytes', payloadBytes, `0, since ${conflict}`);
}

function checkNetwork(network: NetworkScenario, peers: number): void {
  checkNumber('network.loss', network.loss, 0, SCENARIO_LIMITS.lossMax);
  checkInteger('network.burst', network.burst, 1, SCENARIO_LIMITS.burstMax);
  checkNumber('network.repetition', network.repetition, 0, 1);
  checkNumber('network.reordering', network.reordering, 0, 1);
  checkInteger('network.reorderingUs', network.reorderingUs, 0, TIME_US_MAX);
  const calmFromUs = network.calmFromUs ?? 0;
  checkInteger('network.calmFromUs', calmFromUs, 0, TIME_US_MAX);
  checkDelay(network.delay, peers);
}

function checkDelay(delay: Delay, peers: number): void {
  switch (delay.kind) {
    case 'zones':
      checkInteger('network.delay.zones.length', delay.zones.length, peers, peers);
      for (const zone of delay.zones) pathBetween(zone, zone);
      break;
    case 'constant':
      checkInteger('network.delay.us', delay.us, 0, TIME_US_MAX);
      break;
    case 'uniform':
      checkInteger('network.delay.minUs', delay.minUs, 0, TIME_US_MAX);
      checkInteger('network.delay.maxUs', delay.maxUs, delay.minUs, TIME_US_MAX);
      break;
    case 'exponential':
      checkNumber('network.delay.meanUs', delay.meanUs, 0, TIME_US_MAX);
      break;
    case 'priorities':
      checkPriorities(delay);
      break;
    default:
      refuse('network.delay', delay, 'kind zones, constant, uniform, exponential or priorities');
  }
}

function checkPriorities({ minUs, maxUs, changes }: Extract<Delay, { kind: 'priorities' }>): void {
  checkInteger('network.delay.minUs', minUs, 1, TIME_US_MAX);
  checkInteger('network.delay.maxUs', maxUs, minUs, TIME_US_MAX);
  checkInteger('network.delay.changes.length', changes.length, 0, SCENARIO_LIMITS.changesMax);
  for (const [index, packet] of changes.entries()) {
    checkInteger('network.delay.changes', packet, changes[index - 1] ?? 0, 0xffff_ffff);
  }
}

function checkFault(name: string, fault: Fault, peers: number): void {
  switch (fault.kind) {
    case 'crash':
      checkMember(`${name}.member`, fault.member, peers);
      checkInteger(`${name}.atUs`, fault.atUs, 0, TIME_US_MAX);
      checkInteger(`${name}.afterSends`, fault.afterSends ?? 0, 0, SCENARIO_LIMITS.afterSendsMax);
      checkInteger(`${name}.restartAfterUs`, fault.restartAfterUs ?? 0, 0, TIME_US_MAX);
      if (fault.admitted === true && fault.restartAfterUs === undefined) {
        refuse(`${name}.admitted`, true, 'true only with restartAfterUs');
      }
      return;
    case 'pause':
      checkMember(`${name}.member`, fault.member, peers);
      checkSpan(name, fault);
      return;
    case 'lateStart':
      checkMember(`${name}.member`, fault.member, peers);
      checkInteger(`${name}.atUs`, fault.atUs, 0, TIME_US_MAX);
      return;
    case 'clockSkew':
      checkMember(`${name}.member`, fault.member, peers);
      checkNumber(`${name}.rate`, fault.rate, SCENARIO_LIMITS.rateMin, SCENARIO_LIMITS.rateMax);
      checkInteger(`${name}.offsetUs`, fault.offsetUs, 0, TIME_US_MAX);
      return;
    case 'partition':
      for (const member of fault.from) checkMember(`${name}.from`, member, peers);
      for (const member of fault.to) checkMember(`${name}.to`, member, peers);
      checkSpan(name, fault);
      return;
    case 'clog':
      checkMember(`${name}.from`, fault.from, peers);
      checkMember(`${name}.to`, fault.to, peers);
      checkInteger(`${name}.extraUs`, fault.extraUs, 0, TIME_US_MAX);
      checkSpan(name, fault);
      return;
    default:
      refuse(name, fault, 'kind crash, pause, lateStart, clockSkew, partition or clog');
  }
}

function checkSpan(name: string, span: { readonly atUs: number; readonly untilUs: number }): void {
  checkInteger(`${name}.atUs`, span.atUs, 0, TIME_US_MAX);
  checkInteger(`${name}.untilUs`, span.untilUs, span.atUs, TIME_US_MAX);
}

/** A member has one clock, and begins once. */
function checkOnePerMember(faults: readonly Fault[], kind: 'clockSkew' | 'lateStart'): void {
  const members = new Set<number>();
  for (const fault of faults) {
    if (fault.kind !== kind) continue;
    if (members.has(fault.member)) {
      refuse('faults', `a second ${kind} of member ${fault.member}`, 'one a member');
    }
    members.add(fault.member);
  }
}

function checkMember(name: string, member: number, peers: number): void {
  checkInteger(name, member, 0, peers - 1);
}

function checkInteger(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  refuse(name, value, `a whole number from ${min} to ${max}`);
}

function checkNumber(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  refuse(name, value, `a number from ${min} to ${max}`);
}

function refuse(name: string, value: unknown, allowed: string): never {
  const shown = typeof value === 'string' ? value : JSON.stringify(value);
  throw new RangeError(`the scenario's ${name} is ${shown}; allowed: ${allowed}`);
}

import type { FaultKind, Scenario } from '../../simulation/scenario.ts';
import type { EndReason, SimulationResult } from '../../simulation/simulate.ts';
import { count, formatNumber, wrap } from '../render/table.ts';

const REASONS: Readonly<Record<EndReason, string>> = {
  quiet: 'nothing was left to happen',
  complete: 'everything that can be delivered was delivered',
  end: "the scenario's end came",
  stuck: 'more events than are allowed had happened',
  interrupted: 'it was not to go on',
};

const FAULT_NAMES: Readonly<Record<FaultKind, readonly [singular: string, plural: string]>> = {
  crash: ['crash', 'crashes'],
  restart: ['restart', 'restarts'],
  pause: ['pause', 'pauses'],
  lateStart: ['late start', 'late starts'],
  clockSkew: ['skewed clock', 'skewed clocks'],
  partition: ['packet cut by a partition', 'packets cut by a partition'],
  clog: ['packet on a clogged path', 'packets on a clogged path'],
  loss: ['packet lost', 'packets lost'],
  repetition: ['packet repeated', 'packets repeated'],
  reordering: ['packet held back', 'packets held back'],
};

/** What only a simulated run can tell, as text for a person; pure. */
export function renderSimulation(scenario: Scenario, result: SimulationResult): string {
  const rows: [string, string][] = [
    ['Virtual time', `${formatNumber(result.endedAtUs / 1e6, 3)} s; ${REASONS[result.reason]}`],
    ['Messages sent', describeMessages(result)],
    ['Faults', describeFaults(scenario, result)],
  ];
  const lines = rows.map(([label, text]) => {
    return `  ${label.padEnd(20)}${wrap(text, ' '.repeat(22)).trimStart()}`;
  });
  return ['Simulation', ...lines].join('\n');
}

function describeMessages({ members }: SimulationResult): string {
  const sum = (of: (member: (typeof members)[number]) => number): number =>
    members.reduce((total, member) => total + of(member), 0);
  const multicasts = sum(({ sequence }) => sequence.multicasts);
  const each = (messages: number): string => formatNumber(messages / Math.max(1, multicasts), 2);
  const data = sum(({ dataMessagesSent }) => dataMessagesSent);
  const control = sum(({ controlMessagesSent }) => controlMessagesSent);
  return (
    `${each(data)} data and ${each(control)} control a multicast, each destination counted ` +
    `(${count(multicasts, 'multicast')})`
  );
}

/** A fault that was asked for and had no effect is said to have had none. */
function describeFaults(scenario: Scenario, { faultsHappened }: SimulationResult): string {
  const asked = askedFor(scenario);
  const kinds = Object.keys(FAULT_NAMES) as FaultKind[];
  const happened = kinds
    .filter((kind) => faultsHappened[kind] > 0)
    .map((kind) => count(faultsHappened[kind], ...FAULT_NAMES[kind]));
  const idle = kinds
    .filter((kind) => asked.has(kind) && faultsHappened[kind] === 0)
    .map((kind) => `no ${FAULT_NAMES[kind][0]}, though asked for`);
  return [...happened, ...idle].join('; ') || 'none';
}

function askedFor({ network, faults }: Scenario): Set<FaultKind> {
  const asked = new Set<FaultKind>(faults.map(({ kind }) => kind));
  const restarts = faults.some((fault) => fault.kind === 'crash' && 'restartAfterUs' in fault);
  if (restarts) asked.add('restart');
  if (network.loss > 0) asked.add('loss');
  if (network.repetition > 0) asked.add('repetition');
  if (network.reordering > 0) asked.add('reordering');
  return asked;
}

import { largestOf, medianOf } from '../../charts/statistics.ts';
import type { MemberFigures } from '../../cli/bench/member-figures.ts';

/** One run of one system. */
export interface RunFigures {
  readonly system: string;
  /** The median of the members. */
  readonly perSecond: number;
  readonly cpuUsPerDelivery: number;
  /** The median of the members' medians, and the worst of their 99th percentiles; `null` where no member measures. */
  readonly ownP50Ms: number | null;
  readonly ownP99Ms: number | null;
  /** How many different orders the members delivered in: 1 for a total order. */
  readonly orders: number;
  /** Deliveries that never came. */
  readonly missing: number;
  readonly datagramsPerDelivery: number | null;
  readonly residentMiBMax: number;
  /** Datagrams that the kernel dropped because a receive buffer was full, in the network of the run. */
  readonly bufferErrors: number;
}

/** `expected`: the deliveries of all members together. `cpuUs`: of processes that serve all members. */
export function summariseFigures(
  system: string,
  members: readonly MemberFigures[],
  expected: number,
  bufferErrors: number,
  cpuUs = 0,
): RunFigures {
  const sum = (of: (member: MemberFigures) => number): number =>
    members.reduce((total, member) => total + of(member), 0);
  const deliveries = sum((member) => member.deliveries);
  const isCounted = members.every(({ datagrams }) => datagrams !== null);
  return {
    system,
    perSecond: Math.round(medianOf(members.map((member) => member.perSecond))!),
    cpuUsPerDelivery: round((cpuUs + sum((member) => member.cpuUs)) / Math.max(1, deliveries)),
    ownP50Ms: roundMeasured(medianOf(members.flatMap(({ ownP50Ms }) => ownP50Ms ?? []))),
    ownP99Ms: roundMeasured(largestOf(members.flatMap(({ ownP99Ms }) => ownP99Ms ?? []))),
    orders: new Set(members.map((member) => member.orderHash)).size,
    missing: expected - deliveries,
    datagramsPerDelivery: isCounted
      ? round(sum(({ datagrams }) => datagrams!) / Math.max(1, deliveries))
      : null,
    residentMiBMax: Math.round(Math.max(...members.map((member) => member.residentMiBMax))),
    bufferErrors,
  };
}

function roundMeasured(value: number | null): number | null {
  return value === null ? null : round(value);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

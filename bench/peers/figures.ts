/** What one member of a system says once it has delivered everything, or given up. */
export interface MemberFigures {
  /** Distinct messages delivered. */
  readonly deliveries: number;
  /** Distinct messages delivered a second, from its first multicast to its last delivery. */
  readonly perSecond: number;
  /** A hash of the order, equal at all members that delivered the same in the same order. */
  readonly orderHash: string;
  /** Processor time of its processes from the start of the run on. */
  readonly cpuUs: number;
  /** From multicast to delivery of its own messages; 0 where it is not measured. */
  readonly ownP50Ms: number;
  readonly ownP99Ms: number;
  /** `null` where they are not counted. */
  readonly datagrams: number | null;
  readonly residentMiB: number;
}

/** One run of one system. */
export interface RunFigures {
  readonly system: string;
  /** The median of the members. */
  readonly perSecond: number;
  readonly cpuUsPerDelivery: number;
  readonly ownP50Ms: number;
  readonly ownP99Ms: number;
  /** How many different orders the members delivered in: 1 for a total order. */
  readonly orders: number;
  /** Deliveries that never came. */
  readonly missing: number;
  readonly datagramsPerDelivery: number | null;
  readonly residentMiBMax: number;
  /** Datagrams that the kernel dropped because a receive buffer was full, in the network of the run. */
  readonly bufferErrors: number;
}

/** A member that said nothing by the deadline. */
export const NO_FIGURES: MemberFigures = {
  deliveries: 0,
  perSecond: 0,
  orderHash: 'none',
  cpuUs: 0,
  ownP50Ms: 0,
  ownP99Ms: 0,
  datagrams: null,
  residentMiB: 0,
};

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
    perSecond: Math.round(median(members.map((member) => member.perSecond))),
    cpuUsPerDelivery: round((cpuUs + sum((member) => member.cpuUs)) / Math.max(1, deliveries)),
    ownP50Ms: round(median(members.map((member) => member.ownP50Ms))),
    ownP99Ms: round(Math.max(...members.map((member) => member.ownP99Ms))),
    orders: new Set(members.map((member) => member.orderHash)).size,
    missing: expected - deliveries,
    datagramsPerDelivery: isCounted
      ? round(sum(({ datagrams }) => datagrams!) / Math.max(1, deliveries))
      : null,
    residentMiBMax: Math.round(Math.max(...members.map((member) => member.residentMiB))),
    bufferErrors,
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

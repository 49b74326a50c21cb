/** What one member of a system says once it has delivered everything, or given up. */
export interface MemberFigures {
  /** Distinct messages delivered. */
  readonly deliveries: number;
  /** Distinct messages delivered a second, from its first multicast to its last delivery. */
  readonly perSecond: number;
  /** A hash of the order, equal at all members that delivered the same in the same order. */
  readonly orderHash: string;
  /** Processor time of the whole process from the start of the run on. */
  readonly cpuUs: number;
  /** From multicast to delivery of its own messages; 0 where it is not measured. */
  readonly ownP50Ms: number;
  readonly ownP99Ms: number;
  readonly datagrams: number;
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
  readonly datagramsPerDelivery: number;
  readonly residentMiBMax: number;
  /** Datagrams that the kernel dropped because a receive buffer was full, on the whole machine. */
  readonly bufferErrors: number;
}

export function summariseFigures(
  system: string,
  members: readonly MemberFigures[],
  expected: number,
  bufferErrors: number,
): RunFigures {
  const sum = (of: (member: MemberFigures) => number): number =>
    members.reduce((total, member) => total + of(member), 0);
  const deliveries = sum((member) => member.deliveries);
  return {
    system,
    perSecond: Math.round(median(members.map((member) => member.perSecond))),
    cpuUsPerDelivery: round(sum((member) => member.cpuUs) / deliveries),
    ownP50Ms: round(median(members.map((member) => member.ownP50Ms))),
    ownP99Ms: round(Math.max(...members.map((member) => member.ownP99Ms))),
    orders: new Set(members.map((member) => member.orderHash)).size,
    missing: expected - deliveries,
    datagramsPerDelivery: round(sum((member) => member.datagrams) / deliveries),
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

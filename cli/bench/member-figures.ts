/** What one member of a bench says once it has delivered everything, or given up. */
export interface MemberFigures {
  /** How many distinct messages it delivered. */
  readonly deliveries: number;
  /** Distinct messages delivered a second, after what does not count. */
  readonly perSecond: number;
  /** A hash of the order, equal at all members that delivered the same in the same order. */
  readonly orderHash: string;
  /** Processor time of its processes from the start of the run on. */
  readonly cpuUs: number;
  /** From when its own messages were due, or multicast, to their delivery; `null` where nothing was measured. */
  readonly ownP50Ms: number | null;
  readonly ownP99Ms: number | null;
  /** `null` where they are not counted. */
  readonly datagrams: number | null;
  /** The most memory that its process had resident so far. */
  readonly residentMiBMax: number;
}

/** A member that said nothing by the deadline. */
export const NO_FIGURES: MemberFigures = {
  deliveries: 0,
  perSecond: 0,
  orderHash: 'none',
  cpuUs: 0,
  ownP50Ms: null,
  ownP99Ms: null,
  datagrams: null,
  residentMiBMax: 0,
};

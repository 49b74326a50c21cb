/**
 * The share of a run's messages by which members warm up; they do not count. Until Node has compiled what
 * a member does it is several times as slow, and what piles up meanwhile takes its time.
 */
export const WARM_UP_SHARE = 0.5;
/** Of the group's multicasts, those that a load was to bring and did, from which on it was reached. */
const REACHED_SHARE = 0.95;
/** How many times as long a run may take as it is to take, and what it may take in any case. */
const PATIENCE = 5;
const SECONDS_MAX_MIN = 10;
/** Pauses are whole microseconds: with a longest one of 2 their mean is one. */
const INTERVAL_US_MIN = 2;

/** What is offered to a group, and what it made of it. */
export interface LoadFigures {
  /** The multicasts a second of all members together that were asked for; `null`: as many as go. */
  readonly offeredPerSecond: number | null;
  /** The messages a second that each member delivered: the median of the members. */
  readonly goodputPerSecond: number;
  /** From when a multicast was due to its delivery at its sender: median of the members, and the worst of them. */
  /** `null` where no message of the part that counts was delivered. */
  readonly ownP50Ms: number | null;
  readonly ownP99Ms: number | null;
  /** The part of a run that warms up counts here. */
  readonly cpuUsPerDelivery: number;
  /** Deliveries of all members that had not come by the deadline. */
  readonly missing: number;
  /** How many different orders the members delivered in. */
  readonly orders: number;
  /** Whether each member multicast the most that it may, so that the run was shorter than it was to be. */
  readonly isShortened: boolean;
}

/** Whether as much was delivered as was offered: otherwise multicasts waited at their senders. */
export function wasReached({ offeredPerSecond, goodputPerSecond }: LoadFigures): boolean {
  return offeredPerSecond === null || goodputPerSecond >= REACHED_SHARE * offeredPerSecond;
}

/**
 * The longest pause between two multicasts of one member, in whole microseconds, so that the group offers
 * about `perSecond`: pauses are uniform from 0, so that their mean is half of it.
 */
export function intervalUsMaxFor(perSecond: number, members: number): number {
  return Math.max(INTERVAL_US_MIN, Math.round((2_000_000 * members) / perSecond));
}

/** What the group offers with such pauses. */
export function perSecondOf(intervalUsMax: number, members: number): number {
  return (2_000_000 * members) / intervalUsMax;
}

/** How many messages of each member take about `seconds` at this rate of the group. */
export function messagesForLoad(
  perSecond: number,
  members: number,
  seconds: number,
  messagesMax: number,
): number {
  const wanted = Math.ceil((perSecond * seconds) / members);
  return Math.min(Math.max(wanted, 10), messagesMax);
}

/**
 * How many seconds a run may take that is to take `seconds`: the few messages that every run has take longer than that at a
 * low rate.
 */
export function secondsMaxFor(seconds: number, messages: number, intervalUsMax: number): number {
  const sendsSeconds = (messages * intervalUsMax) / 2e6;
  return Math.max(SECONDS_MAX_MIN, PATIENCE * Math.max(seconds, sendsSeconds));
}

import type { DeliveredSequence } from '../core/records/delivered-sequence.ts';
import type { Blockage } from '../core/ordering.ts';
import type { FaultKind } from './scenario.ts';

/** The outcome of one member in a simulated run. Times are microseconds of true virtual time. */
export interface MemberResult {
  /** What it delivered, and between which deliveries it multicast. */
  readonly sequence: DeliveredSequence;
  /** The first position at which it delivered what was multicast only later, or never; `null` without one. */
  readonly firstPremature: number | null;
  /** Whether a crash fault stopped it, or its ordering threw: it did not take part to the end. */
  readonly crashed: boolean;
  /** What its ordering threw, and when; `null` for one that did not. */
  readonly failure: OrderingFailure | null;
  /** Different messages of the run that it delivered: at most peers x messages. */
  readonly distinct: number;
  /** Messages that it put on the network, each destination counted: the application's, the ordering's. */
  readonly dataMessagesSent: number;
  readonly controlMessagesSent: number;
  /** How many of the packets the network lost or a partition cut. */
  readonly packetsLost: number;
  /** Packets that its full socket refused while it was paused. */
  readonly overflows: number;
  /** Messages that were handed to its ordering. */
  readonly messagesReceived: number;
  /** Microseconds from each multicast (by sequence number) to its own delivery; NaN without one. */
  readonly ownLatencyUs: Float64Array;
  /** What it still waited for at the end; `null` where that is nothing, or its ordering does not tell. */
  readonly blockage: Blockage | null;
  /** Most messages that its ordering held back at a time. */
  readonly heldMax: number;
  /** Deliveries made only after the last message of the application had arrived first. */
  readonly deliveredAfterLastArrival: number;
  /** When it first multicast, in microseconds; -1 where it never did. */
  readonly firstMulticastAtUs: number;
  readonly lastDeliveryAtUs: number;
  /** `null` unless the run was asked to measure. */
  readonly measured: MemberMeasurements | null;
}

/** What takes time to measure. */
export interface MemberMeasurements {
  /** Messages to one member that leave in one call share a datagram, as in the daemon. */
  readonly datagramsSent: number;
  /** Bytes of these datagrams, without IP and UDP headers. */
  readonly bytesSent: number;
  /** Bytes received, as if each message that arrived had come in a datagram of its own. */
  readonly bytesReceived: number;
  /** Microseconds from first arrival to delivery, for each message of another member, in order. */
  readonly holdingUs: Uint32Array;
}

/** An ordering threw. */
export interface OrderingFailure {
  readonly member: number;
  readonly atUs: number;
  readonly error: Error;
}

/**
 * Why a run ended.
 * `quiet`: nothing was left to happen. `complete`: everything that can be delivered was, everywhere
 * (see `allDelivered`), no fault was left to begin or to end, and it stayed so for the settle time,
 * although timers go on. `end`: the scenario's end came. `stuck`: more events than are allowed.
 * `interrupted`: `mayGoOn` said no.
 */
export type EndReason = 'quiet' | 'complete' | 'end' | 'stuck' | 'interrupted';

export interface SimulationResult {
  /** The members by index. */
  readonly members: readonly MemberResult[];
  /** How often each fault had an effect: packets cut, lost, repeated, ...; members crashed, ... */
  readonly faultsHappened: Readonly<Record<FaultKind, number>>;
  readonly reason: EndReason;
  /**
   * Whether every member that lives multicast all its messages and delivered all messages of members
   * that live, and these members delivered equally many (also of those that crashed).
   */
  readonly allDelivered: boolean;
  /** The time of the last event that happened; the scenario's end for `end`. */
  readonly endedAtUs: number;
  readonly events: number;
  /** The first ordering that threw; `null` when none did. */
  readonly failure: OrderingFailure | null;
}

/** How far a run is that goes on. */
export interface HowFar {
  readonly nowUs: number;
  readonly events: number;
  /** By member: how many different messages of the run it has delivered. */
  readonly members: readonly { readonly record: { readonly distinct: number } }[];
}

export interface SimulationOptions {
  /**
   * Whether datagrams, bytes and holding times are measured, which takes about half as long again;
   * default false.
   */
  readonly measure?: boolean;
  /**
   * How long everything must stay delivered before the run ends as `complete`; default 5 s: time for
   * a duplicate to come, and for a member that was excluded to hear of it.
   */
  readonly settleUs?: number;
  /**
   * Whether messages are frozen when they are sent, and an error is thrown for what the wire could not
   * carry: for an ordering that may change what it sent. A run then takes twice as long; default false.
   */
  readonly strict?: boolean;
  /** The number of events after which the run ends as `stuck`; default 2,000,000,000. */
  readonly eventsMax?: number;
  /** Is asked now and then; when it says no, the run ends as `interrupted`. */
  readonly mayGoOn?: (run: HowFar) => boolean;
  /** After how many events `mayGoOn` is asked again; default 256. */
  readonly eventsPerQuestion?: number;
}

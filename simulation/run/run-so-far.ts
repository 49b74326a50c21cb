import type { Ordering } from '../../core/ordering.ts';
import type { OrderingFailure } from '../simulation-result.ts';
import type { Scenario } from '../scenario.ts';
import type { Member } from './member.ts';

/** What has happened at one member until now. */
export interface MemberSoFar extends Pick<Member, 'running' | 'record'> {
  readonly schedule: { readonly sentAll: boolean };
  readonly ordering: Pick<Ordering, 'blockage'>;
}

/** How many packets each fault of the network had an effect on. */
export interface PacketFaults {
  readonly lost: number;
  readonly cut: number;
  readonly clogged: number;
  readonly repeated: number;
  readonly reordered: number;
}

export const NO_PACKET_FAULTS: PacketFaults = {
  lost: 0,
  cut: 0,
  clogged: 0,
  repeated: 0,
  reordered: 0,
};

/** What has happened in a simulated run until now: its end is decided by it, and its result made of it. */
export interface RunSoFar {
  readonly scenario: Scenario;
  readonly nowUs: number;
  readonly members: readonly MemberSoFar[];
  readonly network: PacketFaults;
  /** How many processes were started again after a crash. */
  readonly secondLives: { readonly restarts: number };
  readonly failures: readonly OrderingFailure[];
  readonly events: number;
  /** How many members crashed, and how many pauses and late starts made a member wait. */
  readonly crashes: number;
  readonly pauses: number;
  readonly lateStarts: number;
  /** How many events of faults are still to come. */
  readonly faultsToCome: number;
}

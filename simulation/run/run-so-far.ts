import type { Failure } from '../simulation-result.ts';
import type { Scenario } from '../scenario.ts';
import type { Member } from './member.ts';
import type { PacketNetwork } from './packet-network.ts';
import type { SecondLives } from './second-life.ts';

/** What has happened in a simulated run until now: what its end is decided by, and its result made of. */
export interface RunSoFar {
  readonly scenario: Scenario;
  readonly nowUs: number;
  readonly members: readonly Member[];
  readonly network: PacketNetwork;
  readonly secondLives: SecondLives;
  readonly failures: readonly Failure[];
  readonly events: number;
  /** Members that crashed, pauses and late starts that made a member wait. */
  readonly crashes: number;
  readonly pauses: number;
  readonly lateStarts: number;
  /** Fault events that are still to come. */
  readonly faultsToCome: number;
}

import { Payloads } from '../../control/workload.ts';
import type { Scenario } from '../scenario.ts';

/** What the applications of a run have multicast so far: what every delivery is held against. */
export class Multicasts {
  /** How many messages, by sender. */
  readonly counts: Uint32Array;
  /** What each of them carries; ordering and judge never get the same bytes. */
  readonly payloads: Payloads;

  constructor(scenario: Scenario) {
    this.counts = new Uint32Array(scenario.peers);
    this.payloads = new Payloads(scenario);
  }
}

import type { Workload } from '../control/workload.ts';

/**
 * One simulated run, whole: the same scenario gives the same events on every machine. Plain JSON, so
 * that a failing one can be printed, shrunk and replayed. Times are integer microseconds of virtual
 * time since the run began; members are indices.
 */
export interface Scenario {
  readonly peers: number;
  readonly messages: number;
  readonly payloadBytes: number;
  /** What the messages carry, in place of `payloadBytes` random bytes; absent: nothing in particular. */
  readonly workload?: Workload | undefined;
  /** Uniform random interval between two multicasts of one member. */
  readonly intervalUs: { readonly min: number; readonly max: number };
  readonly seed: number;
  readonly network: NetworkScenario;
  readonly faults: readonly Fault[];
  /** The run ends here at the latest; it ends earlier when nothing is left to happen or to wait for. */
  readonly endUs: number;
}

export interface NetworkScenario {
  readonly delay: Delay;
  /** Probability that a packet is lost, 0..0.5, and how many in a row go with it (1: independent). */
  readonly loss: number;
  readonly burst: number;
  /** Probability that a packet arrives a second time. */
  readonly repetition: number;
  /** Probability that a packet is held back by up to `reorderingUs`, so that later ones overtake it. */
  readonly reordering: number;
  readonly reorderingUs: number;
  /** When losses, repetitions and reorderings stop; absent: they go on to the end. */
  readonly calmFromUs?: number;
}

/** A network that loses, repeats and holds back nothing: packets only take their time. */
export function calmNetwork(delay: Delay): NetworkScenario {
  return { delay, loss: 0, burst: 1, repetition: 0, reordering: 0, reorderingUs: 0 };
}

export type Delay =
  /** One-way delays between the members' zones after the latency table, with its jitter or without. */
  | { readonly kind: 'zones'; readonly zones: readonly string[]; readonly jitter: boolean }
  | { readonly kind: 'constant'; readonly us: number }
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  | { readonly kind: 'exponential'; readonly meanUs: number }
  /**
   * By the place of the packet's path in an order of all paths, from `minUs` in the first place to `maxUs` in the
   * last. Packets whose numbers (of all that were sent, from 0) are in `changes`, ascending, come after all others.
   */
  | {
      readonly kind: 'priorities';
      readonly minUs: number;
      readonly maxUs: number;
      readonly changes: readonly number[];
    };

export type Fault =
  /**
   * The member stops for ever. Packets that it had sent are still under way, and arrive.
   *
   * With `afterSends` it stops not at `atUs` but in the middle of what it does at that time or later:
   * it sends this many more packets. The packet after them is never sent, and nothing happens that it
   * would have done afterwards.
   *
   * With `restartAfterUs` a new process takes its place this long after it stopped, and counts from 0
   * again. The others refuse its packets, unless `admitted` is set: then they take it for the one that
   * crashed.
   */
  | {
      readonly kind: 'crash';
      readonly member: number;
      readonly atUs: number;
      readonly afterSends?: number;
      readonly restartAfterUs?: number;
      readonly admitted?: boolean;
    }
  /** The member does nothing for a while (SIGSTOP); what arrives meanwhile waits in its socket. */
  | {
      readonly kind: 'pause';
      readonly member: number;
      readonly atUs: number;
      readonly untilUs: number;
    }
  /** The member begins to multicast only at `atUs`; it receives from the beginning. */
  | { readonly kind: 'lateStart'; readonly member: number; readonly atUs: number }
  /** The member's clock runs at `rate` times true time, and is ahead by `offsetUs`. */
  | {
      readonly kind: 'clockSkew';
      readonly member: number;
      readonly rate: number;
      readonly offsetUs: number;
    }
  /** No packet gets from a member of `from` to one of `to`; both ways if `symmetric`. Heals. */
  | {
      readonly kind: 'partition';
      readonly from: readonly number[];
      readonly to: readonly number[];
      readonly symmetric: boolean;
      readonly atUs: number;
      readonly untilUs: number;
    }
  /** Packets from one member to another take `extraUs` longer (a clogged path). */
  | {
      readonly kind: 'clog';
      readonly from: number;
      readonly to: number;
      readonly extraUs: number;
      readonly atUs: number;
      readonly untilUs: number;
    };

export type FaultKind = Fault['kind'] | 'restart' | 'loss' | 'repetition' | 'reordering';

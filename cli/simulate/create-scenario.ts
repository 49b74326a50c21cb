import { INTERVAL_MS_DEFAULT } from '../../control/limits.ts';
import { payloadBytesOf, type Workload } from '../../control/workload.ts';
import { zonesForPeers } from '../../network/zones.ts';
import type { Delay, Fault, Scenario } from '../../simulation/scenario.ts';
import { SCENARIO_LIMITS } from '../../simulation/run/validate-scenario.ts';
import { Failure } from '../shell/failure.ts';

/** What the options of `mpcomm simulate` say of the run; each is absent where it was not given. */
export interface ScenarioOptions {
  readonly peers?: number;
  readonly messages?: number;
  readonly seed?: number;
  readonly interval?: { readonly min: number; readonly max: number };
  readonly payload?: number;
  readonly workload?: Workload;
  /** Seconds of virtual time. */
  readonly deadline?: number;
  readonly zones?: readonly string[];
  readonly delay?: Delay;
  /** False for `--no-jitter`. */
  readonly jitter?: boolean;
  readonly loss?: number;
  readonly burst?: number;
  readonly repeat?: number;
  readonly reorder?: number;
  readonly crash?: readonly Fault[];
  readonly restart?: readonly Fault[];
  readonly pause?: readonly Fault[];
  readonly late?: readonly Fault[];
  readonly skew?: readonly Fault[];
  readonly partition?: readonly Fault[];
  readonly cut?: readonly Fault[];
  readonly clog?: readonly Fault[];
}

export const SIMULATE_DEFAULTS = { peers: 4, messages: 50, seed: 1 } as const;

const FAULT_OPTIONS = [
  'crash',
  'restart',
  'pause',
  'late',
  'skew',
  'partition',
  'cut',
  'clog',
] as const;
type FaultOption = (typeof FAULT_OPTIONS)[number];

/** How long a packet is held back at most: longer than most intervals. */
const REORDERING_US = 100_000;
/** The time after the last multicast and the last fault, for whatever an ordering still has to recover. */
const RECOVERY_US = 60_000_000;

/** The scenario that the options describe. Throws `Failure` where they contradict each other. */
export function createScenario(options: ScenarioOptions): Scenario {
  const { peers = SIMULATE_DEFAULTS.peers, messages = SIMULATE_DEFAULTS.messages } = options;
  const { min, max } = options.interval ?? INTERVAL_MS_DEFAULT;
  const intervalUs = { min: min * 1_000, max: max * 1_000 };
  refuseTooMany(peers, messages);
  if (options.burst !== undefined && (options.loss ?? 0) === 0) {
    throw new Failure('--burst says how many packets are lost in a row; it needs --loss P');
  }
  const faults = FAULT_OPTIONS.flatMap((option) => {
    const given = options[option] ?? [];
    checkMembers(option, given, peers);
    return given;
  });
  return {
    peers,
    messages,
    payloadBytes: payloadBytesOf(options.workload, options.payload),
    ...(options.workload !== undefined &&
      options.workload !== 'none' && { workload: options.workload }),
    intervalUs,
    seed: options.seed ?? SIMULATE_DEFAULTS.seed,
    network: {
      delay: createDelay(peers, options),
      loss: options.loss ?? 0,
      burst: options.burst ?? 1,
      repetition: options.repeat ?? 0,
      reordering: options.reorder ?? 0,
      reorderingUs: REORDERING_US,
    },
    faults,
    endUs:
      options.deadline === undefined
        ? generousEndUs(messages * intervalUs.max, faults)
        : Math.round(options.deadline * 1_000_000),
  };
}

/** The memory of a run bounds its deliveries, so that with more peers each may have fewer messages. */
function refuseTooMany(peers: number, messages: number): void {
  const messagesMax = Math.floor(SCENARIO_LIMITS.deliveriesMax / (peers * peers));
  if (messages <= messagesMax) return;
  throw new Failure(
    `--messages is ${messages}; allowed with ${peers} peers: 1 to ${messagesMax}, since a run has room for ` +
      `${SCENARIO_LIMITS.deliveriesMax} deliveries (peers x peers x messages)`,
  );
}

/** Throws `Failure` for a member that there is not, or one that an option may name only once. */
function checkMembers(option: FaultOption, faults: readonly Fault[], peers: number): void {
  const members = faults.flatMap((fault) => {
    return 'member' in fault ? [fault.member] : [fault.from, fault.to].flat();
  });
  const unknown = members.find((member) => member >= peers);
  if (unknown !== undefined) {
    throw new Failure(
      `--${option} names member ${unknown}; allowed with ${peers} peers: 0 to ${peers - 1}`,
    );
  }
  if (option !== 'late' && option !== 'skew') return;
  const twice = members.find((member, at) => members.indexOf(member) < at);
  if (twice !== undefined) {
    throw new Failure(`--${option} names member ${twice} twice; allowed: once a member`);
  }
}

function createDelay(peers: number, { delay, zones, jitter }: ScenarioOptions): Delay {
  if (delay !== undefined) {
    if (zones !== undefined || jitter === false) {
      throw new Failure('--delay goes without --zones and --no-jitter: it knows no zones');
    }
    return delay;
  }
  if (zones !== undefined && zones.length > peers) {
    throw new Failure(`--zones names ${zones.length} zones for ${peers} peers; at most one a peer`);
  }
  return { kind: 'zones', zones: zonesForPeers(peers, zones ?? null), jitter: jitter ?? true };
}

function generousEndUs(multicastsUs: number, faults: readonly Fault[]): number {
  const times = faults.map((fault) => {
    if ('untilUs' in fault) return fault.untilUs;
    return 'atUs' in fault ? fault.atUs : 0;
  });
  const lastUs = Math.max(0, ...times);
  return Math.min(lastUs + multicastsUs + RECOVERY_US, SCENARIO_LIMITS.timeUsMax);
}

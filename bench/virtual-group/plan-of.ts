import type { RunPlan } from '../../control/command.ts';
import type { Workload } from '../../control/workload.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { RunKey } from '../../peer/transport/authentication.ts';
import { EPOCH_MS } from './virtual-process.ts';

export const RUN_ID = '20260131-235959-0a1b2c3d';
const JOIN_MS = 10_000;
/** A key that costs no time, where cryptography is not what is tried. */
export const PLAIN_KEY: RunKey = {
  runTag: new Uint8Array(8),
  seal: () => undefined,
  verify: () => true,
};

/** What a plan says of a run, as in GroupScenario. */
export interface PlannedRun {
  readonly entry: OrderingEntry;
  readonly peers: number;
  readonly messages: number;
  readonly seed: number;
  readonly intervalMs: { readonly min: number; readonly max: number };
  readonly payloadBytes: number;
  readonly workload?: Workload;
  readonly datagramBytes?: number;
  readonly deadlineMs: number;
}

/** The plan of a run on virtual processes, which begins at EPOCH_MS. */
export function planOf(scenario: PlannedRun): RunPlan {
  const { entry, peers, messages, intervalMs, payloadBytes, workload, seed, deadlineMs } = scenario;
  const { datagramBytes } = scenario;
  return {
    runId: RUN_ID,
    ordering: entry.name,
    messages,
    intervalMs,
    payloadBytes,
    ...(workload !== undefined && { workload }),
    seed,
    members: Array.from({ length: peers }, (_, index) => ({
      peerId: `peer-${index}`,
      incarnation: `first-life-of-${index}`,
      zone: 'us-west1-b',
      host: '127.0.0.1',
      port: 1 + index,
      ...(datagramBytes !== undefined && { datagramBytes }),
    })),
    createdAtMs: EPOCH_MS,
    joinByMs: EPOCH_MS + Math.min(JOIN_MS, deadlineMs),
    deadlineMs: EPOCH_MS + deadlineMs,
  };
}

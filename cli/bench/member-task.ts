import type { RunPlan } from '../../control/command.ts';
import { JOIN_MS } from '../../control/limits.ts';

/** What one process of a bench is to do; it is told as JSON, in its only argument. */
export interface MemberTask {
  readonly self: number;
  readonly ordering: string;
  /** How many messages it multicasts. */
  readonly messages: number;
  readonly payloadBytes: number;
  /** The longest pause between two multicasts; 0: as fast as it goes. The shortest one is 0. */
  readonly intervalUsMax: number;
  readonly datagramBytes: number;
  /** After this long it tells what it has delivered by then. */
  readonly secondsMax: number;
  /** The share of its messages that warm up and do not count, 0 to 1. */
  readonly warmUpShare: number;
}

const MS_PER_SECOND = 1_000;

/** The plan of a run of which every member has such a task; `ports`: of each, on this machine. */
export function planOfTask(
  task: MemberTask,
  ports: readonly number[],
  createdAtMs: number,
): RunPlan {
  const { ordering, messages, payloadBytes, intervalUsMax, datagramBytes, secondsMax } = task;
  return {
    runId: '20260101-000000-0000abcd',
    ordering,
    messages,
    intervalMs: { min: 0, max: intervalUsMax / 1_000 },
    payloadBytes,
    seed: 7,
    members: ports.map((port, index) => ({
      peerId: `peer-${index}`,
      incarnation: `incarnation-${index}`,
      zone: 'us-central1-a',
      host: '127.0.0.1',
      port,
      datagramBytes,
    })),
    createdAtMs,
    joinByMs: createdAtMs + JOIN_MS,
    deadlineMs: createdAtMs + MS_PER_SECOND * secondsMax,
  };
}

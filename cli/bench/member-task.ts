import type { RunPlan } from '../../control/command.ts';
import { JOIN_MS } from '../../control/limits.ts';

/** What one process of a bench is to do in one run. */
export interface MemberTask {
  /** The number of the run, from 0 on: what is under way of the one before is none of its messages. */
  readonly run: number;
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
  const { run, ordering, messages, payloadBytes, intervalUsMax, datagramBytes, secondsMax } = task;
  return {
    runId: `20260101-000000-${run.toString(16).padStart(8, '0')}`,
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

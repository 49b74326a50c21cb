import { drawOperation, encodeOperation } from '../core/bank/bank-operation.ts';

/**
 * What the messages of a run are for. `none`: they carry `payloadBytes` bytes that mean nothing;
 * `bank`: each carries an operation of the replicated bank (core/bank/bank-operation.ts).
 */
export const WORKLOADS = ['none', 'bank'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** What a plan or a scenario says of the payloads. */
export interface PayloadRules {
  readonly workload?: Workload | undefined;
  readonly payloadBytes: number;
  readonly seed: number;
}

/** The payload of each message of member `self`, by its sequence number: the same wherever it is made. */
export function payloadsOf(
  { workload, payloadBytes, seed }: PayloadRules,
  self: number,
): (sequence: number) => Uint8Array {
  if (workload === 'bank')
    return (sequence) => encodeOperation(drawOperation(seed, self, sequence));
  const payload = new Uint8Array(payloadBytes).fill(self);
  return () => payload;
}

/** Why `payloadBytes` cannot be what it is, or `null`: an operation takes the bytes that it needs. */
export function payloadConflict(workload: Workload, payloadBytes: number): string | null {
  if (workload === 'none' || payloadBytes === 0) return null;
  return `the workload ${workload} says what is in a message, so that no payload can be asked for`;
}

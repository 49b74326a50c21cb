import { drawOperation, encodeOperation } from '../core/bank/bank-operation.ts';
import { createMessageStream, Stream } from '../core/base/random-streams.ts';
import { contentOf, type MulticastContents } from '../core/records/content.ts';

/**
 * What the messages of a run carry. `none`: `payloadBytes` bytes each that mean nothing; `mixed`: the
 * same, but from no byte to `payloadBytes`, some of them empty and short ones more often than long
 * ones; `bank`: an operation of the replicated bank each (core/bank/bank-operation.ts).
 */
export const WORKLOADS = ['none', 'mixed', 'bank'] as const;
export type Workload = (typeof WORKLOADS)[number];

/** The longest payload of the workload `mixed` where nothing else is asked for. */
export const MIXED_BYTES_DEFAULT = 300;
/** The share of its payloads that are empty. */
const EMPTY_SHARE = 0.2;

/** The one empty payload: nobody can write to it, so that all may share it. */
const NO_BYTES = new Uint8Array(0);

/** What a plan or a scenario says of the payloads. */
export interface PayloadRules {
  readonly workload?: Workload | undefined;
  readonly payloadBytes: number;
  readonly seed: number;
}

/**
 * What each message of a run carries: a pure function of the run's seed and the message, so that whoever
 * knows the run knows every payload. So nobody has to be asked, or believed, about what a sender
 * multicast (docs/decisions/0009-contents-by-exception.md).
 */
export class Payloads {
  /** Whether no message carries anything. */
  readonly areEmpty: boolean;
  readonly #rules: PayloadRules;

  constructor(rules: PayloadRules) {
    this.#rules = rules;
    this.areEmpty = rules.workload !== 'bank' && rules.payloadBytes === 0;
  }

  /** What message `sequence` of `sender` carries; fresh bytes, which the caller may write to. */
  of(sender: number, sequence: number): Uint8Array {
    const { workload, seed } = this.#rules;
    if (this.areEmpty) return NO_BYTES;
    if (workload === 'bank') return encodeOperation(drawOperation(seed, sender, sequence));
    const random = createMessageStream(seed, Stream.payloads, sender, sequence);
    const payload = new Uint8Array(this.#drawLength(random));
    fillRandomly(payload, random);
    return payload;
  }

  /** Whether `payload` is what message `sequence` of `sender` carries. */
  matches(sender: number, sequence: number, payload: Uint8Array): boolean {
    if (this.areEmpty) return payload.length === 0;
    return isSamePayload(payload, this.of(sender, sequence));
  }

  #drawLength(random: () => number): number {
    const { workload, payloadBytes } = this.#rules;
    if (workload !== 'mixed') return payloadBytes;
    if (random() < EMPTY_SHARE) return 0;
    return 1 + Math.floor(random() ** 2 * payloadBytes);
  }
}

/** Fills a payload with random bytes, four a draw. */
function fillRandomly(payload: Uint8Array, random: () => number): void {
  for (let i = 0; i < payload.length; i += 4) {
    const word = Math.floor(random() * 0x1_0000_0000);
    // Bytes beyond the end of the array are written nowhere.
    for (let byte = 0; byte < 4; byte += 1) payload[i + byte] = (word >>> (8 * byte)) & 0xff;
  }
}

/** Whether two payloads are the same, byte by byte. */
export function isSamePayload(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** The contents of a run's messages, for the judge. */
export function contentsOf(rules: PayloadRules): MulticastContents {
  const payloads = new Payloads(rules);
  return { of: (sender, sequence) => contentOf(payloads.of(sender, sequence)) };
}

/** The `payloadBytes` that were asked for, or else the workload's default. */
export function payloadBytesOf(workload: Workload | undefined, asked: number | undefined): number {
  return asked ?? (workload === 'mixed' ? MIXED_BYTES_DEFAULT : 0);
}

/** Why `payloadBytes` cannot be what it is, or `null`: an operation takes the bytes that it needs. */
export function payloadConflict(workload: Workload, payloadBytes: number): string | null {
  if (workload === 'mixed' && payloadBytes === 0) {
    return 'the workload mixed has payloads of at most payloadBytes bytes: with 0 all would be empty';
  }
  if (workload !== 'bank' || payloadBytes === 0) return null;
  return `the workload ${workload} says what is in a message, so that no payload can be asked for`;
}

import { drawOperation, encodeOperation } from '../core/bank/bank-operation.ts';
import { MessageWords } from '../core/base/message-words.ts';
import { NO_BYTES } from '../core/message.ts';
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
  /** How many bytes every payload has; -1 where they differ in that. */
  readonly #bytesOfEach: number;
  /** The bytes of a message, four a word. */
  readonly #words: MessageWords;
  /** The bytes that were compared last, and a view of them that reads words. */
  #bytes: Uint8Array = NO_BYTES;
  #view = viewOf(NO_BYTES);

  constructor(rules: PayloadRules) {
    const { workload = 'none', payloadBytes, seed } = rules;
    this.#rules = rules;
    this.#bytesOfEach = workload === 'none' ? payloadBytes : -1;
    this.#words = new MessageWords((seed ^ Stream.payloads) >>> 0);
    this.areEmpty = workload !== 'bank' && payloadBytes === 0;
  }

  /** What message `sequence` of `sender` carries; fresh bytes, which the caller may write to. */
  of(sender: number, sequence: number): Uint8Array {
    const { workload, seed } = this.#rules;
    if (this.areEmpty) return NO_BYTES;
    if (workload === 'bank') return encodeOperation(drawOperation(seed, sender, sequence));
    const payload = new Uint8Array(this.#lengthOf(sender, sequence));
    this.#words.restart(sender, sequence);
    for (let i = 0; i < payload.length; i += 4) {
      const word = this.#words.at(i >>> 2);
      // What lies beyond the end is written nowhere.
      for (let byte = 0; byte < 4; byte += 1) payload[i + byte] = word >>> (8 * byte);
    }
    return payload;
  }

  /**
   * Whether the part of `bytes` from `begin` to `end` is what message `sequence` of `sender` carries.
   * Every delivery asks, so that the bytes are compared as they are drawn, and no array is made.
   */
  matches(
    sender: number,
    sequence: number,
    bytes: Uint8Array,
    begin = 0,
    end = bytes.length,
  ): boolean {
    if (this.areEmpty) return begin === end;
    if (this.#rules.workload === 'bank') {
      return isSamePayload(bytes.subarray(begin, end), this.of(sender, sequence));
    }
    if (end - begin !== this.#lengthOf(sender, sequence)) return false;
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = viewOf(bytes);
    }
    this.#words.restart(sender, sequence);
    let i = begin;
    let index = 0;
    for (; i + 4 <= end; i += 4, index += 1) {
      if (this.#view.getInt32(i, true) !== this.#words.at(index)) return false;
    }
    // The last word is cut where the payload ends.
    for (let word = this.#words.at(index); i < end; i += 1, word >>>= 8) {
      if (bytes[i] !== (word & 0xff)) return false;
    }
    return true;
  }

  /** How many bytes a message's payload has. */
  #lengthOf(sender: number, sequence: number): number {
    if (this.#bytesOfEach >= 0) return this.#bytesOfEach;
    const { payloadBytes, seed } = this.#rules;
    const draw = createMessageStream(seed, Stream.payloads, sender, sequence);
    if (draw() < EMPTY_SHARE) return 0;
    const share = draw();
    // A product is rounded in the same way on every machine, and a power need not be.
    return 1 + Math.floor(share * share * payloadBytes);
  }
}

/** The same bytes, to read words of. */
function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
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

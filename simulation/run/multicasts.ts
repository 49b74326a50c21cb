import { isSamePayload, Payloads } from '../../control/workload.ts';
import type { Scenario } from '../scenario.ts';

/** The most messages of a run whose payloads are kept; those of a larger run are made anew. */
const KEPT_MAX = 100_000;

/** What the applications of a run have multicast so far, with which every delivery is compared. */
export class Multicasts {
  /** How many messages each sender has multicast. */
  readonly counts: Uint32Array;
  /** Whether no message of the run carries anything. */
  readonly areEmpty: boolean;
  readonly #payloads: Payloads;
  readonly #messages: number;
  /** The payload of message (sender, sequence), at sender x messages + sequence, once it was asked for. */
  readonly #kept: (Uint8Array | undefined)[] | null;

  constructor(scenario: Scenario) {
    const { peers, messages } = scenario;
    this.counts = new Uint32Array(peers);
    this.#payloads = new Payloads(scenario);
    this.areEmpty = this.#payloads.areEmpty;
    this.#messages = messages;
    this.#kept = this.areEmpty || peers * messages > KEPT_MAX ? null : new Array(peers * messages);
  }

  /** The payload of a message, for an ordering: bytes that nobody else has. */
  payloadFor(sender: number, sequence: number): Uint8Array {
    return this.#payloads.of(sender, sequence);
  }

  /** Whether the part of `bytes` from `begin` to `end` is what the message of the run carries. */
  carries(
    sender: number,
    sequence: number,
    bytes: Uint8Array,
    begin: number,
    end: number,
  ): boolean {
    const kept = this.#kept;
    if (kept === null) return this.#payloads.matches(sender, sequence, bytes, begin, end);
    const index = sender * this.#messages + sequence;
    const payload = (kept[index] ??= this.#payloads.of(sender, sequence));
    const isWhole = begin === 0 && end === bytes.length;
    return isSamePayload(isWhole ? bytes : bytes.subarray(begin, end), payload);
  }
}

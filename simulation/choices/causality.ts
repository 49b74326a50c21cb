import type { Choice } from './choice.ts';
import type { PacketsUnderWay } from './packets-under-way.ts';

/**
 * What happened before what among the steps of a chosen run (Lamport 1978), as vector clocks (Mattern 1989):
 * a step comes after the one before it at the same member, and an arrival after the step that sent the packet.
 * Two steps of different members of which neither comes before the other can change places, and no member
 * would notice: they are independent.
 */
export class Causality {
  /** The member of each step. */
  readonly #memberOf: number[] = [];
  readonly #peers: number;
  /** By step, a vector: how many steps of each member it comes after or is. */
  readonly #vectors: Uint16Array[] = [];
  /** By member, its steps. */
  readonly #stepsOf: number[][];

  constructor(peers: number) {
    this.#peers = peers;
    this.#stepsOf = Array.from({ length: peers }, () => []);
  }

  get length(): number {
    return this.#memberOf.length;
  }

  /** The step of another member without which `choice` would not be possible; null where there is none. */
  causeOf(choice: Choice, packets: PacketsUnderWay): number | null {
    if (choice.act === 'deliver') return packets.get(choice.packet)!.sentInStep;
    // A channel closes because its sender crashed, and the crash is part of the sender's last step.
    return choice.act === 'close' ? this.lastOf(choice.from) : null;
  }

  /** Takes in the next step: at `member`, an arrival of what step `sentInStep` sent unless that is null. */
  push(member: number, sentInStep: number | null): void {
    const vector = new Uint16Array(this.#peers);
    const before = this.lastOf(member);
    if (before !== null) vector.set(this.#vectors[before]!);
    if (sentInStep !== null) {
      const sent = this.#vectors[sentInStep]!;
      for (let each = 0; each < this.#peers; each += 1) {
        if (sent[each]! > vector[each]!) vector[each] = sent[each]!;
      }
    }
    this.#stepsOf[member]!.push(this.length);
    vector[member] = this.#stepsOf[member]!.length;
    this.#vectors.push(vector);
    this.#memberOf.push(member);
  }

  /** Forgets the steps from number `length` on. */
  cut(length: number): void {
    while (this.length > length) {
      this.#vectors.pop();
      this.#stepsOf[this.#memberOf.pop()!]!.pop();
    }
  }

  /** The last step of `member`; null when it has taken none. */
  lastOf(member: number): number | null {
    return this.#stepsOf[member]!.at(-1) ?? null;
  }

  /** By step of `member`, a vector: how many steps of each member it comes after or is. */
  vectorsOf(member: number): Uint16Array[] {
    return this.#stepsOf[member]!.map((step) => this.#vectors[step]!);
  }

  /** Whether step `earlier` happened before step `later`, or is it. */
  isBefore(earlier: number, later: number): boolean {
    const member = this.#memberOf[earlier]!;
    return this.#vectors[earlier]![member]! <= this.#vectors[later]![member]!;
  }
}

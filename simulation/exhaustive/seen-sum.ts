import { CRASH, type MemberState } from '../choices/states/member-state.ts';
import type { Seen } from './fate-plans.ts';

/** A state holds on to all that its member was seen to do until those are forgotten (group-states.ts). */
const KNOWN_MAX = 10_000;

/**
 * What members showed in the schedules of a search so far. It remembers few states: a search comes through more of
 * them than a machine has memory for.
 */
export class SeenSum {
  readonly #peers: number;
  readonly #sent: number[];
  readonly #sends: number[][];
  /** How many packets the path of one state sends to each member. */
  readonly #ofPath: number[];
  /** States that were taken in already: in most searches, many schedules lead to the same. */
  readonly #known = new Set<MemberState>();

  constructor(peers: number) {
    this.#peers = peers;
    this.#sent = new Array<number>(peers * peers).fill(0);
    this.#sends = Array.from({ length: peers }, () => []);
    this.#ofPath = new Array<number>(peers).fill(0);
  }

  /** Plain data, as it stands now. */
  get value(): Seen {
    return { sent: [...this.#sent], sends: this.#sends.map((counts) => [...counts]) };
  }

  /** Takes in what member `self` showed in a schedule in which it came to `end`. */
  add(self: number, end: MemberState): void {
    if (this.#known.has(end)) return;
    if (this.#known.size >= KNOWN_MAX) this.#known.clear();
    this.#known.add(end);
    this.#ofPath.fill(0);
    for (let state: MemberState | null = end; state !== null; state = state.before) {
      for (const { to } of state.sends) this.#ofPath[to]! += 1;
      // What it sent before its first step is sent in none; and a crash is none.
      if (state.before !== null && state.step !== CRASH) {
        this.#countStep(self, state.steps - 1, state.sends.length);
      }
    }
    for (let to = 0; to < this.#peers; to += 1) {
      const index = self * this.#peers + to;
      this.#sent[index] = Math.max(this.#sent[index]!, this.#ofPath[to]!);
    }
  }

  #countStep(self: number, step: number, sends: number): void {
    const counts = this.#sends[self]!;
    while (counts.length <= step) counts.push(0);
    if (counts[step]! < sends) counts[step] = sends;
  }
}

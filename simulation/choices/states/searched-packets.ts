import { assert } from '../../../core/base/assert.ts';
import { NO_STEP } from './causality.ts';
import type { ChoiceCodes } from './choice-codes.ts';
import type { Arrival, Sent } from './member-state.ts';

const UNDER_WAY = -2;

/**
 * A packet that was sent, wherever it is now. Those under way are a list that goes round, in the order in which they
 * were sent. A packet that leaves it keeps its neighbours: what is taken back in the reverse order finds its place
 * again by them (Knuth, "Dancing links", 2000).
 */
class SearchedPacket {
  /** Of its arrival, as a choice. */
  readonly code: number;
  readonly path: number;
  readonly to: number;
  /** `null` for the packet that stands where the list begins and ends. */
  readonly arrival: Arrival | null;
  /** The step in which it was sent; `NO_STEP`: before the first. */
  readonly sentInStep: number;
  /** The step in which it arrived or was lost; `UNDER_WAY` until then. */
  goneInStep: number = UNDER_WAY;
  before: SearchedPacket = this;
  after: SearchedPacket = this;

  constructor(code: number, path: number, to: number, arrival: Arrival | null, sentInStep: number) {
    this.code = code;
    this.path = path;
    this.to = to;
    this.arrival = arrival;
    this.sentInStep = sentInStep;
  }

  leave(step: number): void {
    this.goneInStep = step;
    this.before.after = this.after;
    this.after.before = this.before;
  }

  comeBack(): void {
    this.goneInStep = UNDER_WAY;
    this.before.after = this;
    this.after.before = this;
  }
}

/** Who runs, and has neither crashed nor failed. */
interface Lives {
  isRunning(member: number): boolean;
}

/** The packets of a searched run, and the channels that closed; all of it can be taken back, step by step. */
export class SearchedPackets {
  /** How many were lost as they were sent. */
  lost = 0;
  readonly #codes: ChoiceCodes;
  readonly #peers: number;
  readonly #losses: ReadonlySet<number>;
  /** All that were sent, in order; by path; and where the list of those under way begins and ends. */
  readonly #all: SearchedPacket[] = [];
  readonly #onPath: SearchedPacket[][];
  readonly #ends = new SearchedPacket(-1, -1, -1, null, NO_STEP);
  /** By path: the step in which it was closed, or `NO_STEP`. */
  readonly #closedIn: number[];
  /** By path: whether a packet of it was met, while all are looked through. */
  readonly #isMet: Uint8Array;

  /** `losses` are names of packets that are lost as they are sent. */
  constructor(peers: number, codes: ChoiceCodes, losses: readonly string[]) {
    this.#peers = peers;
    this.#codes = codes;
    this.#losses = new Set(losses.map((name) => codes.arrivalOf(name)));
    this.#onPath = Array.from({ length: peers * peers }, () => []);
    this.#closedIn = this.#onPath.map(() => NO_STEP);
    this.#isMet = new Uint8Array(peers * peers);
  }

  send(from: number, sends: readonly Sent[], step: number): void {
    for (const { to, arrival } of sends) {
      const path = from * this.#peers + to;
      const onPath = this.#onPath[path]!;
      const code = this.#codes.deliver(path, onPath.length);
      const packet = new SearchedPacket(code, path, to, arrival, step);
      if (this.#losses.has(code)) {
        this.lost += 1;
        packet.goneInStep = step;
      } else {
        packet.before = this.#ends.before;
        packet.after = this.#ends;
        packet.comeBack();
      }
      onPath.push(packet);
      this.#all.push(packet);
    }
  }

  /** The step in which the packet of an arrival was sent. */
  sentInStep(code: number): number {
    return this.#of(code).sentInStep;
  }

  arrive(code: number, step: number): Arrival {
    const packet = this.#of(code);
    packet.leave(step);
    return packet.arrival!;
  }

  /** Loses what is under way on a path, and lets nothing come on it any more. */
  close(path: number, step: number): void {
    this.#closedIn[path] = step;
    for (const packet of this.#onPath[path]!) {
      if (packet.goneInStep === UNDER_WAY) packet.leave(step);
    }
  }

  isClosed(path: number): boolean {
    return this.#closedIn[path] !== NO_STEP;
  }

  /** Takes back what was sent in `step`, the last one, whose choice was `code`, and what was gone by that. */
  undo(code: number, step: number): void {
    while ((this.#all.at(-1)?.sentInStep ?? NO_STEP) === step) {
      const packet = this.#all.pop()!;
      this.#onPath[packet.path]!.pop();
      if (packet.goneInStep === step) this.lost -= 1;
      else packet.leave(step);
    }
    if (this.#codes.isArrival(code)) this.#of(code).comeBack();
    else if (this.#codes.isClosing(code)) this.#reopen(this.#codes.pathOf(code), step);
  }

  /** Adds the arrivals that are possible to `codes`: of every packet, or of the first on each path (`inOrder`). */
  addArrivals(codes: number[], inOrder: boolean, run: Lives): void {
    if (inOrder) this.#isMet.fill(0);
    for (let packet = this.#ends.after; packet !== this.#ends; packet = packet.after) {
      if (inOrder) {
        if (this.#isMet[packet.path] === 1) continue;
        this.#isMet[packet.path] = 1;
      }
      if (run.isRunning(packet.to)) codes.push(packet.code);
    }
  }

  /** The arrivals of packets that are under way to members that do not run any more. */
  underWayToStopped(run: Lives): number[] {
    const codes: number[] = [];
    for (let packet = this.#ends.after; packet !== this.#ends; packet = packet.after) {
      if (!run.isRunning(packet.to)) codes.push(packet.code);
    }
    return codes;
  }

  #reopen(path: number, step: number): void {
    this.#closedIn[path] = NO_STEP;
    const onPath = this.#onPath[path]!;
    for (let index = onPath.length - 1; index >= 0; index -= 1) {
      if (onPath[index]!.goneInStep === step) onPath[index]!.comeBack();
    }
  }

  #of(code: number): SearchedPacket {
    const packet = this.#onPath[this.#codes.pathOf(code)]![this.#codes.numberOf(code)];
    assert(packet !== undefined, 'a packet that arrives was sent');
    return packet;
  }
}

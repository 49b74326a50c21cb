import { assert } from '../../../core/base/assert.ts';
import { NO_STEP } from './causality.ts';
import type { ChoiceCodes } from './choice-codes.ts';
import type { Arrival, Sent } from './member-state.ts';

/** A packet that was sent, wherever it is now. */
interface SearchedPacket {
  /** Of its arrival, as a choice. */
  readonly code: number;
  readonly path: number;
  readonly to: number;
  readonly arrival: Arrival;
  /** The step in which it was sent; `NO_STEP`: before the first. */
  readonly sentInStep: number;
  /** The step in which it arrived or was lost; `UNDER_WAY` until then. */
  goneInStep: number;
}

const UNDER_WAY = -2;

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
  /** All that were sent, in order; and by path. */
  readonly #all: SearchedPacket[] = [];
  readonly #onPath: SearchedPacket[][];
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
      const isLost = this.#losses.has(code);
      if (isLost) this.lost += 1;
      const goneInStep = isLost ? step : UNDER_WAY;
      const packet = { code, path, to, arrival, sentInStep: step, goneInStep };
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
    packet.goneInStep = step;
    return packet.arrival;
  }

  /** Loses what is under way on a path, and lets nothing come on it any more. */
  close(path: number, step: number): void {
    this.#closedIn[path] = step;
    for (const packet of this.#onPath[path]!) {
      if (packet.goneInStep === UNDER_WAY) packet.goneInStep = step;
    }
  }

  isClosed(path: number): boolean {
    return this.#closedIn[path] !== NO_STEP;
  }

  /** Takes back what was sent in `step`, the last one, whose choice was `code`, and what was gone by that. */
  undo(code: number, step: number): void {
    while ((this.#all.at(-1)?.sentInStep ?? NO_STEP) === step) {
      const { path, goneInStep } = this.#all.pop()!;
      this.#onPath[path]!.pop();
      if (goneInStep === step) this.lost -= 1;
    }
    if (this.#codes.isArrival(code)) this.#of(code).goneInStep = UNDER_WAY;
    else if (this.#codes.isClosing(code)) this.#reopen(this.#codes.pathOf(code), step);
  }

  /** Adds the arrivals that are possible to `codes`: of every packet, or of the first on each path (`inOrder`). */
  addArrivals(codes: number[], inOrder: boolean, run: Lives): void {
    if (inOrder) this.#isMet.fill(0);
    for (const { code, path, to, goneInStep } of this.#all) {
      if (goneInStep !== UNDER_WAY) continue;
      if (inOrder) {
        if (this.#isMet[path] === 1) continue;
        this.#isMet[path] = 1;
      }
      if (run.isRunning(to)) codes.push(code);
    }
  }

  /** The arrivals of packets that are under way to members that do not run any more. */
  underWayToStopped(run: Lives): number[] {
    return this.#all
      .filter(({ to, goneInStep }) => goneInStep === UNDER_WAY && !run.isRunning(to))
      .map(({ code }) => code);
  }

  #reopen(path: number, step: number): void {
    this.#closedIn[path] = NO_STEP;
    for (const packet of this.#onPath[path]!) {
      if (packet.goneInStep === step) packet.goneInStep = UNDER_WAY;
    }
  }

  #of(code: number): SearchedPacket {
    const packet = this.#onPath[this.#codes.pathOf(code)]![this.#codes.numberOf(code)];
    assert(packet !== undefined, 'a packet that arrives was sent');
    return packet;
  }
}

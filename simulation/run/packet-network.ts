import { assert } from '../../core/base/assert.ts';
import { createStream, Stream } from '../../core/base/random-streams.ts';
import { createDelays, type Delays } from './delays.ts';
import type { Fault, NetworkScenario, Scenario } from '../scenario.ts';

/** The result of `next` in place of a delay. */
export const LOST = -1;
export const CUT = -2;

type PathFault = Extract<Fault, { kind: 'partition' | 'clog' }>;

/**
 * What becomes of each packet: delayed, lost, cut by a partition, repeated. Each fault draws from a
 * stream of its own and for every packet, so that one fault does not shift what the others do.
 */
export class PacketNetwork {
  /** How many packets each fault had an effect on. */
  lost = 0;
  cut = 0;
  clogged = 0;
  repeated = 0;
  reordered = 0;
  /**
   * The delay of the second copy of the packet that `next` was asked for, after the first; -1: there is
   * none.
   */
  repeatAfterUs = -1;
  readonly #peers: number;
  readonly #network: NetworkScenario;
  readonly #calmFromUs: number;
  /** Whether packets are only delayed, and nothing else ever happens to them. */
  readonly #isPlain: boolean;
  readonly #delays: Delays;
  readonly #loss: LossProcess | null;
  readonly #repetition: () => number;
  readonly #reordering: () => number;
  /** By from x peers + to: how many partitions cut the path, and how much it is clogged. */
  readonly #cuts: Uint16Array | null;
  readonly #extraUs: Float64Array | null;

  constructor({ network, peers, seed, faults }: Scenario) {
    this.#peers = peers;
    this.#network = network;
    this.#calmFromUs = network.calmFromUs ?? Infinity;
    this.#delays = createDelays(network.delay, peers, seed);
    this.#loss = network.loss > 0 ? new LossProcess(network, peers, seed) : null;
    this.#repetition = createStream(seed, Stream.repetition);
    this.#reordering = createStream(seed, Stream.reordering);
    const has = (kind: Fault['kind']): boolean => faults.some((fault) => fault.kind === kind);
    this.#cuts = has('partition') ? new Uint16Array(peers * peers) : null;
    this.#extraUs = has('clog') ? new Float64Array(peers * peers) : null;
    const { loss, repetition, reordering } = network;
    const isTroubled = loss > 0 || repetition > 0 || reordering > 0;
    this.#isPlain = !isTroubled && this.#cuts === null && this.#extraUs === null;
  }

  /** Microseconds until the next packet from `from` to `to` arrives, or LOST, or CUT. */
  next(nowUs: number, from: number, to: number): number {
    const delayUs = this.#delays.next(from, to);
    if (this.#isPlain) return delayUs;
    const isCalm = nowUs >= this.#calmFromUs;
    const { reordering, repetition } = this.#network;
    const heldUs = reordering > 0 && !isCalm ? this.#holdBackUs(reordering) : 0;
    this.repeatAfterUs = repetition > 0 && !isCalm ? this.#repeatAfterUs(repetition, delayUs) : -1;
    const isLost = this.#loss !== null && !isCalm && this.#loss.next(from, to);
    const path = from * this.#peers + to;
    if (this.#cuts !== null && this.#cuts[path]! > 0) {
      this.cut += 1;
      return CUT;
    }
    if (isLost) {
      this.lost += 1;
      return LOST;
    }
    if (heldUs > 0) this.reordered += 1;
    if (this.repeatAfterUs >= 0) this.repeated += 1;
    return delayUs + heldUs + (this.#extraUs === null ? 0 : this.#clogUs(path));
  }

  begin(fault: PathFault): void {
    this.#change(fault, 1);
  }

  end(fault: PathFault): void {
    this.#change(fault, -1);
  }

  #holdBackUs(probability: number): number {
    const random = this.#reordering;
    const [isHeld, share] = [random() < probability, random()];
    return isHeld ? Math.ceil(share * this.#network.reorderingUs) : 0;
  }

  /** The delay of a second copy, which takes up to twice as long as the packet itself. */
  #repeatAfterUs(probability: number, delayUs: number): number {
    const random = this.#repetition;
    const [isRepeated, share] = [random() < probability, random()];
    return isRepeated ? Math.floor(share * (delayUs + 1)) : -1;
  }

  #clogUs(path: number): number {
    const extraUs = this.#extraUs![path]!;
    if (extraUs > 0) this.clogged += 1;
    return extraUs;
  }

  #change(fault: PathFault, step: 1 | -1): void {
    if (fault.kind === 'clog') {
      assert(this.#extraUs !== null, 'a clogged path is one of the scenario');
      this.#extraUs[fault.from * this.#peers + fault.to]! += step * fault.extraUs;
      return;
    }
    assert(this.#cuts !== null, 'a partition is one of the scenario');
    for (const from of fault.from) {
      for (const to of fault.to) {
        this.#cuts[from * this.#peers + to]! += step;
        if (fault.symmetric) this.#cuts[to * this.#peers + from]! += step;
      }
    }
  }
}

/**
 * Decides which packets are lost: `burst` packets in a row on one path at a time, and the share `loss`
 * over all. A burst begins with the probability for which good and bad stretches have that share in the
 * long run.
 */
class LossProcess {
  readonly #peers: number;
  readonly #burst: number;
  readonly #beginning: number;
  readonly #random: () => number;
  /** By from x peers + to: how many more packets the burst under way takes. */
  readonly #left: Uint16Array | null;

  constructor({ loss, burst }: NetworkScenario, peers: number, seed: number) {
    this.#peers = peers;
    this.#burst = burst;
    this.#beginning = loss / (loss + burst * (1 - loss));
    this.#random = createStream(seed, Stream.loss);
    this.#left = burst > 1 ? new Uint16Array(peers * peers) : null;
  }

  next(from: number, to: number): boolean {
    const begins = this.#random() < this.#beginning;
    if (this.#left === null) return begins;
    const path = from * this.#peers + to;
    if (this.#left[path]! > 0) {
      this.#left[path]! -= 1;
      return true;
    }
    if (begins) this.#left[path] = this.#burst - 1;
    return begins;
  }
}

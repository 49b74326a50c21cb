import type { Message } from '../../../core/message.ts';
import type { Observer } from '../../observers/observer.ts';
import type { Scenario } from '../../scenario.ts';
import type { Finding } from '../finding.ts';

/** The most messages of a run whose flow is judged, since each packet of it is remembered for a while. */
const MESSAGES_MAX = 20_000;

/** Judges the flow of information in a run of `scenario`; `null` where the run is too large for that. */
export function informationFlowOf({ peers, messages }: Scenario): InformationFlow | null {
  return peers * messages > MESSAGES_MAX ? null : new InformationFlow(peers);
}

/**
 * Sees whether packets brought what a member delivers. A member can know of a multicast only if a chain of packets, each
 * sent after the one before it had come, leads from there to it; otherwise the members share memory, or a file.
 *
 * A member multicasts its messages in order, so what anybody may know is a number for each sender: how many of its multicasts
 * the chains come from. That is a vector clock (Fidge 1988, Mattern 1989). A packet carries the numbers that its sender had
 * when it sent it. Where it is not clear which copy of a message arrived, the larger numbers count: nobody is accused who could
 * have known.
 */
export class InformationFlow implements Observer {
  /** The first delivery that no packet could have led to; `null`: there was none. */
  finding: Finding | null = null;
  /** By member: how many multicasts of each sender it may know of. */
  readonly #known: readonly Uint32Array[];
  /** By member: a copy of these numbers for what it sends now; `null` once they changed. */
  readonly #stamps: (Uint32Array | null)[];
  readonly #carried = new WeakMap<Message, Uint32Array>();
  readonly #delivered: Uint32Array;

  constructor(peers: number) {
    this.#known = Array.from({ length: peers }, () => new Uint32Array(peers));
    this.#stamps = this.#known.map(() => null);
    this.#delivered = new Uint32Array(peers);
  }

  multicast(_atUs: number, member: number, { sequence }: Message): void {
    this.#known[member]![member] = sequence + 1;
    this.#stamps[member] = null;
  }

  send(_atUs: number, from: number, _to: number, message: Message): void {
    const stamp = (this.#stamps[from] ??= this.#known[from]!.slice());
    const before = this.#carried.get(message);
    if (before === stamp) return;
    // An object may be sent more than once, such as a heartbeat, or one that is passed on as it came.
    this.#carried.set(message, before === undefined ? stamp : maximum(before, stamp));
  }

  arrive(_atUs: number, from: number, to: number, message: Message): void {
    this.#learn(from, to, message);
  }

  /** A process that was started again in the place of a crashed member gets what that does not get any more. */
  drop(_atUs: number, from: number, to: number, message: Message, reason: string): void {
    if (reason === 'crashed') this.#learn(from, to, message);
  }

  deliver(_atUs: number, member: number, { sender, sequence }: Message): void {
    const position = this.#delivered[member]!;
    this.#delivered[member] = position + 1;
    const multicasts = this.#known[sender]?.[sender] ?? 0;
    // What nobody multicast yet breaks integrity, which is judged elsewhere.
    if (sequence >= multicasts || this.#known[member]![sender]! > sequence) return;
    this.finding ??= {
      name: 'sharing',
      text:
        `peer ${member} delivered (${sender}, ${sequence}) at position ${position}, of which no packet could have told it: ` +
        'none that it had received was sent by peer ' +
        `${sender} after that multicast, nor by anybody who had heard of it; so it came through memory or a file that they share`,
      observations: [{ peer: member, sender, sequence, position }],
    };
  }

  #learn(from: number, to: number, message: Message): void {
    // The second copy that the network made of a packet is an object of its own, and may be as young as now.
    const carried = this.#carried.get(message) ?? this.#known[from]!;
    const known = this.#known[to]!;
    for (let sender = 0; sender < known.length; sender += 1) {
      if (carried[sender]! <= known[sender]!) continue;
      known[sender] = carried[sender]!;
      this.#stamps[to] = null;
    }
  }
}

function maximum(a: Uint32Array, b: Uint32Array): Uint32Array {
  return a.map((number, index) => Math.max(number, b[index]!));
}

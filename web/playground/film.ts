import type { Message } from '../../core/message.ts';
import { Kind } from '../../core/message.ts';
import { type PacketColumns, PacketColumnsWriter } from './packet-columns.ts';
import type { Observer } from '../../simulation/observers/observer.ts';

/** A message that a peer delivered, when it first came there and when it was delivered. */
export interface FilmedDelivery {
  readonly sender: number;
  readonly sequence: number;
  /** When the message itself was first there; for the peer's own message, when it was multicast. */
  readonly cameAtUs: number;
  /** `null` while it is held to the end. */
  readonly deliveredAtUs: number | null;
}

/** What can be shown of one run at any of its times: plain data, so that a worker can hand it over. */
export interface Film {
  /** In the order of their sending. */
  readonly packets: PacketColumns;
  /** Packets that were sent after the film was full. */
  readonly packetsLeftOut: number;
  /** By peer: deliveries in their order, then what was held to the end. */
  readonly deliveries: readonly (readonly FilmedDelivery[])[];
  /** When each peer stopped for good; `null` for one that went on. */
  readonly stoppedAtUs: readonly (number | null)[];
  /** When the application's last message was delivered anywhere. */
  readonly lastDeliveryAtUs: number;
}

/** The most packets of a film: more are a grey cloud to whoever looks. */
const PACKETS_MAX = 40_000;

/** What the film has no room for, in words; empty where it has all. Without them the network would look empty. */
export function describeLeftOut({ packets, packetsLeftOut }: Film): string {
  if (packetsLeftOut === 0) return '';
  const fromMs = Math.floor((packets.sentAtUs.at(-1) ?? 0) / 1_000);
  const [shown, left] = [packets.sentAtUs.length, packetsLeftOut].map((n) =>
    n.toLocaleString('en'),
  );
  return `The film shows the first ${shown} packets: of those sent after ${fromMs} ms, ${left}, none is shown.`;
}

/** Films a simulated run. */
export class Filming implements Observer {
  readonly #packets = new PacketColumnsWriter(PACKETS_MAX);
  #packetsLeftOut = 0;
  readonly #came: Map<number, number>[];
  readonly #delivered: FilmedDelivery[][];
  readonly #stoppedAtUs: (number | null)[];
  #lastDeliveryAtUs = 0;

  constructor(peers: number) {
    this.#came = Array.from({ length: peers }, () => new Map<number, number>());
    this.#delivered = Array.from({ length: peers }, () => []);
    this.#stoppedAtUs = Array.from({ length: peers }, () => null);
  }

  multicast(atUs: number, member: number, message: Message): void {
    this.#comes(atUs, member, message);
  }

  send(atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    if (!this.#packets.add(from, to, message, atUs, arrivesAtUs)) this.#packetsLeftOut += 1;
  }

  repeat(atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    this.send(atUs, from, to, message, arrivesAtUs);
  }

  arrive(atUs: number, _from: number, to: number, message: Message): void {
    if (message.kind === Kind.data) this.#comes(atUs, to, message);
  }

  deliver(atUs: number, member: number, message: Message): void {
    const key = keyOf(message);
    const { sender, sequence } = message;
    const cameAtUs = this.#came[member]!.get(key) ?? atUs;
    this.#delivered[member]!.push({ sender, sequence, cameAtUs, deliveredAtUs: atUs });
    this.#came[member]!.set(key, Infinity);
    this.#lastDeliveryAtUs = atUs;
  }

  crash(atUs: number, member: number): void {
    this.#stoppedAtUs[member] = atUs;
  }

  fail(atUs: number, member: number): void {
    this.#stoppedAtUs[member] = atUs;
  }

  film(): Film {
    return {
      packets: this.#packets.columns(),
      packetsLeftOut: this.#packetsLeftOut,
      deliveries: this.#delivered.map((delivered, member) => [...delivered, ...this.#held(member)]),
      stoppedAtUs: this.#stoppedAtUs,
      lastDeliveryAtUs: this.#lastDeliveryAtUs,
    };
  }

  #comes(atUs: number, member: number, message: Message): void {
    const came = this.#came[member]!;
    const key = keyOf(message);
    if (!came.has(key)) came.set(key, atUs);
  }

  #held(member: number): FilmedDelivery[] {
    return [...this.#came[member]!]
      .filter(([, cameAtUs]) => cameAtUs !== Infinity)
      .map(([key, cameAtUs]) => {
        const sender = Math.floor(key / SEQUENCES);
        return { sender, sequence: key % SEQUENCES, cameAtUs, deliveredAtUs: null };
      });
  }
}

/** More than any sequence number. */
const SEQUENCES = 2 ** 32;

/** One number for a message: a text would be made anew for each of a million packets. */
function keyOf({ sender, sequence }: Message): number {
  return sender * SEQUENCES + sequence;
}

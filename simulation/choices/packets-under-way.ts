import { assert } from '../../core/base/assert.ts';
import type { Message } from '../../core/message.ts';

/** A packet that was sent, and neither arrived nor was lost. */
export interface Packet {
  readonly name: string;
  /** Counts the packets that came onto the table from 1, so that it is short for a person to type. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly message: Message;
  /** The step of the run in which it was sent, counted from 0. */
  readonly sentInStep: number;
}

/** The packets of a chosen run that lie on the table, in the order in which they were sent. */
export class PacketsUnderWay {
  readonly #packets = new Map<string, Packet>();
  readonly #peers: number;
  /** How many were sent by from x peers + to, and how many copies each packet has had. */
  readonly #sent: Uint32Array;
  /** By member and by its step: how many packets it sent in that step. */
  readonly sendsOf: readonly number[][];
  readonly #copies = new Map<string, number>();
  /** How many packets ever lay on the table. */
  #put = 0;

  constructor(peers: number) {
    this.#peers = peers;
    this.#sent = new Uint32Array(peers * peers);
    this.sendsOf = Array.from({ length: peers }, () => []);
  }

  /** How many packets were sent from one member to another so far, with those that are lost. */
  sentOn(from: number, to: number): number {
    return this.#sent[from * this.#peers + to]!;
  }

  /** What `member` sends from now on is sent in its next step. */
  beginStep(member: number): void {
    this.sendsOf[member]!.push(0);
  }

  /** Names the next packet on its path; it is not on the table yet. */
  nextName(from: number, to: number): string {
    const path = from * this.#peers + to;
    const number = this.#sent[path]!;
    this.#sent[path] = number + 1;
    const sends = this.sendsOf[from]!;
    if (sends.length > 0) sends[sends.length - 1]! += 1;
    return `${from}>${to}#${number}`;
  }

  /** Puts a packet on the table, and returns it with its number. */
  put(packet: Omit<Packet, 'number'>): Packet {
    this.#put += 1;
    const numbered = { ...packet, number: this.#put };
    this.#packets.set(packet.name, numbered);
    return numbered;
  }

  /** Puts a second copy beside `original`, and returns it. */
  copy(original: Packet, step: number): Packet {
    const [base = ''] = original.name.split('+');
    const copies = (this.#copies.get(base) ?? 0) + 1;
    this.#copies.set(base, copies);
    return this.put({ ...original, name: `${base}+${copies}`, sentInStep: step });
  }

  get(name: string): Packet | undefined {
    return this.#packets.get(name);
  }

  /** Takes a packet off the table, and returns it. */
  take(name: string): Packet {
    const packet = this.#packets.get(name);
    assert(packet !== undefined, 'a packet that is taken lies on the table');
    this.#packets.delete(name);
    return packet;
  }

  /** The packet that has been under way longest from one member to another. */
  firstOn(from: number, to: number): Packet | undefined {
    for (const packet of this.#packets.values()) {
      if (packet.from === from && packet.to === to) return packet;
    }
    return undefined;
  }

  /** Takes all packets from one member to another off the table, and returns them. */
  takeAllOn(path: { readonly from: number; readonly to: number }): Packet[] {
    const all = [...this].filter(({ from, to }) => from === path.from && to === path.to);
    for (const { name } of all) this.take(name);
    return all;
  }

  [Symbol.iterator](): IterableIterator<Packet> {
    return this.#packets.values();
  }

  get size(): number {
    return this.#packets.size;
  }
}

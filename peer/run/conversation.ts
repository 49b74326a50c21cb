import { DatagramType, type DatagramHeader } from '../../core/wire/datagram.ts';
import { decodeHello, writeHello } from '../../core/wire/hello.ts';
import { decodeStatus, writeStatus } from '../../core/wire/status.ts';
import type { DatagramChannel } from '../transport/datagram-channel.ts';
import { Handshake } from './handshake.ts';
import { ProgressExchange } from './progress-exchange.ts';

/**
 * What a member and the others tell each other about the run itself, in datagrams of their own: that
 * they are there (Handshake), and how far they are (ProgressExchange).
 */
export class Conversation {
  readonly handshake: Handshake;
  readonly progress: ProgressExchange;
  readonly #size: number;
  readonly #channel: DatagramChannel;

  constructor(self: number, size: number, channel: DatagramChannel, now: number) {
    this.handshake = new Handshake(self, size, now);
    this.progress = new ProgressExchange(self, size);
    this.#size = size;
    this.#channel = channel;
  }

  /** Takes in a hello, its reply or a status, and answers it; false when its body is malformed. */
  hear(now: number, header: DatagramHeader, datagram: Uint8Array): boolean {
    return header.type === DatagramType.status
      ? this.#hearStatus(now, header, datagram)
      : this.#hearHello(now, header, datagram);
  }

  /** Asks the members that the handshake still needs, when it is time to. */
  greet(now: number): void {
    if (this.handshake.deadline > now) return;
    for (const member of this.handshake.unsatisfied) {
      this.#sendHello(member, DatagramType.hello, now >>> 0);
    }
    this.handshake.retried(now);
  }

  /** Tells the members that do not know how far this one is, when it is time to. */
  tellProgress(now: number): void {
    if (this.progress.deadline > now) return;
    for (const member of this.progress.addressees) this.#sendStatus(member);
    this.progress.retried(now);
  }

  /** Asks members that were not heard for a while whether they are there, when it is time to. */
  probe(now: number, heardAt: readonly number[]): void {
    if (this.progress.probeAt > now) return;
    const silent = this.progress.silent(now, heardAt);
    for (const member of silent) this.#sendStatus(member, true);
    this.progress.probed(now, silent.length);
  }

  #hearStatus(now: number, { sender, packet }: DatagramHeader, datagram: Uint8Array): boolean {
    const status = decodeStatus(datagram, this.#size);
    if (status === null) return false;
    if (this.progress.hear(now, sender, packet, status)) this.#sendStatus(sender);
    return true;
  }

  #hearHello(now: number, header: DatagramHeader, datagram: Uint8Array): boolean {
    const hello = decodeHello(datagram, this.#size);
    if (hello === null) return false;
    this.handshake.hear(header.sender, hello.heard);
    if (header.type === DatagramType.helloReply) {
      this.handshake.measure(header.sender, ((now >>> 0) - hello.clock) >>> 0);
    } else {
      this.#sendHello(header.sender, DatagramType.helloReply, hello.clock);
    }
    return true;
  }

  #sendHello(to: number, type: number, clock: number): void {
    const hello = { clock, heard: this.handshake.bitmap };
    this.#channel.send([to], type, (writer) => writeHello(writer, hello));
  }

  #sendStatus(to: number, isProbe = false): void {
    const status = this.progress.statusFor(to, isProbe);
    this.#channel.send([to], DatagramType.status, (writer) =>
      writeStatus(writer, status, this.#size),
    );
  }
}

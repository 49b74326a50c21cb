import { assert } from '../../core/base/assert.ts';
import { ByteBlocks } from '../../core/base/byte-blocks.ts';
import { ByteWriter } from '../../core/base/byte-writer.ts';
import {
  decodeHeader,
  DatagramType,
  endDatagram,
  type DatagramHeader,
  isOfRun,
  TAG_BYTES,
  writeHeader,
} from '../../core/wire/datagram.ts';
import { halfOf, MEMBERS_MAX, receiverBit, receiverBits } from '../../core/wire/receivers.ts';
import type { RunKey } from './authentication.ts';
import { ReplayWindow } from './replay-window.ts';

/** The way on which sealed datagrams leave: sockets, or an emulated distance in front of them. */
export interface Carrier {
  /** Sends `datagram`; true if the carrier keeps its bytes, so that the caller must not write to them again. */
  send(to: number, datagram: Uint8Array): boolean;
  /** Sends now what it has gathered to send together; absent: it gathers nothing. */
  flush?(): void;
  /** Datagrams that an emulated network swallowed on purpose. */
  readonly losses: number;
  close(): void;
}

/** Why a datagram was not accepted. */
export type DatagramDropReason =
  | 'malformed'
  | 'foreign'
  | 'misaddressed'
  | 'forged'
  | 'replayed'
  | 'late';

const TYPES: readonly number[] = Object.values(DatagramType);

/**
 * One member's end of a run's datagrams: numbers, seals and counts what leaves; checks and counts
 * what comes. Nothing gets past it that a holder of the run's key did not send to this member, once.
 */
export class DatagramChannel {
  datagramsSent = 0;
  datagramsReceived = 0;
  bytesSent = 0;
  bytesReceived = 0;
  readonly dropped: Partial<Record<DatagramDropReason, number>> = {};
  readonly #self: number;
  readonly #key: RunKey;
  readonly #carrier: Carrier;
  readonly #datagramBytes: number;
  readonly #windows: ReplayWindow[];
  #packet = 0;
  readonly #blocks = new ByteBlocks();
  /** Writes each datagram into the same bytes, unless the carrier has kept them. */
  #writer: ByteWriter;

  /** `datagramBytes`: the length that no datagram of the run exceeds. */
  constructor(self: number, size: number, key: RunKey, carrier: Carrier, datagramBytes: number) {
    assert(size <= MEMBERS_MAX, `a run has at most ${MEMBERS_MAX} members`);
    this.#self = self;
    this.#key = key;
    this.#carrier = carrier;
    this.#datagramBytes = datagramBytes;
    this.#writer = this.#createWriter();
    this.#windows = Array.from({ length: size }, () => new ReplayWindow());
  }

  get losses(): number {
    return this.#carrier.losses;
  }

  /**
   * Sends one datagram to each of `receivers`, at least one and all in one half of the group, written and sealed
   * once for all of them: `write` appends its body. Returns its packet number.
   */
  send(receivers: readonly number[], type: number, write: (writer: ByteWriter) => void): number {
    const packet = (this.#packet += 1);
    const writer = this.#writer;
    writer.offset = 0;
    const [half, bits] = [halfOf(receivers[0]!), receiverBits(receivers)];
    const header = { type, sender: this.#self, half, receivers: bits, packet };
    writeHeader(writer, header, this.#key.runTag);
    write(writer);
    const datagram = endDatagram(writer);
    this.#key.seal(datagram);
    this.#carry(receivers, datagram);
    return packet;
  }

  /** Sends what the carrier has gathered, so that the time for it is part of the turn. */
  flush(): void {
    this.#carrier.flush?.();
  }

  #carry(receivers: readonly number[], datagram: Uint8Array): void {
    let isKept = false;
    for (const to of receivers) {
      this.datagramsSent += 1;
      this.bytesSent += datagram.length;
      if (this.#carrier.send(to, datagram)) isKept = true;
    }
    if (isKept) this.#writer = this.#createWriter();
  }

  /** Refuses, as every ByteWriter, to write more than a datagram holds. */
  #createWriter(): ByteWriter {
    const bytes = this.#blocks.take(this.#datagramBytes);
    return new ByteWriter(bytes, 0, bytes.length - TAG_BYTES);
  }

  /** The header of an acceptable datagram; `null`, and a count, for any other. */
  open(datagram: Uint8Array): DatagramHeader | null {
    const isTooLong = datagram.length > this.#datagramBytes;
    const header = isTooLong ? null : decodeHeader(datagram);
    const refusal = header === null ? 'malformed' : this.#refusal(header, datagram);
    if (refusal !== null) {
      this.drop(refusal);
      return null;
    }
    this.datagramsReceived += 1;
    this.bytesReceived += datagram.length;
    return header;
  }

  /** Counts a datagram that was opened, or could not be, and has no effect. */
  drop(reason: DatagramDropReason): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
  }

  close(): void {
    this.#carrier.close();
  }

  /**
   * Why a datagram is refused, or `null`. Cheap checks come first; nothing is remembered of a datagram
   * before its tag was verified.
   */
  #refusal(header: DatagramHeader, datagram: Uint8Array): DatagramDropReason | null {
    if (!isOfRun(datagram, this.#key.runTag)) return 'foreign';
    const window = this.#windows[header.sender];
    const isItsHalf = header.half === halfOf(this.#self);
    const isForSelf = isItsHalf && (header.receivers & receiverBit(this.#self)) !== 0;
    const isAddressed = isForSelf && header.sender !== this.#self;
    if (!isAddressed || window === undefined) return 'misaddressed';
    if (!TYPES.includes(header.type)) return 'malformed';
    if (!this.#key.verify(datagram)) return 'forged';
    return window.accept(header.packet) ? null : 'replayed';
  }
}

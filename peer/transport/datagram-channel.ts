import {
  decodeHeader,
  type DatagramHeader,
  RUN_TAG_BYTES,
  DatagramType,
} from '../../core/wire/datagram.ts';
import type { RunKey } from './authentication.ts';
import { ReplayWindow } from './replay-window.ts';

/** The way on which sealed datagrams leave: sockets, or an emulated distance in front of them. */
export interface Carrier {
  send(to: number, datagram: Uint8Array): void;
  /** Datagrams that an emulated network swallowed on purpose. */
  readonly losses: number;
  close(): void;
}

/** Why a datagram was not accepted. */
export type DatagramDropReason =
  'malformed' | 'foreign' | 'misaddressed' | 'forged' | 'replayed' | 'late';

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
  readonly #packets: number[];
  readonly #windows: ReplayWindow[];

  constructor(self: number, size: number, key: RunKey, carrier: Carrier) {
    this.#self = self;
    this.#key = key;
    this.#carrier = carrier;
    this.#packets = Array.from({ length: size }, () => 0);
    this.#windows = Array.from({ length: size }, () => new ReplayWindow());
  }

  get losses(): number {
    return this.#carrier.losses;
  }

  /** The number that the next datagram to member `to` gets. */
  nextPacket(to: number): number {
    return this.#packets[to]! + 1;
  }

  /** Sends one datagram to member `to`: `encode` gets its header and returns it unsealed. */
  send(to: number, type: number, encode: (header: DatagramHeader) => Uint8Array): void {
    const packet = (this.#packets[to]! += 1);
    const { runTag } = this.#key;
    const datagram = encode({ type, sender: this.#self, receiver: to, runTag, packet });
    this.#key.seal(datagram);
    this.datagramsSent += 1;
    this.bytesSent += datagram.length;
    this.#carrier.send(to, datagram);
  }

  /** The header of an acceptable datagram; `null`, and a count, for any other. */
  open(datagram: Uint8Array): DatagramHeader | null {
    const header = decodeHeader(datagram);
    const reason = header === null ? 'malformed' : this.#refusal(header, datagram);
    if (header === null || reason !== null) {
      this.drop(reason ?? 'malformed');
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
    if (!sameTag(header.runTag, this.#key.runTag)) return 'foreign';
    const window = this.#windows[header.sender];
    const isAddressed = header.receiver === this.#self && header.sender !== this.#self;
    if (!isAddressed || window === undefined) return 'misaddressed';
    if (!TYPES.includes(header.type)) return 'malformed';
    if (!this.#key.verify(datagram)) return 'forged';
    return window.accept(header.packet) ? null : 'replayed';
  }
}

function sameTag(one: Uint8Array, other: Uint8Array): boolean {
  for (let index = 0; index < RUN_TAG_BYTES; index += 1) {
    if (one[index] !== other[index]) return false;
  }
  return true;
}

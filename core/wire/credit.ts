import type { ByteWriter } from '../base/byte-writer.ts';
import { bodyReader } from './datagram.ts';

/** What a receiver of messages grants their sender. */
export interface Credit {
  /** The greatest packet number that was taken in. */
  readonly packet: number;
  /** How many more datagrams may be under way beyond that: 0..65,535. */
  readonly ahead: number;
  /** How many datagrams were taken in so far: what it tells of and did not count was lost, or is late. */
  readonly taken: number;
}

export function writeCredit(writer: ByteWriter, { packet, ahead, taken }: Credit): void {
  writer.u32(packet);
  writer.u16(ahead);
  writer.u32(taken);
}

export function decodeCredit(bytes: Uint8Array): Credit | null {
  const reader = bodyReader(bytes);
  const credit = { packet: reader.u32(), ahead: reader.u16(), taken: reader.u32() };
  return reader.failed || reader.more ? null : credit;
}

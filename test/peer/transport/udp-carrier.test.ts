import { afterEach, describe, expect, test } from '@jest/globals';
import type { PlannedMember } from '../../../control/command.ts';
import { ByteWriter } from '../../../core/base/byte-writer.ts';
import {
  decodeHeader,
  endDatagram,
  RUN_TAG_BYTES,
  takeApart,
  TAG_BYTES,
  writeHeader,
} from '../../../core/wire/datagram.ts';
import { receiverBit } from '../../../core/wire/receivers.ts';
import type { Carrier } from '../../../peer/transport/datagram-channel.ts';
import type { Libc } from '../../../peer/transport/native/libc.ts';
import { openUdpCarrier } from '../../../peer/transport/udp-carrier.ts';
import { openUdpEndpoint, type UdpEndpoint } from '../../../peer/transport/udp-endpoint.ts';
import { eventually } from '../../support/eventually.ts';
import { libcForTests } from '../../support/native-libc.ts';

const libc = await libcForTests();
const open = new Set<{ close(): unknown }>();

afterEach(async () => {
  await Promise.all([...open].map(close));
});

async function close(opened: { close(): unknown }): Promise<void> {
  open.delete(opened);
  await opened.close();
}

/** A datagram with this number, of this many bytes of body, written as a channel does. */
function numbered(writer: ByteWriter, packet: number, bodyBytes: number): Uint8Array {
  writer.offset = 0;
  const address = { type: 3, sender: 0, half: 0, receivers: receiverBit(1) };
  writeHeader(writer, { ...address, packet }, new Uint8Array(RUN_TAG_BYTES));
  writer.raw(new Uint8Array(bodyBytes + TAG_BYTES).fill(packet));
  writer.offset -= TAG_BYTES;
  return endDatagram(writer);
}

interface Receiver extends UdpEndpoint {
  readonly received: Uint8Array[];
}

async function receiver(system: Libc | null, host = '127.0.0.1', port = 0): Promise<Receiver> {
  const received: Uint8Array[] = [];
  const take = (bytes: Uint8Array): void => takeApart(bytes, (datagram) => received.push(datagram));
  const endpoint = await openUdpEndpoint(host, port, take, () => undefined, system);
  const result = { ...endpoint, received };
  open.add(result);
  return result;
}

function memberAt(host: string, port: number): PlannedMember {
  return { peerId: `peer-${port}`, incarnation: 'one', zone: 'us-west1-b', host, port };
}

async function carrierTo(
  ports: readonly number[],
  system: Libc | null,
  host = '127.0.0.1',
): Promise<Carrier> {
  const members = [memberAt(host, 9), ...ports.map((port) => memberAt(host, port))];
  const carrier = await openUdpCarrier(0, members, (error) => expect(error).toBeNull(), system);
  open.add(carrier);
  return carrier;
}

/** Sends a datagram of each length to each of `receivers`, as a channel does: in the same bytes unless they are kept. */
function sendAll(carrier: Carrier, receivers: number, lengths: readonly number[]): void {
  let writer = new ByteWriter(new Uint8Array(60_000));
  for (const [packet, length] of lengths.entries()) {
    const datagram = numbered(writer, packet, length);
    let isKept = false;
    for (let to = 1; to <= receivers; to += 1) if (carrier.send(to, datagram)) isKept = true;
    if (isKept) writer = new ByteWriter(new Uint8Array(60_000));
  }
}

/** Of each datagram its number and its length, and how it differs from the one that was sent, if it does. */
function textsOf(received: readonly Uint8Array[], lengths: readonly number[]): string[] {
  const writer = new ByteWriter(new Uint8Array(60_000));
  return received.map((datagram) => {
    const packet = decodeHeader(datagram)?.packet ?? -1;
    const isWhole = Buffer.compare(datagram, numbered(writer, packet, lengths[packet] ?? 0)) === 0;
    return `${packet}${isWhole ? '' : ` changed, ${datagram.length} bytes`}`;
  });
}

/** The contract of what carries datagrams over UDP, for each pair of sender and receiver. */
const transports = [
  { name: 'dgram', from: null, to: null },
  ...(libc === null
    ? []
    : [
        { name: 'native', from: libc, to: libc },
        { name: 'native to dgram', from: libc, to: null },
        { name: 'dgram to native', from: null, to: libc },
      ]),
];

describe.each(transports)('datagrams by $name', ({ from, to }) => {
  test.each([
    ['one', [400]],
    ['many of one length', Array.from({ length: 60 }, () => 1_100)],
    ['of many lengths', Array.from({ length: 90 }, (_, index) => (index * 379) % 1_150)],
    ['ever shorter', Array.from({ length: 70 }, (_, index) => 700 - index)],
    ['more than one piece of the longest', [1_100, 1_100, 40, 1_100, 59_000, 59_000, 7]],
  ])('%s, each arrives once, whole and in order, at every receiver', async (_name, lengths) => {
    const receivers = await Promise.all([1, 2, 3].map(() => receiver(to)));
    const carrier = await carrierTo(
      receivers.map(({ port }) => port),
      from,
    );
    sendAll(carrier, receivers.length, lengths);
    for (const { received } of receivers) {
      await eventually('every datagram', () => received.length >= lengths.length);
      expect(textsOf(received, lengths)).toEqual(lengths.map((_length, packet) => `${packet}`));
    }
  });

  test('a member that is gone costs the others nothing, and gets its datagrams again when it is back', async () => {
    const [gone, there] = [await receiver(to), await receiver(to)];
    const carrier = await carrierTo([gone.port, there.port], from);
    await close(gone);
    // The system answers each of these with an error, which comes with a later call.
    for (let turn = 0; turn < 5; turn += 1) {
      sendAll(carrier, 2, [100, 100, 100]);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await eventually('what goes to the other', () => there.received.length === 15);
    const back = await receiver(to, '127.0.0.1', gone.port);
    await eventually('one for who is back', () => {
      sendAll(carrier, 1, [100]);
      return back.received.length > 0;
    });
  });

  test('what was sent before the carrier was closed still leaves, and nothing is sent afterwards', async () => {
    const { port, received } = await receiver(to);
    const carrier = await carrierTo([port], from);
    sendAll(carrier, 1, [10, 10]);
    await close(carrier);
    await eventually('every datagram', () => received.length === 2);
  });

  test('by IPv6, too', async () => {
    const { port, received } = await receiver(to, '::1');
    const carrier = await carrierTo([port], from, '::1');
    sendAll(carrier, 1, [300, 300, 300]);
    await eventually('every datagram', () => received.length === 3);
    expect(textsOf(received, [300, 300, 300])).toEqual(['0', '1', '2']);
  });

  test('what is no datagram is handed on as it came', async () => {
    const { port, received } = await receiver(to);
    const carrier = await carrierTo([port], from);
    carrier.send(1, new Uint8Array(33).fill(7));
    await eventually('every datagram', () => received.length === 1);
    expect([...received[0]!]).toEqual(Array(33).fill(7));
  });

  test('an address that is taken is refused by its name', async () => {
    const { port } = await receiver(to);
    await expect(receiver(to, '127.0.0.1', port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

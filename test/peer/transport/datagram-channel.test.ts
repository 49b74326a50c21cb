import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DATAGRAM_BYTES_DEFAULT,
  DatagramType,
  decodeMessages,
  HEADER_BYTES,
  TAG_BYTES,
  writeMessages,
} from '../../../core/wire/datagram.ts';
import { decodeHello, writeHello } from '../../../core/wire/hello.ts';
import { decodeStatus, writeStatus } from '../../../core/wire/status.ts';
import { receiverBit } from '../../../core/wire/receivers.ts';
import { ByteWriter } from '../../../core/base/byte-writer.ts';
import { Kind, Message } from '../../../core/message.ts';
import { createRandom } from '../../../core/base/random.ts';
import { deriveRunKey } from '../../../peer/transport/authentication.ts';
import { DatagramChannel } from '../../../peer/transport/datagram-channel.ts';

const SECRET = 'a master secret of a laboratory, for tests only';
const RUN = '20260131-235959-0a1b2c3d';
/** The full campaign is `MPCOMM_FUZZ=1000000 npm run jest -- datagram-channel`. */
const FUZZ = Number(process.env['MPCOMM_FUZZ'] ?? 20_000);

/** `keeps`: the carrier keeps each datagram beyond the call, since it has not sent it yet. */
function channelOf(self: number, runId = RUN, secret = SECRET, keeps = true, size = 4) {
  const sent: Uint8Array[] = [];
  const receivers: number[] = [];
  const carrier = {
    losses: 0,
    send: (to: number, datagram: Uint8Array) => {
      sent.push(datagram);
      receivers.push(to);
      return keeps;
    },
    close: () => undefined,
  };
  const channel = new DatagramChannel(
    self,
    size,
    deriveRunKey(secret, runId),
    carrier,
    DATAGRAM_BYTES_DEFAULT,
  );
  return { sent, receivers, channel };
}

function writeTwo(writer: ByteWriter): void {
  writeMessages(writer, [new Message(Kind.data, 0, 5), new Message(Kind.data, 0, 6)]);
}

/** A sealed datagram from member 0 to member 1, or to others. */
function sealed(runId = RUN, secret = SECRET, receivers = [1]): Uint8Array {
  const { sent, channel } = channelOf(0, runId, secret);
  channel.send(receivers, DatagramType.messages, writeTwo);
  return sent[0]!;
}

describe('a run’s datagrams', () => {
  test('what a member sends, the member it is for opens', () => {
    const { channel } = channelOf(1);
    const datagram = sealed();
    expect(channel.open(datagram)).toMatchObject({ type: DatagramType.messages, sender: 0 });
    expect(decodeMessages(datagram)!.map((message) => message.sequence)).toEqual([5, 6]);
    expect([channel.datagramsReceived, channel.bytesReceived]).toEqual([1, datagram.length]);
  });

  const forged = sealed();
  forged[forged.length - 20]! ^= 1;

  test.each([
    ['of another run', 'foreign', sealed('20260131-235959-ffffffff')],
    ['of another laboratory', 'foreign', sealed(RUN, 'another secret of thirty-two bytes or so')],
    ['cut short', 'malformed', sealed().subarray(0, 20)],
    ['too long', 'malformed', new Uint8Array(DATAGRAM_BYTES_DEFAULT + 1).fill(1)],
    ['changed on its way', 'forged', forged],
  ])('one %s is dropped and counted as %s', (_name, reason, datagram) => {
    const { channel } = channelOf(1);
    expect(channel.open(datagram)).toBeNull();
    expect(channel.dropped).toEqual({ [reason]: 1 });
  });

  test('one that comes a second time is dropped and counted as replayed', () => {
    const { channel } = channelOf(1);
    channel.open(sealed());
    expect(channel.open(sealed())).toBeNull();
    expect(channel.dropped).toEqual({ replayed: 1 });
  });

  test('one for another member is dropped, though its seal is good', () => {
    const { channel } = channelOf(2);
    expect(channel.open(sealed())).toBeNull();
    expect(channel.dropped).toEqual({ misaddressed: 1 });
  });

  test('one for several members is written and sealed once, and each of them opens it once', () => {
    const { sent, receivers, channel } = channelOf(0);
    channel.send([1, 3], DatagramType.messages, writeTwo);
    expect(receivers).toEqual([1, 3]);
    expect(sent[1]).toBe(sent[0]);
    expect([channel.datagramsSent, channel.bytesSent]).toEqual([2, 2 * sent[0]!.length]);
    for (const member of [1, 3]) {
      const { channel: other } = channelOf(member);
      expect(other.open(sent[0]!)).toMatchObject({ sender: 0, packet: 1 });
      expect(other.open(sent[0]!)).toBeNull();
      expect(other.dropped).toEqual({ replayed: 1 });
    }
  });

  test('one for several members is refused by all others, and by its sender', () => {
    const datagram = sealed(RUN, SECRET, [0, 1, 3]);
    for (const member of [0, 2]) {
      const { channel } = channelOf(member);
      expect(channel.open(datagram)).toBeNull();
      expect(channel.dropped).toEqual({ misaddressed: 1 });
    }
  });

  test('in a group of 64, one for a member of one half is not for its namesake of the other', () => {
    const members = Array.from({ length: 64 }, (_, member) => member);
    for (const to of [1, 33, 63]) {
      const { sent, channel } = channelOf(35, RUN, SECRET, true, 64);
      channel.send([to], DatagramType.messages, writeTwo);
      const opened = members.filter((member) => {
        const header = channelOf(member, RUN, SECRET, true, 64).channel.open(sent[0]!);
        return header !== null && header.sender === 35;
      });
      expect(opened).toEqual([to]);
    }
  });

  test('one to which a receiver was added on its way is forged', () => {
    const datagram = sealed();
    datagram[7]! |= receiverBit(2);
    const { channel } = channelOf(2);
    expect(channel.open(datagram)).toBeNull();
    expect(channel.dropped).toEqual({ forged: 1 });
  });

  test('the bytes of one that has left are used again, and of one that has not are not', () => {
    for (const keeps of [true, false]) {
      const { sent, channel } = channelOf(0, RUN, SECRET, keeps);
      channel.send([1], DatagramType.messages, writeTwo);
      const before = sent[0]!.slice();
      channel.send([1], DatagramType.messages, writeTwo);
      expect(sent[0]!.byteOffset === sent[1]!.byteOffset).toBe(!keeps);
      expect(Buffer.compare(sent[0]!, before) === 0).toBe(keeps);
    }
  });

  test('one is as long as the run was told that its paths carry, and never longer', () => {
    const key = deriveRunKey(SECRET, RUN);
    const sent: Uint8Array[] = [];
    const carrier = {
      losses: 0,
      send: (_to: number, datagram: Uint8Array) => sent.push(datagram) > 0,
      close: () => undefined,
    };
    const channelFor = (self: number, bytes: number) =>
      new DatagramChannel(self, 4, key, carrier, bytes);
    const payload = new Uint8Array(9_000 - HEADER_BYTES - TAG_BYTES);
    const send = () => channelFor(0, 9_000).send([1], DatagramType.messages, (w) => w.raw(payload));
    send();
    expect(sent[0]!.length).toBe(9_000);
    expect(channelFor(1, 9_000).open(sent[0]!)).not.toBeNull();
    const other = channelFor(1, DATAGRAM_BYTES_DEFAULT);
    expect(other.open(sent[0]!)).toBeNull();
    expect(other.dropped).toEqual({ malformed: 1 });
  });

  test('one is never longer than a datagram may be', () => {
    const { channel } = channelOf(0);
    const bytes = new Uint8Array(DATAGRAM_BYTES_DEFAULT - HEADER_BYTES - TAG_BYTES);
    const write = (payload: Uint8Array) => () =>
      channel.send([1], DatagramType.messages, (writer) => writer.raw(payload));
    expect(write(bytes)).not.toThrow();
    expect(write(new Uint8Array(bytes.length + 1))).toThrow('large enough');
  });

  test(
    `${FUZZ} random and mutated datagrams neither throw nor are accepted`,
    () => {
      const random = createRandom(20_260_131);
      const { channel } = channelOf(1);
      const good = sealed();
      let offered = 0;
      for (let round = 0; round < FUZZ; round += 1) {
        const datagram = round % 4 === 0 ? noise(random) : mutated(good, random);
        if (datagram === null) continue;
        offered += 1;
        expect(channel.open(datagram)).toBeNull();
        // The decoders must bear anything as well: a member's own key may be in wrong hands.
        decodeMessages(datagram);
        decodeHello(datagram, 4);
        decodeStatus(datagram, 4);
      }
      const counted = Object.values(channel.dropped).reduce((sum, count) => sum + count, 0);
      expect(counted).toBe(offered);
      expect(Object.keys(channel.dropped).sort()).toEqual(
        expect.arrayContaining(['foreign', 'forged', 'malformed', 'misaddressed']),
      );
      expect(channel.open(good)).not.toBeNull();
    },
    30_000 + FUZZ / 3,
  );
});

function noise(random: () => number): Uint8Array {
  const bytes = new Uint8Array(Math.floor(random() * 1_300));
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = random() * 256;
  return bytes;
}

/** `good` with up to three bits flipped, cut or extended; `null` when the flips cancelled out. */
function mutated(good: Uint8Array, random: () => number): Uint8Array | null {
  const bytes = Uint8Array.from(good);
  for (let flips = 1 + Math.floor(random() * 3); flips > 0; flips -= 1) {
    bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
  }
  const size = bytes.length - (random() < 0.2 ? 1 + Math.floor(random() * 10) : 0);
  const result = bytes.subarray(0, size);
  return Buffer.from(result).equals(Buffer.from(good)) ? null : result;
}

describe('bodies', () => {
  /** A datagram with this body, and zeros for header and tag. */
  function bodyOf(write: (writer: ByteWriter) => void): Uint8Array {
    const writer = new ByteWriter(new Uint8Array(DATAGRAM_BYTES_DEFAULT), HEADER_BYTES);
    write(writer);
    return writer.bytes.subarray(0, writer.offset + TAG_BYTES);
  }

  test('a hello and a status decode to what was encoded', () => {
    const hello = { clock: 0xffff_fffe, heard: Uint8Array.from([0b1011]) };
    expect(
      decodeHello(
        bodyOf((writer) => writeHello(writer, hello)),
        4,
      ),
    ).toEqual(hello);
    const flags = fc.record({
      sentAll: fc.boolean(),
      complete: fc.boolean(),
      finished: fc.boolean(),
    });
    const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
    const members = fc.uniqueArray(fc.integer({ min: 0, max: 8 }));
    const parting = fc.record({
      without: members.map((list) => list.sort((a, b) => a - b)),
      delivered: fc.record({ first: u32, second: u32 }),
    });
    const status = fc.record({
      own: flags,
      heard: flags,
      asks: fc.boolean(),
      parting: fc.option(parting),
    });
    fc.assert(
      fc.property(status, (value) => {
        expect(
          decodeStatus(
            bodyOf((writer) => writeStatus(writer, value, 9)),
            9,
          ),
        ).toEqual(value);
      }),
    );
  });

  test('a hello of another group size is refused', () => {
    const hello = { clock: 1, heard: new Uint8Array(1) };
    expect(
      decodeHello(
        bodyOf((writer) => writeHello(writer, hello)),
        9,
      ),
    ).toBeNull();
  });
});

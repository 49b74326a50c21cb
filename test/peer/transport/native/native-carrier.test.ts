import type { Socket } from 'node:dgram';
import { describe, expect, test } from '@jest/globals';
import {
  loadLibc,
  type Libc,
  NativeTransportError,
} from '../../../../peer/transport/native/libc.ts';
import { NativeCarrier } from '../../../../peer/transport/native/native-carrier.ts';

/** A system that takes as many pieces at a call as it is told, and a socket whose queue is as long as it is told. */
function systemWith(answers: number[]) {
  const calls: { fd: number; piece: number; pieces: number }[] = [];
  const byNode: number[] = [];
  const queue = { length: 0 };
  const libc = {
    addressOf: () => 0x1_0000,
    sendMessages: (fd: number, headers: number, pieces: number) => {
      calls.push({ fd, piece: (headers - 0x1_0000) / 64, pieces });
      return Math.min(pieces, answers.shift() ?? pieces);
    },
  } as unknown as Libc;
  const socket = {
    getSendQueueCount: () => queue.length,
    send: (datagram: Uint8Array) => void byNode.push(datagram.length),
  } as unknown as Socket;
  let closings = 0;
  const carrier = new NativeCarrier(libc, [null, { socket, fd: 7 }], () => (closings += 1));
  const send = (...lengths: number[]): void => {
    for (const length of lengths) expect(carrier.send(1, new Uint8Array(length))).toBe(false);
  };
  return { calls, byNode, queue, carrier, send, closings: () => closings };
}

describe('the native carrier', () => {
  test('sends all that one callback caused in one call, once it is over', async () => {
    const { calls, byNode, send } = systemWith([]);
    send(100, 100, 300);
    expect(calls).toEqual([]);
    await Promise.resolve();
    expect(calls).toEqual([{ fd: 7, piece: 0, pieces: 2 }]);
    send(100);
    await Promise.resolve();
    expect(calls[1]).toEqual({ fd: 7, piece: 0, pieces: 1 });
    expect(byNode).toEqual([]);
  });

  test('sends at once when it is told to, and nothing a second time', async () => {
    const { calls, carrier, send } = systemWith([]);
    send(100, 100);
    carrier.flush();
    expect(calls).toHaveLength(1);
    await Promise.resolve();
    expect(calls).toHaveLength(1);
    send(100);
    await Promise.resolve();
    expect(calls).toHaveLength(2);
  });

  test('calls again for what the system did not take at once', async () => {
    const { calls, byNode, send } = systemWith([1]);
    send(100, 200, 300);
    await Promise.resolve();
    expect(calls.map(({ piece, pieces }) => [piece, pieces])).toEqual([
      [0, 3],
      [1, 2],
    ]);
    expect(byNode).toEqual([]);
  });

  test('leaves to Node what the system refuses, each datagram by itself, and loses nothing', async () => {
    const { byNode, send } = systemWith([1, 0]);
    send(100, 200, 200, 50, 300);
    await Promise.resolve();
    expect(byNode).toEqual([200, 200, 50, 300]);
  });

  test('does not overtake what waits in Node’s queue', async () => {
    const { calls, byNode, queue, send } = systemWith([]);
    queue.length = 1;
    send(100, 100);
    await Promise.resolve();
    expect([calls, byNode]).toEqual([[], [100, 100]]);
    queue.length = 0;
    send(100);
    await Promise.resolve();
    expect([calls.length, byNode.length]).toEqual([1, 2]);
  });

  test('sends sooner what fills its memory, and what is left when it is closed', () => {
    const { calls, carrier, send, closings } = systemWith([]);
    send(30_000, 30_000, 30_000);
    expect(calls).toHaveLength(1);
    expect(closings()).toBe(0);
    carrier.close();
    expect([calls.length, closings()]).toEqual([2, 1]);
  });

  test('sends nothing to itself', () => {
    const { carrier } = systemWith([]);
    expect(carrier.send(0, new Uint8Array(10))).toBe(false);
  });
});

describe('where there is no native transport', () => {
  test.each([
    ['darwin', 'arm64', 'is for Linux on x64 or arm64; this is darwin on arm64'],
    ['linux', 's390x', 'this is linux on s390x'],
  ])('%s on %s says so', async (platform, architecture, text) => {
    const error: unknown = await loadLibc(platform, architecture).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(NativeTransportError);
    expect(String(error)).toContain(text);
  });
});

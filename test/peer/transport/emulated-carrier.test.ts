import { describe, expect, test } from '@jest/globals';
import { createRandom } from '../../../core/base/random.ts';
import { PacketFate } from '../../../network/network-model.ts';
import { EmulatedCarrier } from '../../../peer/transport/emulated-carrier.ts';
import { VirtualProcess } from '../../../bench/virtual-group/virtual-process.ts';
import { VirtualTime } from '../../../bench/virtual-group/virtual-time.ts';

const FAR = { oneWayUs: 80_000, jitterUs: 0 };
const NEAR = { oneWayUs: 1_000, jitterUs: 0 };

/** Member 0 of three, whose paths to the others have these fates. */
function carrierTo(...fates: PacketFate[]) {
  const time = new VirtualTime();
  const arrived: string[] = [];
  let isClosed = false;
  const inner = {
    losses: 0,
    send: (to: number, datagram: Uint8Array) => {
      arrived.push(`${datagram[0]} to ${to} after ${Math.floor(time.nowUs / 1_000)} ms`);
      return false;
    },
    close: () => void (isClosed = true),
  };
  const clock = new VirtualProcess(0, [], time, createRandom(1));
  const carrier = new EmulatedCarrier(inner, [null, ...fates], clock);
  const pass = () => {
    while (time.step(10_000_000));
  };
  return { carrier, arrived, pass, isClosed: () => isClosed };
}

const fateOf = (path: typeof FAR, loss = 0) => new PacketFate(path, loss, 3, 0, 1);

describe('an emulated distance', () => {
  test('holds each datagram for as long as its path takes', () => {
    const { carrier, arrived, pass } = carrierTo(fateOf(FAR), fateOf(NEAR));
    carrier.send(1, Uint8Array.of(1));
    carrier.send(2, Uint8Array.of(2));
    carrier.send(1, Uint8Array.of(3));
    expect(arrived).toEqual([]);
    pass();
    expect(arrived[0]).toBe('2 to 2 after 1 ms');
    expect(arrived.slice(1).sort()).toEqual(['1 to 1 after 80 ms', '3 to 1 after 80 ms']);
  });

  test('keeps what it holds, whatever is written where the datagram was', () => {
    const { carrier, arrived, pass } = carrierTo(fateOf(FAR));
    const datagram = Uint8Array.of(1);
    expect(carrier.send(1, datagram)).toBe(false);
    datagram[0] = 2;
    pass();
    expect(arrived).toEqual(['1 to 1 after 80 ms']);
  });

  test('loses the share that it should, and counts it', () => {
    const { carrier, arrived, pass } = carrierTo(fateOf(NEAR, 0.3));
    for (let count = 0; count < 1_000; count += 1) carrier.send(1, Uint8Array.of(1));
    pass();
    expect(arrived.length + carrier.losses).toBe(1_000);
    expect(carrier.losses).toBeGreaterThan(240);
    expect(carrier.losses).toBeLessThan(360);
  });

  test('what is under way when it is closed still arrives, and nothing after that', () => {
    const { carrier, arrived, pass, isClosed } = carrierTo(fateOf(FAR));
    carrier.send(1, Uint8Array.of(1));
    carrier.close();
    carrier.send(1, Uint8Array.of(2));
    expect(isClosed()).toBe(false);
    pass();
    expect([arrived, isClosed()]).toEqual([['1 to 1 after 80 ms'], true]);
  });

  test('is closed at once when nothing is under way', () => {
    const { carrier, isClosed } = carrierTo(fateOf(FAR));
    carrier.close();
    expect(isClosed()).toBe(true);
  });
});

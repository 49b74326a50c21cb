import { describe, expect, test } from '@jest/globals';
import { halfOf, MEMBERS_MAX, receiverBit, receiverBits } from '../../../core/wire/receivers.ts';

describe('the receivers of a datagram', () => {
  test('have a bit each among those of their half, and no two the same', () => {
    const halves: number[][] = [[], []];
    for (let member = 0; member < MEMBERS_MAX; member += 1) {
      halves[halfOf(member)]!.push(receiverBit(member));
    }
    const powers = Array.from({ length: 32 }, (_, bit) => 2 ** bit);
    expect(halves).toEqual([powers, powers]);
  });

  test.each([
    [[0], 1],
    [[0, 31], 0x8000_0001],
    [[33, 63], 0x8000_0002],
    [Array.from({ length: 32 }, (_, member) => 32 + member), 0xffff_ffff],
  ])('%j are the bits %i', (members, bits) => {
    expect(receiverBits(members)).toBe(bits);
  });
});

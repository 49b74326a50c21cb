import { describe, expect, test } from '@jest/globals';
import { Kind } from '../../../core/message.ts';
import { RingKind } from '../../../core/orderings/ring.ts';
import {
  brokenInDrawn,
  isOwnKind,
  judgedRun,
  quietRun,
  STEADY,
  STEP_US,
} from '../../support/simulated-run.ts';

const SIZES = [2, 3, 4, 5, 6, 7, 8];

describe('ring', () => {
  test.each(SIZES)(
    'with %i members costs 2(n - 1) messages per multicast, whoever sends, in n - 1 to 2(n - 1) steps',
    (size) => {
      for (const sender of [0, size - 1]) {
        const run = quietRun('ring', size, sender);
        expect(run.packetsPerMulticast(isOwnKind)).toBe(2 * (size - 1));
        expect(Math.max(...run.latenciesUs)).toBe(2 * (size - 1) * STEP_US);
        // The sender's predecessor is the first to know that everybody has the message.
        expect(Math.min(...run.latenciesUs)).toBe((size - 1) * STEP_US);
      }
    },
  );

  test('each member sends to its successor only, under load as well', () => {
    // No member multicasts twice at the same instant, since the two messages would share a pack.
    const shape = { peers: 5, messages: 20, intervalUs: { min: 1, max: 9 }, network: STEADY };
    const { run, broken } = judgedRun('ring', shape);
    expect(broken).toEqual([]);
    expect(run.sent.get(Kind.data)).toBe(5 * 20 * 4);
    expect(run.sent.get(RingKind.ringAck)).toBe(5 * 20 * 4);
  });

  test('of two concurrent messages the one that passes the last member first is first', () => {
    const shape = { messages: 1, intervalUs: { min: 0, max: 0 }, network: STEADY };
    const { run } = judgedRun('ring', shape);
    expect(run.delivered).toEqual(Array(4).fill(['3.0', '2.0', '1.0', '0.0']));
  });

  test.each(Array.from({ length: 60 }, (_, index) => index + 1))(
    'a member that crashes after its packet number %i stops nobody and contradicts nobody',
    (packets) => {
      const crash = { kind: 'crash', member: packets % 3, atUs: 0, afterSends: packets } as const;
      const shape = { peers: 3, messages: 4, seed: packets, faults: [crash] };
      const { run, broken } = judgedRun('ring', shape);
      expect({ broken, crashed: run.crashed[crash.member] }).toEqual({
        broken: [],
        crashed: true,
      });
    },
  );

  test.each(Array.from({ length: 100 }, (_, seed) => seed))(
    'seed %i: keeps what it declares in troubles that a majority survives',
    (seed) => {
      expect(brokenInDrawn('ring', seed).broken).toEqual([]);
    },
  );
});

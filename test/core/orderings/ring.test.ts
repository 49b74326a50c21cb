import { describe, expect, test } from '@jest/globals';
import { Kind } from '../../../core/message.ts';
import {
  drawTroubledRun,
  isOwnKind,
  judgedRun,
  quietRun,
  STEP_US,
} from '../../support/troubled-runs.ts';

const SIZES = [2, 3, 4, 5, 6, 7, 8];

describe('ring', () => {
  test.each(SIZES)(
    'with %i members costs 2(n - 1) messages per multicast, whoever sends, in n - 1 to 2(n - 1) steps',
    (size) => {
      for (const sender of [0, size - 1]) {
        const run = quietRun('ring', size, sender);
        expect(run.packetsPerMulticast(isOwnKind)).toBe(2 * (size - 1));
        expect(Math.max(...run.latenciesUs)).toBe(2 * (size - 1) * STEP_US);
        // The sender's predecessor is the first that can know that everybody has it.
        expect(Math.min(...run.latenciesUs)).toBe((size - 1) * STEP_US);
      }
    },
  );

  test('each member sends to its successor only, under load as well', () => {
    const options = { size: 5, messages: 20, seed: 1, intervalUs: [0, 9] as const };
    const { run, broken } = judgedRun('ring', { ...options, delayUs: [STEP_US, STEP_US + 1] });
    expect(broken).toEqual([]);
    expect(run.sent.get(Kind.data)).toBe(5 * 20 * 4);
    expect(run.sent.get(Kind.ringAck)).toBe(5 * 20 * 4);
  });

  test('of two concurrent messages the one that passes the last member first is first', () => {
    const delayUs = [STEP_US, STEP_US + 1] as const;
    const options = { size: 4, messages: 1, seed: 3, intervalUs: [0, 1] as const, delayUs };
    const { run } = judgedRun('ring', options);
    expect(run.delivered).toEqual(Array(4).fill(['3.0', '2.0', '1.0', '0.0']));
  });

  test.each(Array.from({ length: 60 }, (_, index) => index + 1))(
    'a member that crashes after its packet number %i stops nobody and contradicts nobody',
    (packets) => {
      const trouble = { kind: 'crashAfterPackets', member: packets % 3, packets } as const;
      const options = { size: 3, messages: 4, seed: packets, troubles: [trouble] };
      const { run, broken } = judgedRun('ring', options);
      expect({ broken, crashed: run.crashed[trouble.member] }).toEqual({
        broken: [],
        crashed: true,
      });
    },
  );

  test.each(Array.from({ length: 100 }, (_, seed) => seed))(
    'seed %i: keeps what it declares in troubles that a majority survives',
    (seed) => {
      expect(judgedRun('ring', drawTroubledRun(seed)).broken).toEqual([]);
    },
  );
});

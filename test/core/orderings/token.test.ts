import { describe, expect, test } from '@jest/globals';
import { Kind } from '../../../core/message.ts';
import { TokenKind } from '../../../core/orderings/token.ts';
import {
  brokenInDrawn,
  judgedRun,
  quietRun,
  STEADY,
  STEP_US,
} from '../../support/simulated-run.ts';

const SIZES = [2, 3, 4, 5, 6, 7, 8];
const NAMES = ['token', 'moving-sequencer'] as const;

describe('token', () => {
  test.each(SIZES)('with %i members a message costs n - 1, and the token its hops', (size) => {
    const run = quietRun('token', size, size - 1);
    expect(run.packetsPerMulticast((kind) => kind === Kind.data)).toBe(size - 1);
    expect(run.sent.get(TokenKind.token)).toBeGreaterThan(2 * 10);
    expect(run.sent.has(TokenKind.tokenOrder)).toBe(false);
  });

  test('a message waits for the token: what comes after it has left is last', () => {
    const shape = { peers: 3, messages: 2, intervalUs: { min: 1, max: 1 }, network: STEADY };
    const { run } = judgedRun('token', shape);
    expect(run.delivered).toEqual(Array(3).fill(['1.0', '1.1', '2.0', '2.1', '0.0', '0.1']));
  });

  test('what is multicast at one instant is there when the token is', () => {
    const shape = { peers: 3, messages: 2, intervalUs: { min: 0, max: 0 }, network: STEADY };
    const { run } = judgedRun('token', shape);
    expect(run.delivered).toEqual(Array(3).fill(['0.0', '0.1', '1.0', '1.1', '2.0', '2.1']));
  });
});

describe('moving-sequencer', () => {
  test.each(SIZES)('with %i members a message costs n - 1, and as much its place', (size) => {
    const run = quietRun('moving-sequencer', size, size - 1);
    expect(run.packetsPerMulticast((kind) => kind === Kind.data)).toBe(size - 1);
    expect(run.packetsPerMulticast((kind) => kind === TokenKind.tokenOrder)).toBe(size - 1);
  });

  test('under load one announcement gives places to the messages of many', () => {
    const shape = { messages: 50, intervalUs: { min: 0, max: 500 }, network: STEADY };
    const { run, broken } = judgedRun('moving-sequencer', shape);
    expect(broken).toEqual([]);
    expect(run.packetsPerMulticast((kind) => kind === TokenKind.tokenOrder)).toBeLessThan(1);
  });
});

describe.each(NAMES)('%s', (name) => {
  test.each(SIZES)('with %i members delivers within two rounds and three steps', (size) => {
    const run = quietRun(name, size, 0);
    // Each member may hold an idle token for a while, which is as long as a step here.
    expect(Math.max(...run.latenciesUs)).toBeLessThanOrEqual((3 * size + 3) * STEP_US);
  });

  test('an idle group does not spin: the token hops once in 5 ms at most', () => {
    const network = { delay: { kind: 'constant', us: 10 } as const };
    const { run } = judgedRun(name, { messages: 1, network, settleUs: 10_000_000 });
    const seconds = run.result.endedAtUs / 1e6;
    expect(seconds).toBeGreaterThan(9.9);
    expect(run.sent.get(TokenKind.token)! / seconds).toBeLessThan(205);
    expect(run.sent.get(TokenKind.token)! / seconds).toBeGreaterThan(100);
  });

  test.each(Array.from({ length: 30 }, (_, index) => index * 1_500))(
    'member 1 crashes at %i us, with the token or without, and a new one goes round',
    (atUs) => {
      const faults = [{ kind: 'crash', member: 1, atUs } as const];
      const { run, broken } = judgedRun(name, { messages: 5, faults, network: STEADY });
      expect({ broken, crashed: run.crashed[1] }).toEqual({ broken: [], crashed: true });
    },
  );

  test.each(Array.from({ length: 40 }, (_, index) => index + 1))(
    'a member that crashes after its packet number %i stops nobody and contradicts nobody',
    (packets) => {
      const crash = { kind: 'crash', member: packets % 3, atUs: 0, afterSends: packets } as const;
      const shape = { peers: 3, messages: 4, seed: packets, faults: [crash] };
      const { run, broken } = judgedRun(name, shape);
      expect({ broken, crashed: run.crashed[crash.member] }).toEqual({
        broken: [],
        crashed: true,
      });
    },
  );

  test('the holder is paused with the token, taken for dead, and does no harm when it is back', () => {
    for (let member = 0; member < 4; member += 1) {
      const pause = { kind: 'pause', member, atUs: 20_000, untilUs: 4_000_000 } as const;
      const { run, broken } = judgedRun(name, { seed: member, faults: [pause], network: STEADY });
      expect(broken).toEqual([]);
      expect(run.sent.get(Kind.viewInstall)).toBeGreaterThan(0);
      expect(run.delivered[member]).toHaveLength(40);
    }
  });

  test.each(Array.from({ length: 80 }, (_, seed) => seed))(
    'seed %i: keeps what it declares in troubles that a majority survives',
    (seed) => {
      expect(brokenInDrawn(name, seed).broken).toEqual([]);
    },
  );
});

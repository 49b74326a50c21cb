import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { contentsOf, payloadConflict, Payloads } from '../../control/workload.ts';
import { contentOf } from '../../core/records/content.ts';

const RULES = [
  { seed: 3, payloadBytes: 0 },
  { seed: 3, payloadBytes: 100 },
  { seed: 3, payloadBytes: 300, workload: 'mixed' },
  { seed: 3, payloadBytes: 0, workload: 'bank' },
] as const;

describe('payloads', () => {
  test.each(RULES)(
    'of %j are the same wherever they are made, and no bytes are shared',
    (rules) => {
      fc.assert(
        fc.property(fc.nat(31), fc.nat(99_999), (sender, sequence) => {
          const payload = new Payloads(rules).of(sender, sequence);
          expect(new Payloads(rules).matches(sender, sequence, payload)).toBe(true);
          expect(contentsOf(rules).of(sender, sequence)).toEqual(contentOf(payload));
          for (let place = 0; place < payload.length; place += 1) {
            payload[place]! ^= 1;
            expect(new Payloads(rules).matches(sender, sequence, payload)).toBe(false);
            payload[place]! ^= 1;
          }
          const longer = Uint8Array.of(...payload, 0);
          expect(new Payloads(rules).matches(sender, sequence, longer)).toBe(false);
          const within = Uint8Array.of(9, 9, 9, ...payload, 9, 9, 9);
          const end = 3 + payload.length;
          expect(new Payloads(rules).matches(sender, sequence, within, 3, end)).toBe(true);
          expect(new Payloads(rules).matches(sender, sequence, within, 2, end)).toBe(false);
          if (payload.length > 0) payload.fill(7);
          expect(new Payloads(rules).of(sender, sequence)).toEqual(
            new Payloads(rules).of(sender, sequence),
          );
        }),
      );
    },
  );

  test('differ from message to message, from sender to sender, and from seed to seed', () => {
    const texts = [1, 2].flatMap((seed) => {
      const payloads = new Payloads({ seed, payloadBytes: 20 });
      return [0, 1, 2].flatMap((sender) =>
        Array.from({ length: 50 }, (_, sequence) => payloads.of(sender, sequence).join()),
      );
    });
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('that are mixed have every length from nothing to the longest, and more short than long ones', () => {
    const payloads = new Payloads({ seed: 5, payloadBytes: 40, workload: 'mixed' });
    const lengths = Array.from({ length: 5_000 }, (_, sequence) => payloads.of(0, sequence).length);
    expect(new Set(lengths).size).toBe(41);
    expect(lengths.filter((length) => length === 0).length / lengths.length).toBeCloseTo(0.2, 1);
    const long = lengths.filter((length) => length > 20).length;
    expect(long).toBeLessThan(lengths.length / 3);
  });
});

test('a workload says what may be asked of the payload', () => {
  expect(payloadConflict('none', 0)).toBeNull();
  expect(payloadConflict('mixed', 1)).toBeNull();
  expect(payloadConflict('mixed', 0)).toContain('with 0 all would be empty');
  expect(payloadConflict('bank', 1)).toContain('no payload can be asked for');
});

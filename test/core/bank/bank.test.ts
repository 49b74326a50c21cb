import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  Bank,
  INTEREST_BEARING_CENTS_MAX,
  OPENING_CENTS,
  OPERATIONS_MAX,
  roundHalfToEven,
} from '../../../core/bank/bank.ts';
import * as operations from '../../../core/bank/bank-operation.ts';
import { fnv1a64 } from '../../../core/base/fnv.ts';

const { ACCOUNTS, DEPOSIT_CENTS_MAX, INTEREST_BASIS_POINTS_MAX, NO_OPERATION } = operations;

const account = fc.integer({ min: 0, max: ACCOUNTS - 1 });
const cents = fc.integer({ min: 1, max: DEPOSIT_CENTS_MAX });
const basisPoints = fc.integer({ min: 1, max: INTEREST_BASIS_POINTS_MAX });
const deposits = fc.tuple(account, cents).map(([to, amount]) => operations.deposit(to, amount));
const anyOperation = fc.oneof(
  deposits,
  fc.tuple(account, basisPoints).map(([on, points]) => operations.interest(on, points)),
  basisPoints.map(operations.interestOnAll),
);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

function bankAfter(codes: readonly number[]): Bank {
  const bank = new Bank();
  for (const code of codes) bank.apply(code);
  return bank;
}

describe('an operation', () => {
  test('decodes to itself from 2 to 4 bytes', () => {
    fc.assert(
      fc.property(anyOperation, (code) => {
        const payload = operations.encodeOperation(code);
        expect(payload.length).toBeGreaterThanOrEqual(2);
        expect(payload.length).toBeLessThanOrEqual(4);
        expect(operations.decodeOperation(payload)).toBe(code);
      }),
    );
  });

  test('has no other bytes: whatever decodes is encoded again as it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 6 }), (payload) => {
        const code = operations.decodeOperation(payload);
        if (code === NO_OPERATION) return;
        expect([...operations.encodeOperation(code)]).toEqual([...payload]);
      }),
      { numRuns: 5_000 },
    );
  });

  test.each([
    ['nothing', []],
    ['no amount', [0]],
    ['amount 0', [0, 0]],
    ['a target beyond the last', [9, 1]],
    ['more bytes than it needs', [0, 0x81, 0x00]],
    ['bytes behind it', [0, 1, 0]],
    ['too great a deposit', [0, 0xa1, 0x9c, 0x01]],
    ['too much interest', [4, 101]],
  ])('is not made of %s', (_what, bytes) => {
    expect(operations.decodeOperation(Uint8Array.from(bytes))).toBe(NO_OPERATION);
  });

  test('of a message is the same whoever asks, and depends on each of seed, sender and sequence', () => {
    fc.assert(
      fc.property(u32, fc.integer({ min: 0, max: 4_095 }), u32, (seed, sender, sequence) => {
        const code = operations.drawOperation(seed, sender, sequence);
        expect(operations.drawOperation(seed, sender, sequence)).toBe(code);
        expect(operations.decodeOperation(operations.encodeOperation(code))).toBe(code);
      }),
    );
    const drawn = (of: (index: number) => number): number =>
      new Set(Array.from({ length: 100 }, (_, index) => of(index))).size;
    expect(drawn((seed) => operations.drawOperation(seed, 0, 0))).toBeGreaterThan(50);
    expect(drawn((sender) => operations.drawOperation(7, sender, 0))).toBeGreaterThan(50);
    expect(drawn((sequence) => operations.drawOperation(7, 0, sequence))).toBeGreaterThan(50);
  });

  test('reads well', () => {
    expect(operations.describeOperation(operations.deposit(2, 5_120))).toBe(
      'a deposit of 51.20 to account 2',
    );
    expect(operations.describeOperation(operations.interest(0, 5))).toBe(
      '0.05 % interest on account 0',
    );
    expect(operations.describeOperation(operations.interestOnAll(100))).toBe(
      '1.00 % interest on all accounts',
    );
    expect(operations.describeOperation(NO_OPERATION)).toContain('nothing');
    expect([0, 5, -120_417, 123_456_789].map(operations.formatCents)).toEqual([
      '0.00',
      '0.05',
      '-1,204.17',
      '1,234,567.89',
    ]);
  });

  test.each([
    ['an account that there is not', () => operations.deposit(ACCOUNTS, 1)],
    ['half a cent', () => operations.deposit(0, 0.5)],
    ['more than is allowed', () => operations.interest(0, INTEREST_BASIS_POINTS_MAX + 1)],
  ])('is refused with %s', (_what, make) => expect(make).toThrow('within limits'));
});

describe('a bank', () => {
  test('is the one of the book: 1,111 or 1,110, by which of the two came first', () => {
    const toFirst = (...codes: number[]): number => bankAfter(codes).balances[0]!;
    const update1 = operations.deposit(0, 10_000);
    const update2 = operations.interest(0, 100);
    expect(toFirst(update1, update2)).toBe(111_100);
    expect(toFirst(update2, update1)).toBe(111_000);
  });

  test('ends the same after the same operations in the same order', () => {
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 50 }), (codes) => {
        const [one, other] = [bankAfter(codes), bankAfter(codes)];
        expect(one.stateHash).toBe(other.stateHash);
        expect(one.equals(other)).toBe(true);
        expect(one.applied).toBe(codes.length);
      }),
    );
  });

  test('ends the same after deposits alone, in whatever order', () => {
    const orders = fc
      .array(deposits, { minLength: 2, maxLength: 30 })
      .chain((codes) =>
        fc.tuple(fc.constant(codes), fc.shuffledSubarray(codes, { minLength: codes.length })),
      );
    fc.assert(
      fc.property(orders, ([codes, shuffled]) => {
        expect(bankAfter(shuffled).stateHash).toBe(bankAfter(codes).stateHash);
      }),
    );
  });

  test('differs where a deposit of 100.00 and 1 % interest on its account change places', () => {
    const payment = operations.deposit(1, 10_000);
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 20 }), (before) => {
        const one = bankAfter([...before, payment, operations.interest(1, 100)]);
        const other = bankAfter([...before, operations.interest(1, 100), payment]);
        expect(one.balances[1]! - other.balances[1]!).toBe(100);
        expect(one.stateHash).not.toBe(other.stateHash);
      }),
    );
  });

  test('counts what it does not understand, and does nothing', () => {
    const bank = new Bank();
    bank.deliver(Uint8Array.of(200));
    bank.deliver(null);
    bank.deliver(operations.encodeOperation(operations.deposit(3, 1)));
    expect([bank.undecodable, bank.applied]).toEqual([2, 1]);
    expect([...bank.balances]).toEqual([
      ...Array<number>(ACCOUNTS - 1).fill(OPENING_CENTS),
      OPENING_CENTS + 1,
    ]);
  });

  test('stays within the safe integers after as many operations as any run has', () => {
    const bank = new Bank();
    for (let index = 0; index < 5_000; index += 1) {
      bank.apply(operations.interestOnAll(INTEREST_BASIS_POINTS_MAX));
    }
    const before = bank.totalCents;
    bank.apply(operations.interestOnAll(INTEREST_BASIS_POINTS_MAX));
    const most = bank.totalCents - before;
    // No longer compound: every further operation adds as much as this one, or less.
    expect(most).toBe((ACCOUNTS * INTEREST_BEARING_CENTS_MAX) / 100);
    expect(most).toBeGreaterThan(ACCOUNTS * DEPOSIT_CENTS_MAX);
    expect(before + most * OPERATIONS_MAX).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });

  test('stops rather than apply more operations than that', () => {
    const bank = new Bank();
    bank.applied = OPERATIONS_MAX - 1;
    bank.apply(operations.deposit(0, 1));
    expect(() => bank.apply(operations.deposit(0, 1))).toThrow('409,600,000');
  });

  test('rounds halves to the even cent, as exact arithmetic does', () => {
    expect([5, 15, 25, 14, 16].map((dividend) => roundHalfToEven(dividend, 10))).toEqual([
      0, 2, 2, 1, 2,
    ]);
    fc.assert(
      fc.property(fc.nat(INTEREST_BEARING_CENTS_MAX * INTEREST_BASIS_POINTS_MAX), (dividend) => {
        const [twice, whole] = [2n * BigInt(dividend), 10_000n];
        const rounded = BigInt(roundHalfToEven(dividend, 10_000));
        const distance = twice - 2n * whole * rounded;
        expect(distance <= whole && distance >= -whole).toBe(true);
        if (distance === whole || distance === -whole) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  test('has the fingerprint of its balances', () => {
    const bank = new Bank();
    const bytes = new DataView(new ArrayBuffer(8 * ACCOUNTS));
    bank.balances[2] = 2 ** 40 + 3;
    bank.balances.forEach((amount, at) => bytes.setBigUint64(8 * at, BigInt(amount)));
    expect(bank.stateHash).toBe(fnv1a64(new Uint8Array(bytes.buffer)));
  });
});

describe('fnv1a64', () => {
  // From the draft's own test vectors.
  test.each([
    ['', 'cbf29ce484222325'],
    ['a', 'af63dc4c8601ec8c'],
    ['foobar', '85944171f73967e8'],
  ])('of "%s" is what the draft says', (text, hash) => {
    expect(fnv1a64(new TextEncoder().encode(text))).toBe(hash);
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Bank } from '../../../core/bank/bank.ts';
import { findFirstDifference, findFirstSwap } from '../../../core/bank/bank-differences.ts';
import { BankHistory, type ReplicaLog } from '../../../core/bank/bank-history.ts';
import {
  accountOf,
  drawOperation,
  encodeOperation,
  isDeposit,
  NO_OPERATION,
} from '../../../core/bank/bank-operation.ts';
import { contentOf } from '../../../core/records/content.ts';
import { DeliveredSequence } from '../../../core/records/delivered-sequence.ts';

const [PEERS, MESSAGES] = [3, 8];
const SEED = 7;
const HISTORY = new BankHistory(SEED, PEERS, MESSAGES);
const ALL = Array.from({ length: PEERS * MESSAGES }, (_, index) => index);

/** Any order of any part of the messages, some delivered twice, some that nobody multicast. */
const anyLog = fc
  .array(fc.integer({ min: -1, max: ALL.length - 1 }), { maxLength: 40 })
  .map((indices) => Int32Array.from(indices));
const anyOrder = fc.shuffledSubarray(ALL, { minLength: ALL.length }).map((o) => Int32Array.from(o));

/** A log whose messages all carried what was multicast. */
function logOf(indices: Int32Array): ReplicaLog {
  return { indices, codes: indices.map((index) => HISTORY.codeAt(index)) };
}

function replayed(indices: readonly number[]): Bank {
  const bank = new Bank();
  for (const index of indices) bank.apply(HISTORY.codeAt(index));
  return bank;
}

describe('the history of a bank', () => {
  test('knows every operation of the run, and none that is not of it', () => {
    for (const sender of [0, PEERS - 1]) {
      const code = HISTORY.codeAt(HISTORY.indexOf(sender, 5));
      expect(code).toBe(drawOperation(SEED, sender, 5));
    }
    expect(HISTORY.indexOf(PEERS, 0)).toBe(-1);
    expect(HISTORY.indexOf(0, MESSAGES)).toBe(-1);
    expect(HISTORY.codeAt(-1)).toBe(NO_OPERATION);
    const log = new DeliveredSequence();
    log.appendDelivery(1, 2);
    log.appendDelivery(60_000, 0);
    expect(HISTORY.read(log)).toEqual(logOf(Int32Array.of(MESSAGES + 2, -1)));
  });

  test('applies what was delivered, where that is noted, and nothing where that is no operation', () => {
    const log = new DeliveredSequence();
    const other = drawOperation(SEED + 1, 0, 0);
    const payloads = [encodeOperation(other), new Uint8Array(0), new Uint8Array(300)];
    for (const [sequence, payload] of payloads.entries()) {
      log.appendDelivery(0, sequence);
      log.noteContent(contentOf(payload));
    }
    log.appendDelivery(0, 3);
    log.appendDelivery(60_000, 0);
    log.noteContent(contentOf(encodeOperation(other)));
    const codes = [other, NO_OPERATION, NO_OPERATION, drawOperation(SEED, 0, 3), NO_OPERATION];
    expect([...HISTORY.read(log).codes]).toEqual(codes);
  });

  test('gives totals that the replica had on the way', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const positions = [0, 3, log.length, log.length + 5];
        const totals = HISTORY.totalsAt(logOf(log), positions);
        const expected = positions.map((end) => replayed([...log.subarray(0, end)]).totalCents);
        expect(totals).toEqual(expected);
        expect(HISTORY.replay(logOf(log)).undecodable).toBe(
          log.filter((index) => index < 0).length,
        );
      }),
    );
  });

  test('reorders each beginning of a log as the reference has it, against a plain sort', () => {
    fc.assert(
      fc.property(anyOrder, anyOrder, (reference, log) => {
        const ranks = HISTORY.ranksIn(logOf(reference));
        const positions = [0, 1, 7, log.length];
        const banks = HISTORY.reorderedAt(logOf(log), ranks, positions);
        positions.forEach((end, place) => {
          const sorted = [...log.subarray(0, end)].sort((a, b) => ranks[a]! - ranks[b]!);
          expect([...banks[place]!.balances]).toEqual([...replayed(sorted).balances]);
        });
      }),
    );
  });

  test('finds nothing changed by order where a log only lacks what the reference has, or the reverse', () => {
    const someLost = fc.tuple(anyOrder, fc.array(fc.boolean(), { minLength: ALL.length }));
    fc.assert(
      fc.property(someLost, ([order, kept]) => {
        const lossy = order.filter((_, place) => kept[place]);
        for (const [reference, log] of [
          [order, lossy],
          [lossy, order],
        ] as const) {
          const [bank] = HISTORY.reorderedAt(logOf(log), HISTORY.ranksIn(logOf(reference)), [
            log.length,
          ]);
          expect(bank!.equals(HISTORY.replay(logOf(log)))).toBe(true);
          expect(findFirstSwap(HISTORY, [logOf(reference), logOf(log)])).toBeNull();
        }
      }),
    );
  });

  test('finds nothing changed by order in the reference itself, whatever it repeats or invents', () => {
    fc.assert(
      fc.property(anyLog, (log) => {
        const positions = [0, 5, log.length];
        const totals = HISTORY.reorderedAt(logOf(log), HISTORY.ranksIn(logOf(log)), positions);
        expect(totals.map(({ totalCents }) => totalCents)).toEqual(
          HISTORY.totalsAt(logOf(log), positions),
        );
      }),
    );
  });

  test('takes any log that a stranger may have written', () => {
    fc.assert(
      fc.property(anyLog, anyLog, (reference, log) => {
        const [bank] = HISTORY.reorderedAt(logOf(log), HISTORY.ranksIn(logOf(reference)), [
          log.length,
        ]);
        expect(bank!.applied + bank!.undecodable).toBe(log.length);
      }),
    );
  });
});

describe('two replicas', () => {
  test('differ first where the first differing operation was applied', () => {
    fc.assert(
      fc.property(anyLog, anyLog, (first, second) => {
        const found = findFirstDifference([logOf(first), logOf(second)]);
        const ends = Array.from({ length: Math.max(first.length, second.length) }, (_, at) => at);
        const expected = ends.find((position) => {
          const [one, other] = [first, second].map((log) =>
            replayed([...log.subarray(0, position + 1)]),
          );
          return !one!.equals(other!);
        });
        expect(found?.position).toBe(expected);
      }),
    );
  });

  test('have a swap exactly when some deposit and interest on its account changed places', () => {
    const commutes = (one: number, other: number): boolean => {
      const [a, b] = [HISTORY.codeAt(one), HISTORY.codeAt(other)];
      if (isDeposit(a) === isDeposit(b)) return true;
      const [at, on] = [accountOf(a), accountOf(b)];
      return at !== null && on !== null && at !== on;
    };
    fc.assert(
      fc.property(anyOrder, fc.array(fc.nat(ALL.length - 2), { maxLength: 12 }), (first, swaps) => {
        const second = first.slice();
        for (const at of swaps) {
          [second[at], second[at + 1]] = [second[at + 1]!, second[at]!];
        }
        const ranks = HISTORY.ranksIn(logOf(first));
        const positions = ALL.filter((at) =>
          ALL.slice(0, at).some(
            (before) =>
              ranks[second[before]!]! > ranks[second[at]!]! &&
              !commutes(second[before]!, second[at]!),
          ),
        );
        const found = findFirstSwap(HISTORY, [first, first, second].map(logOf));
        if (positions.length === 0) {
          expect(found).toBeNull();
          return;
        }
        const { other, earlier, later } = found!;
        expect([other, second.indexOf(earlier)]).toEqual([2, positions[0]]);
        expect(second.indexOf(later)).toBeLessThan(second.indexOf(earlier));
        expect(ranks[earlier]!).toBeLessThan(ranks[later]!);
        expect(commutes(earlier, later)).toBe(false);
      }),
    );
  });

  test('that repeat a message are not said to have swapped it', () => {
    const [deposit] = ALL.filter((index) => isDeposit(HISTORY.codeAt(index)));
    const interest = ALL.find((index) => {
      const on = accountOf(HISTORY.codeAt(index));
      return (
        !isDeposit(HISTORY.codeAt(index)) &&
        (on === null || on === accountOf(HISTORY.codeAt(deposit!)))
      );
    });
    const reference = logOf(Int32Array.of(deposit!, interest!));
    const repeating = logOf(Int32Array.of(deposit!, interest!, deposit!));
    const reversed = logOf(Int32Array.of(interest!, deposit!));
    expect(findFirstSwap(HISTORY, [reference, repeating])).toBeNull();
    expect(findFirstSwap(HISTORY, [reference, reversed])).not.toBeNull();
    // One of them that carried something else is not the operation that the other one applied.
    const unread = { ...reversed, codes: Int32Array.of(reversed.codes[0]!, NO_OPERATION) };
    expect(findFirstSwap(HISTORY, [reference, unread])).toBeNull();
    expect(findFirstSwap(HISTORY, [unread, reference])).toBeNull();
  });
});

import { assert } from '../base/assert.ts';
import { ByteWriter } from '../base/byte-writer.ts';
import {
  accountOf,
  ACCOUNTS,
  amountOf,
  decodeOperation,
  isDeposit,
  NO_OPERATION,
} from './bank-operation.ts';
import { fnv1a64 } from '../base/fnv.ts';

/** What every account holds before the first operation: 1,000.00, as in the book. */
export const OPENING_CENTS = 100_000;

/** Basis points of a whole. */
const WHOLE = 10_000;

/**
 * Interest is paid on the first 1,000,000.00 of a balance only. Compound interest doubles for ever;
 * so it grows by at most 10,000.00 an operation.
 */
export const INTEREST_BEARING_CENTS_MAX = 100_000_000;

/**
 * The number of operations that the largest run may have: 4,096 peers x 100,000 messages. An
 * operation adds at most 1,000,000 cents to each account, so that all accounts together stay below
 * 4 x (409,600,000 x 1,000,000 + 100,000) < 2^51, a fifth of the safe integers.
 */
export const OPERATIONS_MAX = 4_096 * 100_000;

/**
 * One replica of the bank. It does what it is told in the order in which it is told, and nothing else:
 * two replicas that applied the same operations in the same order are equal, to the cent.
 *
 * Deposits commute, and so do, but for rounding, two payments of interest. A deposit and interest on
 * the same account do not: the deposit earns the interest only when it came first.
 */
export class Bank {
  /** Whole cents, by account. */
  readonly balances = new Float64Array(ACCOUNTS).fill(OPENING_CENTS);
  /** Operations applied so far. */
  applied = 0;
  /** Payloads that were no operation, and changed nothing. */
  undecodable = 0;

  /**
   * Applies what a message carries; what does not decode changes nothing and is counted. `null` stands
   * for a message that nobody multicast.
   */
  deliver(payload: Uint8Array | null): void {
    this.apply(payload === null ? NO_OPERATION : decodeOperation(payload));
  }

  apply(code: number): void {
    if (code === NO_OPERATION) {
      this.undecodable += 1;
      return;
    }
    this.applied += 1;
    assert(this.applied <= OPERATIONS_MAX, 'a bank applies at most 409,600,000 operations');
    const account = accountOf(code);
    const amount = amountOf(code);
    if (account === null) {
      for (let each = 0; each < ACCOUNTS; each += 1) this.#payInterest(each, amount);
    } else if (isDeposit(code)) {
      this.balances[account]! += amount;
    } else {
      this.#payInterest(account, amount);
    }
  }

  get totalCents(): number {
    let total = 0;
    for (const cents of this.balances) total += cents;
    assert(Number.isSafeInteger(total), 'money stays within the safe integers');
    return total;
  }

  /** The fingerprint of the balances: each as 8 bytes, big-endian, account by account. */
  get stateHash(): string {
    const writer = new ByteWriter(new Uint8Array(8 * ACCOUNTS));
    for (const cents of this.balances) {
      writer.u32(Math.floor(cents / 0x1_0000_0000));
      writer.u32(cents % 0x1_0000_0000);
    }
    return fnv1a64(writer.bytes);
  }

  /** Whether all accounts hold the same as the other's. */
  equals(other: Bank): boolean {
    for (let account = 0; account < ACCOUNTS; account += 1) {
      if (this.balances[account] !== other.balances[account]) return false;
    }
    return true;
  }

  copy(): Bank {
    const copy = new Bank();
    copy.balances.set(this.balances);
    copy.applied = this.applied;
    copy.undecodable = this.undecodable;
    return copy;
  }

  #payInterest(account: number, basisPoints: number): void {
    const bearing = Math.min(this.balances[account]!, INTEREST_BEARING_CENTS_MAX);
    this.balances[account]! += roundHalfToEven(bearing * basisPoints, WHOLE);
  }
}

/**
 * `dividend / divisor` as a whole number, and to the even one of two that are equally near: the
 * bankers' rule, under which halves are not always rounded up in the bank's or the customer's favour.
 * Only whole numbers below 2^53 occur, and the one division has no remainder.
 */
export function roundHalfToEven(dividend: number, divisor: number): number {
  const remainder = dividend % divisor;
  const floor = (dividend - remainder) / divisor;
  const twice = 2 * remainder;
  if (twice === divisor) return floor + (floor % 2);
  return twice > divisor ? floor + 1 : floor;
}

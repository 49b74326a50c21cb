import { assert } from '../base/assert.ts';
import { ByteReader } from '../base/byte-reader.ts';
import { ByteWriter, varintSize } from '../base/byte-writer.ts';
import { createMessageStream, Stream } from '../base/random-streams.ts';

/**
 * The operations of the replicated bank: a deposit to one account, or interest on one or on all.
 *
 * The example is the one of Tanenbaum and van Steen, _Distributed Systems_ (3rd edition 2017, section
 * 6.2, on total-ordered multicasting): an account holds 1,000, one city adds 100, another one adds 1 %
 * interest, and the copy that took the interest last ends with 1,111, the other one with 1,110.
 *
 * An operation is one number, so that millions of them cost nothing: `amount * 16 + target`, where a
 * target below `ACCOUNTS` is a deposit of `amount` cents to that account, the next ones are interest
 * of `amount` basis points (hundredths of a per cent) on that account, and the last one is interest on
 * all accounts. -1 stands for something that is no operation.
 */
export const NO_OPERATION = -1;

/** There are few accounts, so that a class can look at all of them. */
export const ACCOUNTS = 4;
const INTEREST_ON_ALL = 2 * ACCOUNTS;
const TARGETS = 16;

/** The greatest amounts that an operation may have: 200.00 and 1 %. */
export const DEPOSIT_CENTS_MAX = 20_000;
export const INTEREST_BASIS_POINTS_MAX = 100;

/** A drawn deposit is at least 1.00; drawn interest is a multiple of 0.05 %. */
const DEPOSIT_CENTS_MIN = 100;
const INTEREST_STEP = 5;

/**
 * The share of all drawn operations that are deposits, then the share of interest on one account;
 * the rest is interest on all accounts.
 */
const DEPOSITS_SHARE = 0.625;
const INTEREST_ON_ONE_SHARE = 0.25;

/**
 * The operation that the message number `sequence` of `sender` carries in a run with this seed: a
 * pure function, so that whoever knows the run knows every operation, in any order.
 */
export function drawOperation(seed: number, sender: number, sequence: number): number {
  const random = createMessageStream(seed, Stream.bank, sender, sequence);
  const kind = random();
  const account = Math.floor(random() * ACCOUNTS);
  const amount = random();
  if (kind < DEPOSITS_SHARE) {
    const span = DEPOSIT_CENTS_MAX - DEPOSIT_CENTS_MIN + 1;
    return deposit(account, DEPOSIT_CENTS_MIN + Math.floor(amount * span));
  }
  const steps = INTEREST_BASIS_POINTS_MAX / INTEREST_STEP;
  const basisPoints = INTEREST_STEP * (1 + Math.floor(amount * steps));
  return kind < DEPOSITS_SHARE + INTEREST_ON_ONE_SHARE
    ? interest(account, basisPoints)
    : interestOnAll(basisPoints);
}

export function deposit(account: number, cents: number): number {
  return operation(checked(account), cents);
}

export function interest(account: number, basisPoints: number): number {
  return operation(ACCOUNTS + checked(account), basisPoints);
}

export function interestOnAll(basisPoints: number): number {
  return operation(INTEREST_ON_ALL, basisPoints);
}

function checked(account: number): number {
  assert(account >= 0 && account < ACCOUNTS, 'an operation has an account within limits');
  return account;
}

function operation(target: number, amount: number): number {
  assert(isOperation(target, amount), 'an operation has an account and an amount within limits');
  return amount * TARGETS + target;
}

function isOperation(target: number, amount: number): boolean {
  if (!Number.isInteger(target) || target < 0 || target > INTEREST_ON_ALL) return false;
  const amountMax = target < ACCOUNTS ? DEPOSIT_CENTS_MAX : INTEREST_BASIS_POINTS_MAX;
  return Number.isInteger(amount) && amount >= 1 && amount <= amountMax;
}

export function isDeposit(code: number): boolean {
  return code !== NO_OPERATION && code % TARGETS < ACCOUNTS;
}

/** Cents of a deposit, basis points of interest. */
export function amountOf(code: number): number {
  return Math.floor(code / TARGETS);
}

/** The account that an operation is about; `null` for interest on all. */
export function accountOf(code: number): number | null {
  const target = code % TARGETS;
  return target === INTEREST_ON_ALL ? null : target % ACCOUNTS;
}

/**
 * The bytes of an operation, 2 to 4 of them: the target as one byte, the amount as a varint. The same
 * operation has only these bytes, and only these decode to it.
 */
export function encodeOperation(code: number): Uint8Array {
  const amount = amountOf(code);
  const writer = new ByteWriter(new Uint8Array(1 + varintSize(amount)));
  writer.u8(code % TARGETS);
  writer.varint(amount);
  return writer.bytes;
}

/** The operation that a payload carries, or `NO_OPERATION`: anybody may have written these bytes. */
export function decodeOperation(payload: Uint8Array): number {
  const reader = new ByteReader(payload);
  const target = reader.u8();
  const amount = reader.varint();
  const isWhole = !reader.failed && !reader.more;
  return isWhole && isOperation(target, amount) ? operation(target, amount) : NO_OPERATION;
}

/**
 * The operation in words, such as `a deposit of 51.20 to account 2`, or `0.55 % interest on all
 * accounts`.
 */
export function describeOperation(code: number): string {
  if (code === NO_OPERATION) return 'nothing that the bank understands';
  const account = accountOf(code);
  if (isDeposit(code)) return `a deposit of ${formatCents(amountOf(code))} to account ${account!}`;
  const on = account === null ? 'all accounts' : `account ${account}`;
  return `${formatHundredths(amountOf(code))} % interest on ${on}`;
}

/** Cents for a person, 120417 as 1,204.17: the same in every locale. */
export function formatCents(cents: number): string {
  assert(Number.isSafeInteger(cents), 'money is counted in whole cents');
  const sign = cents < 0 ? '-' : '';
  const [whole, rest] = formatHundredths(Math.abs(cents)).split('.') as [string, string];
  return `${sign}${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')}.${rest}`;
}

function formatHundredths(hundredths: number): string {
  const rest = hundredths % 100;
  return `${(hundredths - rest) / 100}.${String(rest).padStart(2, '0')}`;
}

import { afterEach, describe, expect, test } from '@jest/globals';
import { Message, NO_BYTES } from '../../core/message.ts';
import { watchLoading, watchSharedObjects } from '../../custom/shared-objects.ts';

const everywhere = globalThis as { numbersGiven?: unknown };

afterEach(() => {
  delete everywhere.numbersGiven;
  // What it saw last must be without that, too.
  watchSharedObjects();
});

const give = (object: object): object => Object.assign(object, { all: [] });
const ancestorOf = (object: object): object => Object.getPrototypeOf(object) as object;

function* pausing(): Generator<number> {
  yield 0;
}

describe('what all members of a process have in common', () => {
  test('is the same after a run that leaves it alone', () => {
    expect(watchSharedObjects()()).toBeNull();
  });

  test.each([
    ['a new global', 'globalThis.numbersGiven', () => (everywhere.numbersGiven = 1)],
    ['process', 'process.numbersGiven', () => Object.assign(process, { numbersGiven: 1 })],
    ['the environment', 'process.env.NUMBERS', () => (process.env['NUMBERS'] = '1')],
    ['a class of the project', 'Message.all', () => Object.assign(Message, { all: [] })],
    [
      'what every array has, hidden',
      'Array.prototype.all',
      () => Object.defineProperty(Array.prototype, 'all', { value: [], configurable: true }),
    ],
    ['a function of JavaScript', 'Math.floor', () => (Math.floor = () => 0)],
    [
      'what a message carries that carries nothing',
      'the payload of a message without one.all',
      () => give(NO_BYTES),
    ],
    ['a clock of Node', 'performance.all', () => give(performance)],
    ['a date', 'Date.counter', () => Object.assign(Date, { counter: 1 })],
    ['what bytes have', 'Uint8Array.prototype.all', () => give(Uint8Array.prototype)],
    ['what all arrays of numbers have', 'TypedArray.all', () => give(ancestorOf(Uint8Array))],
    ['an expression', 'RegExp.prototype.all', () => give(RegExp.prototype)],
    ['a table that keeps nothing alive', 'WeakMap.all', () => give(WeakMap)],
    ['a class in another object', 'Intl.Collator.all', () => give(Intl.Collator)],
    ['a class of Node', 'Buffer.all', () => give(Buffer)],
    ['a kind of error', 'RangeError.prototype.all', () => give(RangeError.prototype)],
    [
      'what has no name',
      'Object.getPrototypeOf([object Map Iterator]).all',
      () => give(ancestorOf(new Map().keys())),
    ],
    [
      'what all generators have',
      'GeneratorFunction.prototype.all',
      () => give(ancestorOf(pausing)),
    ],
  ])('is told where it is changed, and taken back: %s', (_what, name, change) => {
    const floor = Math.floor.bind(Math);
    const end = watchSharedObjects();
    change();
    expect(end()).toContain(`the ordering changed ${name}, which all members`);
    expect(watchSharedObjects()()).toBeNull();
    expect(Math.floor(2.5)).toBe(floor(2.5));
    expect([everywhere.numbersGiven, process.env['NUMBERS']]).toEqual([undefined, undefined]);
  });

  test('is looked at anew after a turn of the event loop, in which an earlier run may change something', async () => {
    const end = watchSharedObjects();
    void Promise.resolve().then(() => (everywhere.numbersGiven = 1));
    expect(end()).toBeNull();
    // The next run of the same turn begins with what was seen, and may change that.
    const next = watchSharedObjects();
    expect(next()).toBeNull();
    await Promise.resolve();
    const later = watchSharedObjects();
    expect(everywhere.numbersGiven).toBe(1);
    expect(later()).toBeNull();
    const last = watchSharedObjects();
    everywhere.numbersGiven = 2;
    expect(last()).toMatch(/changed globalThis\.numbersGiven/);
  });

  test('is not what Node makes a value of when it is first used', () => {
    const lazy = { configurable: true, get: () => 1 };
    Object.defineProperty(globalThis, 'numbersGiven', lazy);
    watchSharedObjects();
    Object.defineProperty(globalThis, 'numbersGiven', { configurable: true, value: 1 });
    const end = watchSharedObjects();
    Object.assign(process, { numbersGiven: 1 });
    expect(end()).toMatch('changed process.numbersGiven, which');
    expect(everywhere.numbersGiven).toBe(1);
    Object.assign(globalThis, { lettersGiven: 1 });
    expect(end()).toMatch('changed globalThis.lettersGiven, which');
    expect(everywhere.numbersGiven).toBe(1);
  });

  test('is told where what was there before is filled, or has another value', () => {
    const kept: number[] = [];
    everywhere.numbersGiven = kept;
    const filled = watchSharedObjects();
    kept.push(1);
    expect(filled()).toMatch(/changed globalThis\.numbersGiven/);
    everywhere.numbersGiven = 1;
    const counted = watchSharedObjects();
    everywhere.numbersGiven = 2;
    expect(counted()).toMatch(/changed globalThis\.numbersGiven/);
    expect(everywhere.numbersGiven).toBe(1);
  });
});

describe('a file that is loaded', () => {
  const loading = (load: () => unknown): string | null => {
    const end = watchLoading();
    load();
    return end();
  };

  test.each([
    ['an object', { next: 0 }],
    ['a list', []],
    ['a frozen object with one that is not', Object.freeze({ inner: {} })],
  ])('leaves %s where all members find it: that is told, and taken away', (_what, value) => {
    expect(loading(() => (everywhere.numbersGiven = value))).toBe('globalThis.numbersGiven');
    expect('numbersGiven' in everywhere).toBe(false);
  });

  test('leaves what is computed there', () => {
    const computed = { configurable: true, get: () => 1 };
    expect(loading(() => Object.defineProperty(Message, 'all', computed))).toBe('Message.all');
    expect('all' in Message).toBe(false);
  });

  test.each([
    ['a number, of which a run would show the change', 1],
    ['a function', () => 1],
    ['a table that nobody can write into', Object.freeze({ one: 1 })],
  ])('may leave %s', (_what, value) => {
    expect(loading(() => (everywhere.numbersGiven = value))).toBeNull();
    expect(everywhere.numbersGiven).toBe(value);
  });
});

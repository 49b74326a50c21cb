import { afterEach, describe, expect, test } from '@jest/globals';
import { Message } from '../../core/message.ts';
import { watchSharedObjects } from '../../custom/shared-objects.ts';

const everywhere = globalThis as { numbersGiven?: unknown };

afterEach(() => {
  delete everywhere.numbersGiven;
  // What it saw last must be without that, too.
  watchSharedObjects();
});

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
  ])('is told where it is changed, and taken back: %s', (_what, name, change) => {
    const floor = Math.floor.bind(Math);
    const end = watchSharedObjects();
    change();
    expect(end()).toMatch(`the ordering changed ${name}, which all members`);
    expect(watchSharedObjects()()).toBeNull();
    expect(Math.floor(2.5)).toBe(floor(2.5));
    expect([everywhere.numbersGiven, process.env['NUMBERS']]).toEqual([undefined, undefined]);
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

import { EventEmitter } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { BodyBudget } from '../../functions/front/body-budget.ts';

/** A request that only notes whether it was ended. */
function request() {
  const source = { isEnded: false, socket: { destroy: () => (source.isEnded = true) } };
  return source;
}

const response = () => Object.assign(new EventEmitter(), { closed: false });

describe('all bodies together', () => {
  test('hold no more than they may: whoever has been sending the longest is ended', () => {
    const budget = new BodyBudget(100);
    const [first, second, third] = [request(), request(), request()];
    expect([budget.grow(first, 50), budget.grow(second, 50)]).toEqual([true, true]);
    expect(budget.grow(third, 10)).toBe(true);
    expect([first, second, third].map(({ isEnded }) => isEnded)).toEqual([true, false, false]);
    expect(budget.bytes).toBe(60);
  });

  test('do not end the one that grows, however old it is', () => {
    const budget = new BodyBudget(100);
    const [first, second] = [request(), request()];
    budget.grow(first, 50);
    budget.grow(second, 50);
    expect(budget.grow(first, 30)).toBe(true);
    expect([first.isEnded, second.isEnded, budget.bytes]).toEqual([false, true, 80]);
  });

  test('refuse a new one where all others are being worked on, and end none of those', () => {
    const budget = new BodyBudget(100);
    const [first, second] = [request(), request()];
    const working = response();
    budget.grow(first, 100);
    budget.keep(first, working);
    expect(budget.grow(second, 1)).toBe(false);
    expect(first.isEnded).toBe(false);
    working.emit('close');
    expect([budget.bytes, budget.grow(second, 100)]).toEqual([0, true]);
  });

  test('forget what was refused or broke off, once', () => {
    const budget = new BodyBudget(100);
    const [first, second] = [request(), request()];
    budget.grow(first, 100);
    budget.release(first);
    budget.release(first);
    budget.grow(second, 40);
    budget.keep(second, Object.assign(response(), { closed: true }));
    expect(budget.bytes).toBe(0);
  });
});

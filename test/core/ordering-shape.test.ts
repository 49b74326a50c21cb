import { describe, expect, test } from '@jest/globals';
import { nearestOf } from '../../core/base/nearest-name.ts';
import { checkShape } from '../../core/ordering-shape.ts';

const PARTS = {
  deadline: Infinity,
  held: 0,
  multicast: () => undefined,
  receive: () => undefined,
  advance: () => undefined,
};

describe('the shape of an ordering', () => {
  test('is right as an object or as a class', () => {
    class Made {
      get deadline() {
        return 0;
      }
      held = 0;
      multicast = () => undefined;
      receive() {}
      advance() {}
    }
    expect(() => checkShape(PARTS)).not.toThrow();
    expect(() => checkShape(new Made())).not.toThrow();
  });

  test.each([
    [
      undefined,
      /create returned undefined; needed: an object with multicast, receive, advance, deadline and held/,
    ],
    [{ ...PARTS, advance: 3 }, /the method advance is missing/],
    [{ ...PARTS, held: 'none' }, /the number held is missing/],
    [{ ...PARTS, receive: async () => undefined }, /^receive: async; what a method/],
    [
      { ...PARTS, receive: undefined, recieve: () => 1 },
      /the method receive is missing \(there is recieve\)/,
    ],
  ])('%# is refused', (made, message) => {
    expect(() => checkShape(made)).toThrow(message);
  });
});

test.each([
  ['survive', 'survives'],
  ['Guarantees', 'guarantees'],
  ['creat', 'create'],
  ['weather', null],
  ['x', null],
])('the name nearest to %s is %s', (name, nearest) => {
  expect(nearestOf(name, ['create', 'guarantees', 'survives', 'summary'])).toBe(nearest);
});

import { expect, test } from '@jest/globals';
import { toError } from '../../../core/base/to-error.ts';

test('an error stays what it is', () => {
  const error = new RangeError('too many');
  expect(toError(error)).toBe(error);
});

test.each([
  ['null', null, 'null, which is no Error'],
  ['a text', 'no', 'no, which is no Error'],
  ['a symbol', Symbol('no'), 'Symbol(no), which is no Error'],
  [
    'an object without a text',
    Object.create(null),
    'what cannot be read, since that throws as well',
  ],
  [
    'an error that throws',
    Object.defineProperty(new Error('x'), 'message', {
      get() {
        throw new Error('no');
      },
    }),
    'what cannot be read, since that throws as well',
  ],
  [
    'an error without a text',
    Object.assign(new Error('x'), { message: 1 }),
    'an Error without a text',
  ],
])('%s is told in words, without a place in this project', (_what, thrown, told) => {
  const error = toError(thrown);
  expect([String(error), error.stack]).toEqual([told, told]);
});

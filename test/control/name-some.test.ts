import { expect, test } from '@jest/globals';
import { nameSome } from '../../control/name-some.ts';

test.each([
  [0, ''],
  [2, 'p0, p1'],
  [9, 'p0, p1, p2, p3, p4, p5, p6, p7, p8'],
  [10, 'p0, p1, p2, p3, p4, p5, p6, p7 and 2 others'],
  [64, 'p0, p1, p2, p3, p4, p5, p6, p7 and 56 others'],
])('of %i names a sentence has those that it has room for', (count, sentence) => {
  expect(nameSome(Array.from({ length: count }, (_, place) => `p${place}`))).toBe(sentence);
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { utf8Length } from '../../../core/base/utf8-length.ts';

test('counts the bytes that an encoder would write', () => {
  // The library has such strings itself, which begin with a table of a million entries.
  const codePoint = fc.oneof(fc.nat(0x7f), fc.nat(0xffff), fc.nat(0x10ffff));
  const text = fc.array(codePoint).map((points) => String.fromCodePoint(...points));
  fc.assert(
    fc.property(text, (value) => {
      expect(utf8Length(value)).toBe(Buffer.byteLength(value));
    }),
  );
});

test.each([
  ['', 0],
  ['a', 1],
  ['é', 2],
  ['€', 3],
  ['\u{1F600}', 4],
  ['\uD83D', 3],
])('%j takes %d bytes', (text, bytes) => {
  expect(utf8Length(text)).toBe(bytes);
});

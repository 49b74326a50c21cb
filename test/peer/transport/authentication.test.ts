import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { DATAGRAM_BYTES_DEFAULT, TAG_BYTES } from '../../../core/wire/datagram.ts';
import { createTagger, deriveRunKey } from '../../../peer/transport/authentication.ts';

const SECRET = 'a secret of the laboratory';
const RUN_ID = '20260101-000000-0000abcd';

describe('the seal of a datagram', () => {
  test('is HMAC-SHA-256 as node:crypto makes it, for every length', () => {
    const key = randomBytes(32);
    const tagOf = createTagger(key);
    for (let length = TAG_BYTES; length <= DATAGRAM_BYTES_DEFAULT; length += 1) {
      const datagram = randomBytes(length);
      const text = datagram.subarray(0, length - TAG_BYTES);
      const expected = createHmac('sha256', key).update(text).digest().subarray(0, TAG_BYTES);
      expect(Buffer.from(tagOf(datagram))).toEqual(expected);
    }
  });

  test('is made with the key that HKDF derives for the run', () => {
    const key = Buffer.from(hkdfSync('sha256', SECRET, RUN_ID, 'mpcomm/1 datagram key', 32));
    const datagram = randomBytes(100);
    const text = datagram.subarray(0, 100 - TAG_BYTES);
    deriveRunKey(SECRET, RUN_ID).seal(datagram);
    const expected = createHmac('sha256', key).update(text).digest().subarray(0, TAG_BYTES);
    expect(datagram.subarray(100 - TAG_BYTES)).toEqual(expected);
  });

  test('is refused when any bit of datagram or tag is another', () => {
    const key = deriveRunKey(SECRET, RUN_ID);
    const datagram = randomBytes(60);
    key.seal(datagram);
    expect(key.verify(datagram)).toBe(true);
    for (let bit = 0; bit < 8 * datagram.length; bit += 1) {
      const changed = Uint8Array.from(datagram);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      expect(key.verify(changed)).toBe(false);
    }
  });
});

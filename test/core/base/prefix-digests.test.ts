import { expect, test } from '@jest/globals';
import { isSameDigest, SequenceDigest } from '../../../core/base/digest.ts';
import { PrefixDigests } from '../../../core/base/prefix-digests.ts';

/** The entries of the sequence are their own indexes; counts those that were read. */
function createCounted(): { of: (length: number) => SequenceDigest; reads: () => number } {
  const digests = new PrefixDigests();
  let reads = 0;
  const of = (length: number): SequenceDigest =>
    Object.assign(
      new SequenceDigest(),
      digests.of(length, (index, digest) => {
        reads += 1;
        digest.add(index);
      }),
    );
  return { of, reads: () => reads };
}

function digestAnew(length: number): SequenceDigest {
  const digest = new SequenceDigest();
  for (let index = 0; index < length; index += 1) digest.add(index);
  return digest;
}

test('digests are those of the sequences, in whatever order they are asked for', () => {
  const { of } = createCounted();
  for (const length of [0, 1, 200, 63, 64, 65, 128, 127, 1_000, 129, 0, 640, 999]) {
    expect(isSameDigest(of(length), digestAnew(length))).toBe(true);
  }
});

test('an entry is read once, and less than 64 more for each digest', () => {
  const { of, reads } = createCounted();
  of(100_000);
  expect(reads()).toBe(100_000);
  for (let each = 0; each < 100; each += 1) of(100_000);
  for (let each = 0; each < 100; each += 1) of(999 * each);
  expect(reads()).toBeLessThan(100_000 + 200 * 64);
});

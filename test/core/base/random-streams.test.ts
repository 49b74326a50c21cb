import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import {
  createMessageStream,
  createStream,
  Stream,
  type StreamWord,
} from '../../../core/base/random-streams.ts';
import { readTrackedFiles } from '../../support/tracked-files.ts';

const SEEDS = [0, 1, 7, 2 ** 32 - 1];
const PURPOSES = Object.values(Stream);

function beginningOf(random: () => number): string {
  return Array.from({ length: 4 }, random).join(' ');
}

test('every purpose has a word of its own, which is no index of a member', () => {
  expect(PURPOSES.length).toBeGreaterThan(8);
  expect(new Set<number>(PURPOSES).size).toBe(PURPOSES.length);
  expect(PURPOSES.filter((word) => word <= 0xffff)).toEqual([]);
});

test('no two streams of one seed are one, whatever they are for', () => {
  for (const seed of SEEDS) {
    const ofMembers = [0, 1, 15].flatMap((member) =>
      PURPOSES.map((purpose) => beginningOf(createStream(seed, purpose, member))),
    );
    const ofMessages = [0, 1, 15].map((sequence) =>
      beginningOf(createMessageStream(seed, Stream.bank, 0, sequence)),
    );
    const all = [...ofMembers, ...ofMessages];
    expect(new Set(all).size).toBe(all.length);
  }
});

test('the same seed, purpose and member give the same numbers', () => {
  const draw = (purpose: StreamWord): string => beginningOf(createStream(5, purpose, 2));
  for (const purpose of PURPOSES) expect(draw(purpose)).toBe(draw(purpose));
});

/** A stream that is made without the table could have the word of one in it, and nobody would see it. */
test('what belongs to a run takes its randomness from the table', () => {
  const root = join(import.meta.dirname, '../../..');
  const makers = [...readTrackedFiles(root)]
    .filter(([path]) => /^(?!test\/|bench\/|scripts\/|infra\/).*\.ts$/.test(path))
    .filter(([, text]) => /\bcreateRandom\(|\bnew RandomStream\(/.test(text))
    .map(([path]) => path);
  expect(makers.sort()).toEqual(['core/base/random-streams.ts', 'core/base/random.ts']);
});

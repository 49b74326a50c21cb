import { createRandom, RandomStream } from './random.ts';

/**
 * What a run needs random numbers for: one word a purpose, and the only list of them.
 *
 * Each purpose draws from a stream of its own, so that the draws of one purpose never shift those
 * of another. Two purposes with the same word would see the same numbers;
 * test/core/base/random-streams.test.ts asserts that no two have it. A word is spelt in ASCII and
 * is greater than 0xffff, which keeps it apart from the index of a member. Changing a word changes
 * what every seed stands for.
 */
export const Stream = {
  /** `group.random` of each member's ordering. */
  ordering: 0x6f_72_64,
  /** When each member multicasts. */
  multicasts: 0x73_65_6e,
  /** Distance, jitter, spikes and losses between two zones; one stream a path. */
  zones: 0x6e_65_74,
  /**
   * The delay of a simulated packet, where delays follow a formula rather than the table of zones.
   */
  delays: 0x64_65_6c,
  /** Which simulated packets are lost, come twice, or are held back. */
  loss: 0x6c_6f_73,
  repetition: 0x72_65_70,
  reordering: 0x72_65_6f,
  /** What a member that was paused does first. */
  resume: 0x72_65_73,
  /** The schedule that a seed of `mpcomm check` stands for. */
  schedules: 0x63_68_6b,
  /** The payloads of messages that are not given any other content. */
  payloads: 0x70_61_79,
  /** How late the timers of a recorded run may have gone off, where that is tried. */
  lateness: 0x6c_61_74,
  /** The operations of the bank. */
  bank: 0x62_61_6e_6b,
} as const;

export type StreamWord = (typeof Stream)[keyof typeof Stream];

/**
 * The numbers in [0, 1) that a run of `seed` has for one purpose; `index` tells its streams apart where
 * there are several, such as one a member. Both are unsigned 32-bit integers.
 */
export function createStream(seed: number, purpose: StreamWord, index = 0): () => number {
  return createRandom(seed, purpose, index);
}

/** The same stream as an object, for code that keeps thousands of them. */
export function openStream(seed: number, purpose: StreamWord, index = 0): RandomStream {
  return new RandomStream(seed, purpose, index);
}

/**
 * The numbers for one message of one purpose: message `sequence` of member `sender`. A stream has three
 * words, and the message takes two of them, so that seed and purpose share the first.
 */
export function createMessageStream(
  seed: number,
  purpose: StreamWord,
  sender: number,
  sequence: number,
): () => number {
  return createRandom((seed ^ purpose) >>> 0, sender, sequence);
}

import type { Delay, Scenario } from '../scenario.ts';
import { between, type DrawOptions, type Random } from './draw-options.ts';

/**
 * Sizes at which small counters, windows and buffers end, and at which names that are put together without a
 * separator meet (member 1 and 11): messages, of how many peers, with how large payloads. `spacingUs` is the
 * longest interval between two multicasts of a peer.
 */
interface Size {
  readonly peers: number;
  readonly messages: number;
  readonly payloadBytes: number;
  readonly spacingUs: number;
}

const LARGE: readonly Size[] = [
  // Positions beyond 255 and beyond 1,000, and sequence numbers beyond 255.
  { peers: 3, messages: 400, payloadBytes: 0, spacingUs: 10_000 },
  // Members with two digits.
  { peers: 16, messages: 40, payloadBytes: 100, spacingUs: 40_000 },
  // Payloads as large as a datagram takes, more of them than a window or a buffer holds.
  { peers: 4, messages: 300, payloadBytes: 1_000, spacingUs: 2_000 },
  // Sequence numbers beyond 1,000, positions beyond 4,000.
  { peers: 2, messages: 2_100, payloadBytes: 20, spacingUs: 1_000 },
];

/** For orderings of which each event takes long, such as programs; the limits of one byte are passed here too. */
const MODERATE: readonly Size[] = [
  { peers: 3, messages: 100, payloadBytes: 0, spacingUs: 10_000 },
  { peers: 12, messages: 4, payloadBytes: 0, spacingUs: 40_000 },
  { peers: 2, messages: 280, payloadBytes: 0, spacingUs: 10_000 },
];

/** Whoever lets other schedules have so many peers lets large ones have as many as their sizes ask for. */
const PEERS_ANY = 8;

/**
 * A large schedule without faults, the `index`-th of those that a check draws; delays differ a little, so
 * that messages of different senders overtake each other.
 */
export function drawLarge(
  seed: number,
  index: number,
  random: Random,
  { peersMax, moderate = false }: DrawOptions,
): Omit<Scenario, 'endUs'> {
  const sizes = moderate ? MODERATE : LARGE;
  const size = sizes[index % sizes.length]!;
  const { messages, payloadBytes, spacingUs } = size;
  const peers = peersMax < PEERS_ANY ? Math.min(size.peers, peersMax) : size.peers;
  const delay: Delay = { kind: 'uniform', minUs: 1_000, maxUs: between(random, 2, 20) * 1_000 };
  const network = { delay, loss: 0, burst: 1, repetition: 0, reordering: 0, reorderingUs: 0 };
  const intervalUs = { min: Math.floor(spacingUs / 10), max: spacingUs };
  return { peers, messages, payloadBytes, intervalUs, seed, network, faults: [] };
}

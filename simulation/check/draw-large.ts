import { calmNetwork, type Delay, type NetworkScenario, type Scenario } from '../scenario.ts';
import { between, type DrawOptions, type FaultChoice, type Random } from './draw-options.ts';

/**
 * Sizes at which counters, windows and buffers end, and at which names that are put together without a
 * separator meet: the messages of each of `peers` members, every `minUs` to `maxUs` microseconds.
 */
interface Size {
  readonly peers: number;
  readonly messages: number;
  readonly payloadBytes: number;
  readonly minUs: number;
  readonly maxUs: number;
  /** Whether the network loses, repeats and holds back packets, as far as the check draws such faults. */
  readonly isTroubled?: true;
}

const BYTES_MAX = 1_000;

const THOUSANDS: readonly Size[] = [
  // Positions beyond 255 and 1,023, sequence numbers beyond 255.
  { peers: 3, messages: 400, payloadBytes: 0, minUs: 500, maxUs: 10_000 },
  // Members and sequence numbers of two digits: message 11 of member 1, and 1 of 11.
  { peers: 16, messages: 40, payloadBytes: 100, minUs: 4_000, maxUs: 40_000 },
  // All messages at once: more under way than small windows and buffers hold.
  { peers: 4, messages: 1_100, payloadBytes: 0, minUs: 0, maxUs: 0 },
  // Payloads as large as a message may have.
  { peers: 4, messages: 300, payloadBytes: BYTES_MAX, minUs: 0, maxUs: 2_000 },
  // Sequence numbers beyond 2,047, positions beyond 4,095.
  { peers: 2, messages: 2_100, payloadBytes: 20, minUs: 100, maxUs: 1_000 },
  // Few messages in two minutes: defects that depend on the time since the beginning show.
  { peers: 3, messages: 110, payloadBytes: 0, minUs: 500_000, maxUs: 2_000_000 },
  // Thousands of messages in a group of the largest size.
  { peers: 16, messages: 128, payloadBytes: 40, minUs: 10_000, maxUs: 99_000 },
];

/**
 * A message that comes again after a hundred later ones of its sender: whoever remembers only the last few delivers
 * it twice.
 */
const TROUBLED: Size = {
  peers: 3,
  messages: 300,
  payloadBytes: 20,
  minUs: 0,
  maxUs: 4_000,
  isTroubled: true,
};

/** Positions and sequence numbers beyond 65,535; it costs as much as hundreds of the small ones. */
const TENS_OF_THOUSANDS: Size = {
  peers: 2,
  messages: 66_000,
  payloadBytes: 0,
  minUs: 0,
  maxUs: 200,
};

/** The sizes for orderings whose events each take long, such as programs. */
const HUNDREDS: readonly Size[] = [
  // Positions beyond 255.
  { peers: 3, messages: 100, payloadBytes: 0, minUs: 500, maxUs: 10_000 },
  // Members and sequence numbers of two digits.
  { peers: 12, messages: 12, payloadBytes: 100, minUs: 4_000, maxUs: 40_000 },
  // All messages at once.
  { peers: 2, messages: 260, payloadBytes: 0, minUs: 0, maxUs: 0 },
  // Sequence numbers beyond 255.
  { peers: 2, messages: 280, payloadBytes: BYTES_MAX, minUs: 500, maxUs: 10_000 },
  // A run of a minute.
  { peers: 2, messages: 50, payloadBytes: 0, minUs: 500_000, maxUs: 2_000_000 },
  // Positions beyond 1,023.
  { peers: 2, messages: 520, payloadBytes: 0, minUs: 500, maxUs: 4_000 },
  { ...TROUBLED, peers: 2, messages: 150 },
];

/**
 * The seeds of large schedules are the first few dozen of each thousand, so that a short check has some
 * as well.
 */
const PERIOD = 1_024;
const EVERY = 8;
const FIRST = 5;
/** The one seed of the largest schedule, and the place in each thousand of the one with a troubled network. */
const LARGEST_SEED = FIRST + EVERY * THOUSANDS.length;
const TROUBLED_PLACE = LARGEST_SEED - EVERY / 2;

/** The size of the schedule of `seed`, where that is a large one; `null` elsewhere. */
function sizeOf(seed: number, isModerate: boolean): Size | null {
  const place = (seed % PERIOD) - FIRST;
  if (seed % PERIOD === TROUBLED_PLACE && !isModerate) return TROUBLED;
  if (place < 0 || place % EVERY !== 0) return null;
  if (isModerate) return HUNDREDS[place / EVERY] ?? null;
  if (seed === LARGEST_SEED) return TENS_OF_THOUSANDS;
  return THOUSANDS[place / EVERY] ?? null;
}

/** Whether the schedule of `seed` is a large one. */
export function isLarge(seed: number, { moderate = false }: DrawOptions): boolean {
  return sizeOf(seed, moderate) !== null;
}

/**
 * The large schedule of `seed`, in which no member has a fault; delays differ a little, so that messages of
 * different senders overtake each other. Throws RangeError for the seed of a schedule that is not large.
 */
export function drawLarge(
  seed: number,
  random: Random,
  { peersMax, peersLargeMax = peersMax, faults, moderate = false }: DrawOptions,
): Omit<Scenario, 'endUs'> {
  const size = sizeOf(seed, moderate);
  if (size === null) throw new RangeError(`the schedule of seed ${seed} is not a large one`);
  const { messages, payloadBytes, minUs, maxUs } = size;
  const delay: Delay = { kind: 'uniform', minUs: 1_000, maxUs: between(random, 2, 20) * 1_000 };
  return {
    peers: Math.min(size.peers, peersLargeMax),
    messages,
    payloadBytes,
    intervalUs: { min: minUs, max: maxUs },
    seed,
    network: size.isTroubled === true ? troubledNetwork(delay, faults) : calmNetwork(delay),
    faults: [],
  };
}

function troubledNetwork(delay: Delay, faults: ReadonlySet<FaultChoice>): NetworkScenario {
  return {
    ...calmNetwork(delay),
    loss: faults.has('loss') ? 0.2 : 0,
    repetition: faults.has('repetition') ? 0.2 : 0,
    reordering: 0.2,
    reorderingUs: 300_000,
  };
}

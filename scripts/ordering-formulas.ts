import { MESSAGE_FORMULAS, type MessageFormula } from '../charts/message-formulas.ts';
import { majorityOf } from '../core/views/view.ts';
import { pathBetween } from '../network/network-model.ts';

/** What theory says of one isolated multicast, without processing time, loss or jitter. */
export interface Cost extends MessageFormula {
  /** Communication steps until the last member has delivered. */
  readonly steps: string;
  /** Over all pairs of sender and receiver; `null` where it depends on where the token is. */
  readonly latencyMs: (zones: readonly string[]) => { mean: number; max: number } | null;
}

type Latencies = Omit<Cost, keyof MessageFormula>;

/** One-way times in milliseconds, by index of the zones. */
type Distance = (from: number, to: number) => number;
type Latency = (distance: Distance, size: number, sender: number, receiver: number) => number;

function over(latency: Latency): Cost['latencyMs'] {
  return (zones) => {
    const distance: Distance = (from, to) =>
      from === to ? 0 : pathBetween(zones[from]!, zones[to]!).oneWayUs / 1_000;
    const pairs = zones.flatMap((_, sender) =>
      zones.map((_, receiver) => latency(distance, zones.length, sender, receiver)),
    );
    return {
      mean: pairs.reduce((sum, value) => sum + value, 0) / pairs.length,
      max: Math.max(...pairs),
    };
  };
}

const roundTrips = (distance: Distance, size: number, from: number): number[] =>
  Array.from({ length: size }, (_, to) => distance(from, to) + distance(to, from)).sort(
    (a, b) => a - b,
  );
/** Until a majority, its asker counted, has answered. */
const majorityTrip = (distance: Distance, size: number, from: number): number =>
  roundTrips(distance, size, from)[majorityOf(size) - 1]!;
const longestTrip = (distance: Distance, size: number, from: number): number =>
  roundTrips(distance, size, from).at(-1)!;

/** Along the ring 0, 1, ..., size - 1, 0. */
function alongRing(distance: Distance, size: number, from: number, hops: number): number {
  let sum = 0;
  for (let hop = 0; hop < hops; hop += 1) {
    sum += distance((from + hop) % size, (from + hop + 1) % size);
  }
  return sum;
}

const direct: Latency = (distance, _size, sender, receiver) => distance(sender, receiver);

const DIRECT: Latencies = {
  steps: '1',
  latencyMs: over(direct),
};

const LATENCIES: Readonly<Record<string, Latencies>> = {
  unordered: DIRECT,
  fifo: DIRECT,
  causal: DIRECT,
  lamport: {
    steps: '2',
    latencyMs: over((distance, size, sender, receiver) =>
      Math.max(
        ...Array.from(
          { length: size },
          (_, member) => distance(sender, member) + distance(member, receiver),
        ),
      ),
    ),
  },
  'sequencer-fast': {
    steps: '2',
    latencyMs: over(
      (distance, _n, sender, receiver) => distance(sender, 0) + distance(0, receiver),
    ),
  },
  sequencer: {
    steps: '4',
    latencyMs: over(
      (distance, size, sender, receiver) =>
        distance(sender, 0) + majorityTrip(distance, size, 0) + distance(0, receiver),
    ),
  },
  token: {
    steps: 'to 2.5 n',
    latencyMs: () => null,
  },
  'moving-sequencer': {
    steps: 'to 2.5 n + 1',
    latencyMs: () => null,
  },
  skeen: {
    steps: '3',
    latencyMs: over(
      (distance, size, sender, receiver) =>
        longestTrip(distance, size, sender) + distance(sender, receiver),
    ),
  },
  'skeen-uniform': {
    steps: '5',
    latencyMs: over(
      (distance, size, sender, receiver) =>
        longestTrip(distance, size, sender) +
        majorityTrip(distance, size, sender) +
        distance(sender, receiver),
    ),
  },
  ring: {
    steps: '2 (n - 1)',
    // Once round to the sender's predecessor, then its acknowledgement on from there.
    latencyMs: over((distance, size, sender, receiver) => {
      const last = (sender + size - 1) % size;
      const hops = (receiver - last + size) % size;
      return alongRing(distance, size, sender, size - 1) + alongRing(distance, size, last, hops);
    }),
  },
};

/** Throws when an ordering of the registry has no formula yet: each is compared with theory. */
export function formulas(name: string): Cost {
  const [messages, latencies] = [MESSAGE_FORMULAS[name], LATENCIES[name]];
  if (messages === undefined || latencies === undefined) {
    throw new Error(
      `charts/message-formulas.ts or scripts/ordering-formulas.ts says nothing of ${name}`,
    );
  }
  return { ...messages, ...latencies };
}

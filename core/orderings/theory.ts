import { majorityOf } from '../views/view.ts';

/** The one-way time between two members, in any unit; 0 from a member to itself. */
export type Distance = (from: number, to: number) => number;

/** The time from the multicast of `sender` to its delivery by `receiver`, in the unit of `distance`. */
export type Latency = (
  distance: Distance,
  size: number,
  sender: number,
  receiver: number,
) => number;

/**
 * What theory says of one isolated multicast among n members: nothing else is under way, nothing is
 * lost, and computing takes no time. Each ordering states its own, after the paper in its header.
 */
export interface Theory {
  /**
   * How many messages a multicast takes, as a formula of n for a person, without those of the link
   * and without idle ones.
   */
  readonly formula: string;
  /** The same as a number: the mean over the senders where they differ. */
  readonly messages: (size: number) => number;
  /** How many communication steps pass until the last member has delivered, as a formula of n, at worst. */
  readonly steps: string;
  /** The delivery latency; `null` where it depends on where a token is. */
  readonly latency: Latency | null;
}

/** A message goes straight to everybody, who delivers it at once. */
export const DIRECT: Theory = {
  formula: 'n - 1',
  messages: (size) => size - 1,
  steps: '1',
  latency: (distance, _size, sender, receiver) => distance(sender, receiver),
};

/** The time until everybody has answered `asker`. */
export function longestRoundTrip(distance: Distance, size: number, asker: number): number {
  return roundTrips(distance, size, asker).at(-1)!;
}

/** The time until a majority, `asker` counted, has answered `asker`. */
export function majorityRoundTrip(distance: Distance, size: number, asker: number): number {
  return roundTrips(distance, size, asker)[majorityOf(size) - 1]!;
}

function roundTrips(distance: Distance, size: number, asker: number): number[] {
  const trips = Array.from({ length: size }, (_, to) => distance(asker, to) + distance(to, asker));
  return trips.sort((one, other) => one - other);
}

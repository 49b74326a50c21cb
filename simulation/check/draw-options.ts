/** Which kinds of faults a check may draw, besides delays that differ, which it always does. */
export const FAULT_CHOICES = [
  'loss',
  'repetition',
  'crash',
  'pause',
  'partition',
  'clog',
  'skew',
] as const;
export type FaultChoice = (typeof FAULT_CHOICES)[number];

export interface DrawOptions {
  /** The most peers: at least 2. */
  readonly peersMax: number;
  /** The most peers of a large schedule; default `peersMax`. */
  readonly peersLargeMax?: number | undefined;
  readonly faults: ReadonlySet<FaultChoice>;
  /** Whether a majority survives every crash that is drawn; without it any member may crash. */
  readonly minorityOnly: boolean;
  /** Whether the largest runs have some hundred messages instead of thousands; default false. */
  readonly moderate?: boolean;
}

export type Random = () => number;

/** One of the values given. */
export function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

/** An integer in min..max, both included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** The most of `peers` members that may crash while a majority lives. */
export function minorityOf(peers: number): number {
  return Math.floor((peers - 1) / 2);
}

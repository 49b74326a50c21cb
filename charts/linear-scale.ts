/** Maps numbers of a range onto pixels, and knows the round numbers in between. */
export interface LinearScale {
  readonly min: number;
  readonly max: number;
  place(value: number): number;
  readonly ticks: readonly number[];
}

/** Steps that a reader divides by at once. */
const ROUND = [1, 2, 5, 10] as const;

/**
 * A scale from `min` to `max`, which `from` and `to` stand for in pixels, with at most `ticksMax` ticks at
 * multiples of 1, 2 or 5 times a power of ten that is no smaller than `stepMin`.
 */
export function linearScale(
  [min, max]: readonly [number, number],
  [from, to]: readonly [number, number],
  ticksMax: number,
  stepMin = 1,
): LinearScale {
  const span = max === min ? 1 : max - min;
  const step = roundStep(span / ticksMax, stepMin);
  const first = Math.ceil(min / step);
  const last = Math.floor(max / step);
  return {
    min,
    max,
    place: (value) => from + ((value - min) / span) * (to - from),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step),
  };
}

function roundStep(least: number, stepMin: number): number {
  const wanted = Math.max(least, stepMin);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = ROUND.find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return factor * power;
}

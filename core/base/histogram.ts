import { assert } from './assert.ts';

/** Steps between a power of two and the next one, so that values are told apart to a thousandth. */
const STEP_BITS = 10;
const STEPS = 2 ** STEP_BITS;
/** The greatest value that is told from greater ones: 35 minutes of microseconds. */
const VALUE_BITS = 31;
const VALUE_MAX = 2 ** VALUE_BITS - 1;

/**
 * Counts values in buckets whose width grows with the value, so that percentiles of any number of them take 90 kB: those
 * below 2,048 exactly, others to a thousandth. The buckets are those of HdrHistogram (Gil Tene, hdrhistogram.org).
 * Node's own histogram counts as exactly, but each value is a call out of JavaScript, which was a tenth of what
 * a delivery cost.
 */
export class Histogram {
  count = 0;
  max = 0;
  /** Bucket (b, s) has the values from `s << b` to below `(s + 1) << b`, and is at `b * STEPS + s`. */
  readonly #counts = new Uint32Array((VALUE_BITS - STEP_BITS + 1) * STEPS);

  /** Counts `value`, 0 or more, rounded to a whole number. */
  record(value: number): void {
    const whole = Math.round(value);
    this.count += 1;
    if (whole > this.max) this.max = whole;
    const counted = Math.min(whole, VALUE_MAX);
    const bucket = Math.max(0, VALUE_BITS - STEP_BITS - Math.clz32(counted));
    this.#counts[bucket * STEPS + (counted >>> bucket)]! += 1;
  }

  /** The value below which, or at which, `percent` of all values are: 1 to 100. There must be values. */
  percentile(percent: number): number {
    assert(this.count > 0, 'percentiles are those of values');
    let left = Math.max(1, Math.ceil((percent / 100) * this.count));
    const at = this.#counts.findIndex((count) => (left -= count) <= 0);
    const bucket = Math.max(0, Math.floor(at / STEPS) - 1);
    const step = at - bucket * STEPS;
    return Math.min((step + 1) * 2 ** bucket - 1, this.max);
  }
}

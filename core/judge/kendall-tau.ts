/** Below this length insertion sort is faster than merging. */
const RUN_LENGTH = 16;

/**
 * How many pairs of `values` stand in descending order (inversions), by merge sort in O(n log n)
 * (Knight 1966). Sorts `values`; `scratch` must be at least half as long. The count is at most
 * n(n-1)/2, which is exact for every length that an array can have here.
 *
 * With the positions at one peer, listed in another peer's order, this is the Kendall tau distance
 * of the two orders (Kendall 1938): the number of pairs that they have in opposite orders.
 *
 * The values are whole numbers from 0 to 2^31 - 1, as positions are.
 */
export function countInversions(values: Int32Array, scratch: Int32Array): number {
  return sortRange(values, scratch, 0, values.length);
}

function sortRange(values: Int32Array, scratch: Int32Array, from: number, to: number): number {
  if (to - from <= RUN_LENGTH) return insertionSort(values, from, to);
  const middle = (from + to) >>> 1;
  const inversions =
    sortRange(values, scratch, from, middle) + sortRange(values, scratch, middle, to);
  // Logs are nearly sorted, so that most halves need no merging.
  if (values[middle - 1]! <= values[middle]!) return inversions;
  return inversions + merge(values, scratch, from, middle, to);
}

function insertionSort(values: Int32Array, from: number, to: number): number {
  let inversions = 0;
  for (let i = from + 1; i < to; i += 1) {
    const value = values[i]!;
    let hole = i;
    while (hole > from && values[hole - 1]! > value) {
      values[hole] = values[hole - 1]!;
      hole -= 1;
    }
    values[hole] = value;
    inversions += i - hole;
  }
  return inversions;
}

/**
 * Merges two sorted neighbouring runs. Each value taken from the right passes all values left in
 * the left one: these are its inversions.
 */
function merge(
  values: Int32Array,
  scratch: Int32Array,
  from: number,
  middle: number,
  to: number,
): number {
  let start = from;
  while (values[start]! <= values[middle]!) start += 1;
  const length = middle - start;
  for (let i = 0; i < length; i += 1) scratch[i] = values[start + i]!;
  let inversions = 0;
  let [left, right, into] = [0, middle, start];
  // In random order nobody can predict which one is smaller, and a wrong guess of the processor costs as much
  // as ten steps: so nothing branches here. `isRight` is -1 where the right value comes first, else 0.
  while (left < length && right < to) {
    const fromLeft = scratch[left]!;
    const fromRight = values[right]!;
    const isRight = (fromRight - fromLeft) >> 31;
    values[into] = fromLeft ^ ((fromLeft ^ fromRight) & isRight);
    inversions += (length - left) & isRight;
    left += 1 + isRight;
    right -= isRight;
    into += 1;
  }
  while (left < length) {
    values[into] = scratch[left]!;
    left += 1;
    into += 1;
  }
  return inversions;
}

import { assert } from '../core/base/assert.ts';

/**
 * A coordinate in pixels with at most `decimals` decimals: nobody sees a hundredth of a pixel. A number that
 * is not finite is a defect.
 */
export function coordinate(value: number, decimals = 2): string {
  assert(Number.isFinite(value), 'a coordinate is a finite number');
  const scale = 10 ** decimals;
  // Adding 0 makes -0 a 0.
  return String(Math.round(value * scale) / scale + 0);
}

/** Every number in a list of coordinates, such as a path, rounded likewise. */
export function roundCoordinates(text: string): string {
  return text.replace(/-?\d*\.\d+(?:e-?\d+)?/g, (number) => coordinate(Number(number)));
}

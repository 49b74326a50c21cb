import { medianOf } from '../../charts/statistics.ts';

/** What may grow in a process, and by how much in a whole soak, after its warm-up. */
export const GROWTH_MAX = {
  /** A heap that keeps 16 KiB of each of 500 runs exceeds it: the thirds lie 270 runs apart. */
  heapMiB: 4,
  /** This bound is only for growth that does not stop, as the system gives memory back late, if ever. */
  residentMiB: 40,
  fileDescriptors: 2,
  sockets: 2,
} as const;

export type Growth = { readonly [Figure in keyof typeof GROWTH_MAX]: number };

/** How far the last third of a series lies above its first third, median against median. */
export function growthOf(series: readonly number[]): number {
  const third = Math.max(1, Math.floor(series.length / 3));
  const [last, first] = [medianOf(series.slice(-third)), medianOf(series.slice(0, third))];
  return last === null || first === null ? NaN : last - first;
}

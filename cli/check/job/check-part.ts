import { z } from 'zod';
import {
  addFaults,
  addJudged,
  addLarge,
  noFaults,
  noLarge,
} from '../../../simulation/check/check-seeds.ts';
import type {
  FaultCounts,
  JudgedCounts,
  LargeCounts,
} from '../../../simulation/check/check-seeds.ts';

/** What all tasks of one check are told. */
export const checkJobSchema = z.object({
  checkId: z.string().regex(/^[0-9]{8}-[0-9]{6}-[0-9a-f]{8}$/),
  ordering: z.string(),
  peersMax: z.int().min(2),
  peersLargeMax: z.int().min(2),
  faults: z.array(z.string()),
  /** What `--strategy` takes. A check that was begun before there were strategies draws at random. */
  strategy: z.string().default('random'),
  from: z.int().min(0),
  seeds: z.int().min(1),
});
export type CheckJob = z.infer<typeof checkJobSchema>;

/**
 * `checks/{checkId}/parts/{index}`: what one task found, written once. A task that is retried finds it there, or
 * would write the same again: a part follows from its seeds alone.
 */
export const checkPartSchema = checkJobSchema.extend({
  /** The number of the part, from 1 to `count`. */
  index: z.int().min(1),
  count: z.int().min(1),
  /** How many schedules were run: up to and with the one that failed. */
  checked: z.int().min(0),
  faultsHappened: z.record(z.string(), z.int()),
  judged: z.record(z.string(), z.int()),
  large: z.object({ schedules: z.int(), interrupted: z.int() }),
  /** The first schedule that broke something, and what; `null` where none did. */
  failing: z.object({ seed: z.int(), broke: z.string(), text: z.string() }).nullable(),
});
export type CheckPart = z.infer<typeof checkPartSchema>;

export function partsPath(checkId: string): string {
  return `checks/${checkId}/parts`;
}

/** The path of a part; ids sort as numbers do. */
export function partPath(checkId: string, index: number): string {
  return `${partsPath(checkId)}/${String(index).padStart(5, '0')}`;
}

/** One answer of all parts. */
export interface MergedCheck {
  readonly checked: number;
  readonly faultsHappened: FaultCounts;
  readonly judged: JudgedCounts;
  readonly large: LargeCounts;
  /** The failure with the smallest seed. */
  readonly failing: CheckPart['failing'];
  /** The numbers, from 1, of the parts that left no answer. */
  readonly missing: readonly number[];
}

/** Adds up what the tasks found, in whatever order and however often they come; others' parts count nothing. */
export function mergeParts(job: CheckJob, count: number, parts: readonly CheckPart[]): MergedCheck {
  const byIndex = new Map<number, CheckPart>();
  for (const part of parts) {
    const isOwn = part.checkId === job.checkId && part.count === count && part.index <= count;
    if (isOwn) byIndex.set(part.index, part);
  }
  const found = [...byIndex.values()];
  const faultsHappened = noFaults();
  const judged: JudgedCounts = {};
  const large = noLarge();
  for (const part of found) {
    addFaults(faultsHappened, part.faultsHappened as FaultCounts);
    addJudged(judged, part.judged);
    addLarge(large, part.large);
  }
  const failing = found.flatMap((part) => part.failing ?? []);
  return {
    checked: found.reduce((sum, { checked }) => sum + checked, 0),
    faultsHappened,
    judged,
    large,
    failing: failing.sort((one, other) => one.seed - other.seed)[0] ?? null,
    missing: Array.from({ length: count }, (_unused, place) => place + 1).filter(
      (index) => !byIndex.has(index),
    ),
  };
}

import { z } from 'zod';

const intervalSchema = z.object({ min: z.int(), max: z.int() });

/** `parameters.json`: everything that a grid was made with, with every default written out. */
export const gridParametersSchema = z.object({
  schemaVersion: z.literal(1),
  name: z.string(),
  /** What to type to make such a grid again. */
  command: z.string(),
  createdAt: z.string(),
  /** What its reader should know, in the words of who measured it; empty for nothing. */
  note: z.string(),
  measured: z.object({
    orderings: z.array(z.string()),
    peers: z.array(z.int()),
    messages: z.array(z.int()),
    intervalsMs: z.array(intervalSchema),
    payloadBytes: z.int(),
    /** Successful runs of each cell, and failed ones after which a cell gives up, in one go. */
    runs: z.int(),
    failuresMax: z.int(),
    /** Run r of every cell, from 0, has the seed `seed + r`. */
    seed: z.int(),
  }),
  backend: z.string(),
  network: z.object({ kind: z.string(), loss: z.number(), delays: z.string() }),
  /** The zones of the members, by the number of members. */
  zones: z.record(z.string(), z.array(z.string())),
  seeds: z.array(z.int()),
  cells: z.array(
    z.object({
      ordering: z.string(),
      peers: z.int(),
      messages: z.int(),
      intervalMs: intervalSchema,
      deadlineMs: z.int(),
    }),
  ),
  project: z.object({
    version: z.string(),
    /** The commit; `null` where git knows of none. */
    commit: z.string().nullable(),
    /** Whether something outside of results/ was changed and not committed. */
    dirty: z.boolean().nullable(),
  }),
  versions: z.object({ node: z.string(), packages: z.record(z.string(), z.string()) }),
  machine: z.object({
    platform: z.string(),
    architecture: z.string(),
    cores: z.int(),
    memoryGib: z.int(),
  }),
  /** What each line of runs.ndjson leaves out of its comparison. */
  omitted: z.array(z.string()),
});
export type GridParameters = z.infer<typeof gridParametersSchema>;

/** When and how it was typed, and what is said of it, changes nothing; the cells follow from what is measured. */
const NO_DIFFERENCE: readonly string[] = [
  'createdAt',
  'command',
  'note',
  'cells',
  'seeds',
  'omitted',
];

/**
 * In what a grid that goes on would differ from the one that was begun: one sentence each, such as
 * "measured.runs is 10 there and 20 here". Empty when the new runs may join the old ones.
 */
export function differences(begun: GridParameters, wanted: GridParameters): string[] {
  const found: string[] = [];
  collect(begun, wanted, '', found);
  return found;
}

function collect(there: unknown, here: unknown, path: string, found: string[]): void {
  if (NO_DIFFERENCE.includes(path)) return;
  if (!isPlainObject(there) || !isPlainObject(here)) {
    const [old, now] = [JSON.stringify(there), JSON.stringify(here)];
    if (old !== now) found.push(`${path} is ${old ?? 'absent'} there and ${now ?? 'absent'} here`);
    return;
  }
  for (const key of new Set([...Object.keys(there), ...Object.keys(here)])) {
    collect(there[key], here[key], path === '' ? key : `${path}.${key}`, found);
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

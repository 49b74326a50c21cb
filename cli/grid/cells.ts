import type { RunBody } from '../site/functions-client.ts';

/** Milliseconds between two multicasts of a peer, uniform. */
export interface Interval {
  readonly min: number;
  readonly max: number;
}

/** One cell of a grid: what is run again and again with other seeds. */
export interface GridCell {
  readonly ordering: string;
  readonly peers: number;
  readonly messages: number;
  readonly intervalMs: Interval;
}

/** What a grid measures; its cells are all combinations. */
export interface GridAxes {
  readonly orderings: readonly string[];
  readonly peers: readonly number[];
  readonly messages: readonly number[];
  readonly intervalsMs: readonly Interval[];
}

/** All cells, the orderings outermost, so that neighbours in tables are neighbours here. */
export function expandCells({ orderings, peers, messages, intervalsMs }: GridAxes): GridCell[] {
  return orderings.flatMap((ordering) =>
    intervalsMs.flatMap((intervalMs) =>
      peers.flatMap((size) =>
        messages.map((each) => ({
          ordering,
          peers: size,
          messages: each,
          intervalMs: { min: intervalMs.min, max: intervalMs.max },
        })),
      ),
    ),
  );
}

/** One text a cell, also for a person: "unordered, 8 peers x 100, 10-99 ms". */
export function nameCell({ ordering, peers, messages, intervalMs }: GridCell): string {
  return `${ordering}, ${peers} peers x ${messages}, ${intervalMs.min}-${intervalMs.max} ms`;
}

/** Run number `run` has the same seed in every cell, so that orderings see the same intervals. */
export function seedOfRun(seed: number, run: number): number {
  return seed + run;
}

/** The request of a run. Its zones are named, so that it has the same members whoever is up. */
export function bodyOfRun(cell: GridCell, seed: number, zones: readonly string[]): RunBody {
  const { peers, messages, ordering, intervalMs } = cell;
  return { peers, messages, ordering, intervalMs, payloadBytes: 0, seed, zones };
}

/** How long a run should take: its sends, and about two seconds to begin and to end. */
export function expectedMs({ messages, intervalMs }: GridCell): number {
  return 2_000 + (messages * (intervalMs.min + intervalMs.max)) / 2;
}

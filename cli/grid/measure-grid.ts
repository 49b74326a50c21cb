import { setTimeout as sleep } from 'node:timers/promises';
import type { Comparison } from '../../control/comparison-document.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import type { RunBody } from '../site/functions-client.ts';
import { bodyOfRun, expectedMs, nameCell, seedOfRun } from './cells.ts';
import { gaveUp, nextRun, remainingMs, type CellState, type Goal } from './decide.ts';
import type { GridData, GridDirectory } from './grid-directory.ts';
import { abridge, failureOf, type RunRecord } from './records.ts';

/** Where runs are executed. */
export interface GridSite {
  /**
   * Executes a run and gives its comparison; calls `show` while it waits. Throws `Failure` when there is
   * none in time.
   */
  run(body: RunBody, show: () => void): Promise<Comparison>;
  /** Waits until a run in these zones has its peers. Throws `Failure`, which names what was missing. */
  readonly ready?: (zones: readonly string[]) => Promise<void>;
  /** Why peers were taken away since then, in a sentence; `null` where none was. In ms since 1970. */
  readonly taken?: (sinceMs: number) => Promise<string | null>;
  /** Aborted by Ctrl-C, and when the laboratory goes down. */
  readonly signal: AbortSignal;
  /** The pause between a failed run and the next one: the reason may pass, as when a peer restarts. */
  readonly failurePauseMs: number;
}

/** How far a grid has come, for a display. */
export interface GridProgress {
  readonly done: number;
  readonly wanted: number;
  /** Failed runs of this go. */
  readonly failed: number;
  readonly remainingMs: number;
  /** What is being measured, such as "unordered, 8 peers x 100, 10-99 ms: run 3 of 10". */
  readonly now: string;
}

export interface GridObserver {
  show(progress: GridProgress): void;
  /** One sentence that a person should see: a run failed, a cell gave up. */
  note(text: string): void;
}

/** A cell of a grid, with what is known of it. */
interface MutableCellState extends CellState {
  readonly done: Set<number>;
  failedNow: number;
}

/**
 * Measures what a grid still lacks, one run after another, and appends each to its folder at once.
 * Gives the names of the cells that gave up. Throws when it is interrupted or the laboratory goes down.
 */
export async function measureGrid(
  site: GridSite,
  directory: GridDirectory,
  data: GridData,
  observer: GridObserver,
): Promise<string[]> {
  const { parameters } = data;
  const goal: Goal = parameters.measured;
  const states = statesOf(data);
  const clock = { spentMs: 0, plannedMs: 0 };
  // Each turn ends a run or counts a failure, of which a cell has few.
  for (;;) {
    const next = nextRun(states, goal);
    if (next === null) break;
    const state = states[next.index]!;
    const startedMs = Date.now();
    const isMeasured = await turn(site, directory, { data, state, run: next.run, goal }, (note) =>
      note === null ? observer.show(progressOf(states, goal, state, clock)) : observer.note(note),
    );
    if (!isMeasured) {
      if (gaveUp(state, goal)) observer.note(describeGivingUp(state));
      await sleep(site.failurePauseMs, undefined, { signal: site.signal }).catch(() =>
        site.signal.throwIfAborted(),
      );
      continue;
    }
    clock.spentMs += Date.now() - startedMs;
    clock.plannedMs += expectedMs(state.cell);
  }
  return states.filter((state) => gaveUp(state, goal)).map(({ cell }) => nameCell(cell));
}

interface Turn {
  readonly data: GridData;
  readonly state: MutableCellState;
  readonly run: number;
  readonly goal: Goal;
}

/** One run; false when it failed, which is then written down. `report` gets notes, `null` to show. */
async function turn(
  site: GridSite,
  directory: GridDirectory,
  { data, state, run, goal }: Turn,
  report: (note: string | null) => void,
): Promise<boolean> {
  const { cell, done } = state;
  const seed = seedOfRun(data.parameters.measured.seed, run);
  const zones = data.parameters.zones[cell.peers]!;
  await site.ready?.(zones);
  const startedMs = Date.now();
  let comparison: Comparison | null = null;
  let reason: string | null;
  try {
    comparison = await site.run(bodyOfRun(cell, seed, zones), () => report(null));
    reason = failureOf(comparison, cell, seed);
  } catch (error) {
    // Ctrl-C, or the laboratory is down: that is no result of this run.
    site.signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    reason = messageOf(error);
  }
  const which = { ...cell, run };
  if (reason === null && comparison !== null) {
    const record: RunRecord = { cell: which, ...abridge(comparison) };
    await directory.appendRun(record);
    done.add(run);
    return true;
  }
  const kept = comparison === null ? null : abridge(comparison);
  reason ??= 'There is no comparison';
  const taken = (await site.taken?.(startedMs)) ?? null;
  const why = taken === null ? reason : `${reason}. ${taken}`;
  const cause = taken === null ? 'failed' : 'preempted';
  await directory.appendFailure({
    cell: which,
    atMs: Date.now(),
    reason: why,
    cause,
    comparison: kept,
  });
  // The loss of a machine says nothing of the cell, which gives up later for it.
  state.failedNow += taken === null ? 1 : TAKEN_WEIGHT;
  const next =
    taken === null ? '' : ' The run is repeated, with its seed, once a machine is there.';
  report(`${nameCell(cell)}, run ${run + 1} of ${goal.runs} failed: ${why}.${next}`);
  return false;
}

/** The share of a failure that a run counts for when it lost a machine. */
const TAKEN_WEIGHT = 1 / 8;

/** What the records say of each cell. */
export function statesOf({ parameters, runs }: GridData): MutableCellState[] {
  const states = parameters.cells.map(({ deadlineMs: _deadlineMs, ...cell }) => ({
    cell,
    done: new Set<number>(),
    failedNow: 0,
  }));
  const byName = new Map(states.map((state) => [nameCell(state.cell), state]));
  for (const { cell } of runs) byName.get(nameCell(cell))?.done.add(cell.run);
  return states;
}

function progressOf(
  states: readonly CellState[],
  goal: Goal,
  { cell, done }: CellState,
  { spentMs, plannedMs }: { readonly spentMs: number; readonly plannedMs: number },
): GridProgress {
  return {
    done: states.reduce((sum, state) => sum + Math.min(goal.runs, state.done.size), 0),
    wanted: states.length * goal.runs,
    failed: Math.ceil(states.reduce((sum, { failedNow }) => sum + failedNow, 0)),
    remainingMs: remainingMs(states, goal, spentMs, plannedMs),
    now: `${nameCell(cell)}: run ${done.size + 1} of ${goal.runs}`,
  };
}

function describeGivingUp({ cell, failedNow }: CellState): string {
  return (
    `${nameCell(cell)} gives up after ${Math.floor(failedNow)} failed runs; the same command tries again, ` +
    'and failures.ndjson has the reasons.'
  );
}

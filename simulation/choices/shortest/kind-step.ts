import type { Choice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';

/** The packet that was sent first, of those that may arrive, arrives; `null` where none may. */
export function nextArrival(run: ChosenRun): Choice | null {
  for (const { name } of run.packets) {
    const arrival: Choice = { act: 'deliver', packet: name };
    if (run.allows(arrival)) return arrival;
  }
  return null;
}

/** Lets everything arrive, the oldest packet first; false where that does not end within `arrivalsMax` arrivals. */
export function letArrive(run: ChosenRun, arrivalsMax: number): boolean {
  for (let arrivals = 0; arrivals < arrivalsMax; arrivals += 1) {
    const arrival = nextArrival(run);
    if (arrival === null) return true;
    run.take(arrival);
  }
  return false;
}

/**
 * What comes next where nothing goes wrong, without a deadline: the packet that was sent first arrives; when
 * nothing is under way, the member with the fewest multicasts makes the next one; when all are made, over reliable
 * channels a crash is reported. `null` where nothing of that is left.
 */
export function kindStep(run: ChosenRun): Choice | null {
  return nextArrival(run) ?? nextMulticast(run) ?? nextClosing(run);
}

/** The deadline that is earliest by its member's own clock passes; `null` where nobody has one. */
export function nextDeadline(run: ChosenRun): Choice | null {
  let first: number | null = null;
  for (const member of run.members.keys()) {
    if (!run.allows({ act: 'fire', member })) continue;
    if (first === null || run.deadlineOf(member) < run.deadlineOf(first)) first = member;
  }
  return first === null ? null : { act: 'fire', member: first };
}

function nextMulticast(run: ChosenRun): Choice | null {
  let least: number | null = null;
  for (const member of run.members.keys()) {
    if (!run.allows({ act: 'multicast', member })) continue;
    if (least === null || multicastsOf(run, member) < multicastsOf(run, least)) least = member;
  }
  return least === null ? null : { act: 'multicast', member: least };
}

function multicastsOf(run: ChosenRun, member: number): number {
  return run.multicasts.counts[member]!;
}

function nextClosing(run: ChosenRun): Choice | null {
  return run.enabledSteps().find(({ act }) => act === 'close') ?? null;
}

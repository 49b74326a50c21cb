import type { Choice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';

/** How long a kind network goes on by itself. */
export type AutoGoal =
  /** The given number of steps was taken. */
  | { readonly until: 'steps'; readonly steps: number }
  /** Nothing is under way any more to anybody who can take it. Nobody multicasts, and no timer goes off. */
  | { readonly until: 'quiet' }
  /** Everybody multicast everything, and delivered what everybody who lives multicast. */
  | { readonly until: 'delivered' }
  /** A guarantee that the ordering declares is broken. */
  | { readonly until: 'broken' }
  /** A member delivered a message. */
  | {
      readonly until: 'delivers';
      readonly member: number;
      readonly sender: number;
      readonly sequence: number;
    };

/** Beyond this an ordering goes round in circles, as a token does. */
export const AUTO_STEPS_MAX = 1_000;

/**
 * What a kind network would do next: what was sent first arrives first; when nothing is under way, whoever
 * multicast least multicasts; when all have, whoever crashed is reported over reliable channels, and then the
 * earliest timer goes off, as the members' own clocks have it.
 * `null` when nothing can happen.
 */
export function kindChoice(run: ChosenRun, goal: AutoGoal): Choice | null {
  for (const { name } of run.packets) {
    const choice = { act: 'deliver', packet: name } as const;
    if (run.allows(choice)) return choice;
  }
  if (goal.until === 'quiet') return null;
  return nextMulticast(run) ?? nextClosing(run) ?? nextDeadline(run);
}

function nextMulticast(run: ChosenRun): Choice | null {
  let least: number | null = null;
  for (const member of run.members.keys()) {
    if (!run.allows({ act: 'multicast', member })) continue;
    if (least === null || multicastsOf(run, member) < multicastsOf(run, least)) least = member;
  }
  return least === null ? null : { act: 'multicast', member: least };
}

function nextClosing(run: ChosenRun): Choice | null {
  return run.enabledSteps().find(({ act }) => act === 'close') ?? null;
}

function multicastsOf(run: ChosenRun, member: number): number {
  return run.multicasts.counts[member]!;
}

function nextDeadline(run: ChosenRun): Choice | null {
  let first: number | null = null;
  for (const member of run.members.keys()) {
    if (!run.allows({ act: 'fire', member })) continue;
    if (first === null || run.deadlineOf(member) < run.deadlineOf(first)) first = member;
  }
  return first === null ? null : { act: 'fire', member: first };
}

/** Whether the goal is reached; `stepsTaken` since it was set, `isBroken`: a declared guarantee. */
export function isReached(
  run: ChosenRun,
  goal: AutoGoal,
  stepsTaken: number,
  isBroken: boolean,
): boolean {
  switch (goal.until) {
    case 'steps':
      return stepsTaken >= goal.steps;
    case 'quiet':
      return kindChoice(run, goal) === null;
    case 'delivered':
      return run.result().allDelivered;
    case 'broken':
      return isBroken;
    case 'delivers': {
      const { senders, sequences } = run.members[goal.member]!.record.sequence;
      return senders.some((each, i) => each === goal.sender && sequences[i] === goal.sequence);
    }
  }
}

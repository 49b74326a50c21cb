import type { Choice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';

/** What has to have happened before a network without faults stops going on by itself. */
export type AutoGoal =
  /** The given number of steps was taken. */
  | { readonly until: 'steps'; readonly steps: number }
  /** Nothing is under way any more to anybody who can take it. Nobody multicasts, and no timer goes off. */
  | { readonly until: 'quiet' }
  /** Every member has multicast all its messages and delivered those of all members that live. */
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

/**
 * The most steps that are taken by themselves, because some orderings, such as a token's, never come to rest.
 */
export const AUTO_STEPS_MAX = 1_000;

/**
 * What a network without faults would do next: the packet that was sent first arrives first. When nothing is
 * under way, the member with the fewest multicasts makes the next one. When all are made, over reliable
 * channels a crash is reported, and after that the timer goes off that is earliest by its member's own clock.
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

/**
 * Whether the goal is reached. `stepsTaken` counts from when it was set; `isBroken` says that a declared
 * guarantee is broken.
 */
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

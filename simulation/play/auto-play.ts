import type { Choice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import { kindStep, nextArrival, nextDeadline } from '../choices/shortest/kind-step.ts';

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
 * What a network without faults would do next: a step without a deadline, and once none is left, the deadline that is
 * earliest by its member's own clock. `null` when nothing can happen.
 */
export function kindChoice(run: ChosenRun, goal: AutoGoal): Choice | null {
  if (goal.until === 'quiet') return nextArrival(run);
  return kindStep(run) ?? nextDeadline(run);
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

import type { GuaranteeName } from '../../core/guarantees.ts';
import { isOrderingFault } from '../check/judge.ts';
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
  /** A guarantee that the ordering declares is broken, or it threw. */
  | { readonly until: 'broken' }
  /** This guarantee is broken, whether the ordering declares it or not. */
  | { readonly until: 'breaks'; readonly guarantee: GuaranteeName }
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

/** What is broken in a game, as far as a goal asks for it. */
interface BrokenName {
  readonly name: string;
  readonly isPromised: boolean;
}

/** Whether the goal is reached. `stepsTaken` counts from when it was set; `broken` is what is broken now. */
export function isReached(
  run: ChosenRun,
  goal: AutoGoal,
  stepsTaken: number,
  broken: readonly BrokenName[],
): boolean {
  switch (goal.until) {
    case 'steps':
      return stepsTaken >= goal.steps;
    case 'quiet':
      return kindChoice(run, goal) === null;
    case 'delivered':
      return run.result().allDelivered;
    case 'broken':
      return broken.some(({ isPromised }) => isPromised) || run.failures.some(isOrderingFault);
    case 'breaks':
      return broken.some(({ name }) => name === goal.guarantee);
    case 'delivers': {
      const { senders, sequences } = run.members[goal.member]!.record.sequence;
      return senders.some((each, i) => each === goal.sender && sequences[i] === goal.sequence);
    }
  }
}

/** Why a goal that is not reached can never be, as far as that is plain; else `null`. */
export function whyNever(run: ChosenRun, goal: AutoGoal): string | null {
  if (goal.until !== 'delivers') return null;
  const { member, sender, sequence } = goal;
  if (!run.isRunning(member)) return `peer ${member} does not run any more`;
  const isMulticast = sequence < run.multicasts.counts[sender]!;
  if (isMulticast || run.isRunning(sender)) return null;
  return `peer ${sender} never multicast (${sender},${sequence}), and does not run any more`;
}

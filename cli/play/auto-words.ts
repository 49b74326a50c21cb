import type { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import type { AutoGoal } from '../../simulation/play/auto-play.ts';
import type { PlayedGame } from '../../simulation/play/played-game.ts';
import { count } from '../render/table.ts';

/** Refuses a goal that names somebody or something that this game does not have. @throws RangeError */
export function assertGoal({ members, scenario }: ChosenRun, goal: AutoGoal): void {
  if (goal.until !== 'delivers') return;
  const { member, sender, sequence } = goal;
  const wrong = [member, sender].find((each) => each >= members.length);
  if (wrong !== undefined) {
    throw new RangeError(`there is no peer ${wrong}; allowed: 0 to ${members.length - 1}`);
  }
  if (sequence < scenario.messages) return;
  throw new RangeError(
    `there is no message (${sender},${sequence}): each peer has ${count(scenario.messages, 'message')} (--messages), ` +
      'counted from 0',
  );
}

/** What is said once a goal is reached after `steps`. */
export function tellReached({ broken }: PlayedGame, goal: AutoGoal, steps: number): string {
  if (steps > 0) return `Done, after ${count(steps, 'step')}.`;
  switch (goal.until) {
    case 'delivered':
      return 'Nothing to be done: everybody has everything.';
    case 'delivers':
      return `Nothing to be done: peer ${goal.member} has delivered (${goal.sender},${goal.sequence}).`;
    case 'broken':
    case 'breaks': {
      const first = broken.find(({ name, isPromised }) => {
        return goal.until === 'broken' ? isPromised : name === goal.guarantee;
      });
      if (first === undefined) return 'Nothing to be done: the ordering of a peer threw.';
      return `Nothing to be done: ${first.name} is broken since step ${first.step}.`;
    }
    default:
      return `Done, after ${count(steps, 'step')}.`;
  }
}

/** What a goal lacks that was not reached, to follow a colon; empty where nothing was asked for but steps. */
export function describeLack(goal: AutoGoal): string {
  switch (goal.until) {
    case 'delivered':
      return ': not everybody has everything';
    case 'delivers':
      return `: peer ${goal.member} has not delivered (${goal.sender},${goal.sequence})`;
    case 'broken':
      return ': nothing that was promised is broken';
    case 'breaks':
      return `: ${goal.guarantee} is not broken`;
    default:
      return '';
  }
}

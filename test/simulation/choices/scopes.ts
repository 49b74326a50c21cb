import type { Choice } from '../../../simulation/choices/choice.ts';
import { ChosenRun } from '../../../simulation/choices/chosen-run.ts';
import { chosenScenario } from '../../../simulation/choices/chosen-setup.ts';
import type { SearchSpace } from '../../../simulation/choices/search/search-space.ts';
import type { Scenario } from '../../../simulation/scenario.ts';

/** A scope for chosen schedules. */
export function scopeOf(peers: number, messages: number): Scenario {
  return chosenScenario({ peers, messages });
}

/** A run of a space as it is played, with all its orderings. */
export function playedRun(space: SearchSpace, choices: readonly Choice[] = []): ChosenRun {
  const { create, scenario, ...options } = space;
  const run = new ChosenRun(create, scenario, null, options);
  for (const choice of choices) run.take(choice);
  return run;
}

/** What may happen next within the bounds of a space. */
export function enabledWithin({ deadlinesMax }: SearchSpace, run: ChosenRun): Choice[] {
  return run
    .enabledSteps()
    .filter((choice) => choice.act !== 'fire' || run.deadlinesOf[choice.member]! < deadlinesMax);
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import type { Choice } from '../choices/choice.ts';
import type { Fates } from '../choices/fates.ts';
import { memberOf } from '../choices/search/search-space.ts';
import { type Scope, setupOf } from './scope.ts';

/**
 * The same schedule with what went wrong in it as choices of their own, so that it can be played without knowing of
 * fates: a packet is lost as soon as it was sent, and a member crashes when its time has come.
 */
export function explicitChoices(
  entry: OrderingEntry,
  scope: Scope,
  { losses, crashes }: Fates,
  steps: readonly Choice[],
): Choice[] {
  const run = beginChosenRun(entry, setupOf(scope));
  const isLost = new Set<string>();
  const crashBetween = (): void => {
    for (const { member, steps: after, sends } of crashes) {
      const isDue = sends === null && run.stepsOf[member] === after;
      if (isDue && run.isRunning(member)) run.take({ act: 'crash', member });
    }
  };
  crashBetween();
  for (const step of steps) {
    const point = crashes.find(({ member }) => member === memberOf(step));
    if (point?.sends != null && run.stepsOf[point.member] === point.steps) {
      run.take({ act: 'crash', member: point.member, sends: point.sends });
    }
    run.take(step);
    for (const packet of losses) {
      if (isLost.has(packet) || run.packets.get(packet) === undefined) continue;
      isLost.add(packet);
      run.take({ act: 'lose', packet });
    }
    crashBetween();
  }
  return [...run.taken];
}

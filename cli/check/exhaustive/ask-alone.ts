import type { Context } from '../../shell/context.ts';
import { ExhaustiveHand } from './exhaustive-hand.ts';
import type { ExhaustiveOptions } from './exhaustive-options.ts';
import type { AnswerTo, ExhaustiveTask } from './exhaustive-task.ts';

/** Has a thread on which nothing ran before do one task. `hangMs`: see `ExhaustiveHand`. */
export async function askAlone<Name extends ExhaustiveTask['task']>(
  { signal }: Context,
  { source }: Pick<ExhaustiveOptions, 'source'>,
  task: Extract<ExhaustiveTask, { task: Name }>,
  hangMs?: number,
): Promise<AnswerTo<Name>> {
  const hand = new ExhaustiveHand(source, hangMs === undefined ? {} : { hangMs });
  try {
    return await hand.perform<Name>(task, signal);
  } finally {
    await hand.end();
  }
}

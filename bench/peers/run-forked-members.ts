import { forkMembers } from '../../cli/bench/fork-members.ts';
import { summariseFigures, type RunFigures } from './figures.ts';
import { bufferErrorsOf } from './process-facts.ts';
import type { Load } from './system.ts';

/** Runs members in Node, each a process of `script` with the arguments that `argumentsOf` its index gives. */
export async function runForkedMembers(
  system: string,
  script: string,
  load: Load,
  argumentsOf: (member: number) => readonly string[],
): Promise<RunFigures> {
  const { members, messages, secondsMax } = load;
  const errorsBefore = bufferErrorsOf('self');
  const parameters = Array.from({ length: members }, (_, member) => argumentsOf(member));
  // Ctrl-C reaches the members themselves: they are of this process' group.
  const never = new AbortController().signal;
  const figures = await forkMembers(script, parameters, secondsMax, never);
  const errors = bufferErrorsOf('self') - errorsBefore;
  return summariseFigures(system, figures, members * members * messages, errors);
}

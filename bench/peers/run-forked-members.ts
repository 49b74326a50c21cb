import { MemberProcesses } from '../../cli/bench/member-processes.ts';
import { summariseFigures, type RunFigures } from './figures.ts';
import { bufferErrorsOf } from './process-facts.ts';
import type { Load } from './system.ts';

/**
 * Runs members in Node, each a new process of `script` with the task that `taskOf` its index gives: what Node compiles counts,
 * as what Java compiles does.
 */
export async function runForkedMembers(
  system: string,
  script: string,
  load: Load,
  taskOf: (member: number) => object,
): Promise<RunFigures> {
  const { members, messages, secondsMax } = load;
  const errorsBefore = bufferErrorsOf('self');
  const tasks = Array.from({ length: members }, (_, member) => taskOf(member));
  // Ctrl-C reaches the members themselves: they are of this process' group.
  const never = new AbortController().signal;
  const processes = new MemberProcesses(script, never);
  try {
    const figures = await processes.run(tasks, secondsMax);
    const errors = bufferErrorsOf('self') - errorsBefore;
    return summariseFigures(system, figures, members * members * messages, errors);
  } finally {
    processes.end();
  }
}

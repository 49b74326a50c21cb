import { WARM_UP_SHARE } from '../../cli/bench/loads.ts';
import { MemberProcesses } from '../../cli/bench/member-processes.ts';
import type { MemberTask } from '../../cli/bench/member-task.ts';
import { summariseFigures, type RunFigures } from './figures.ts';
import { bufferErrorsOf } from './process-facts.ts';
import type { Load } from './system.ts';

/** What tells the tasks of a process from each other, and those of the members. */
export type TaskPart = Pick<MemberTask, 'run' | 'self' | 'messages'>;

/**
 * Runs members in Node, each a new process of `script` with the tasks that `taskOf` makes of its parts. They do a
 * shorter run first: Node compiles for seconds, on a slow machine for longer than a run takes, and that is
 * no part of what a delivery costs.
 */
export async function runForkedMembers(
  system: string,
  script: string,
  load: Load,
  taskOf: (part: TaskPart) => object,
): Promise<RunFigures> {
  const { members, messages, secondsMax } = load;
  const tasksOf = (run: number, share: number): object[] =>
    Array.from({ length: members }, (_, self) =>
      taskOf({ run, self, messages: Math.ceil(share * messages) }),
    );
  // Ctrl-C reaches the members themselves: they are of this process' group.
  const never = new AbortController().signal;
  const processes = new MemberProcesses(script, never);
  try {
    await processes.run(tasksOf(0, WARM_UP_SHARE), secondsMax);
    const errorsBefore = bufferErrorsOf('self');
    const figures = await processes.run(tasksOf(1, 1), secondsMax);
    const errors = bufferErrorsOf('self') - errorsBefore;
    return summariseFigures(system, figures, members * members * messages, errors);
  } finally {
    processes.end();
  }
}

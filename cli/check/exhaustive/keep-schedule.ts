import { join } from 'node:path';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import type { Choice } from '../../../simulation/choices/choice.ts';
import { writeSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { setupOf } from '../../../simulation/exhaustive/scope.ts';
import { describeSource, nameInSchedule } from '../../ordering/ordering-source.ts';
import { fromHere } from '../../render/from-here.ts';
import type { Context } from '../../shell/context.ts';
import { shellWord } from '../../shell/shell-word.ts';
import { saveCounterexample } from '../save-counterexample.ts';
import type { ExhaustiveOptions } from './exhaustive-options.ts';
import type { ExhaustiveFailure } from './exhaustive-report.ts';
import type { ToldSchedule } from './exhaustive-task.ts';

/**
 * Saves a schedule that breaks something, with its picture where there is one, and gives it the form of the report.
 * `played` are the choices that a game is to open.
 */
export async function keepSchedule(
  { terminal }: Context,
  options: Pick<ExhaustiveOptions, 'source' | 'save' | 'state'>,
  { name }: OrderingEntry,
  { svg, ...schedule }: Omit<ToldSchedule, 'svg'> & { readonly svg: string | null },
  played: readonly Choice[],
): Promise<ExhaustiveFailure> {
  const [finding, ...others] = schedule.findings;
  const { peers, messages } = schedule.scope;
  const file =
    options.save ??
    join(stateDirectoryAt(options.state).path, 'check', `${name}-${peers}x${messages}.json`);
  const text = writeSchedule({
    ordering: nameInSchedule(options.source),
    setup: setupOf(schedule.scope),
    choices: played,
    broke: finding!.name,
    text: finding!.text,
  });
  const saved = await saveCounterexample(file, { scenario: text, svg });
  if (saved.problem !== null) terminal.note(saved.problem);
  const savedFile = saved.scenarioFile === null ? null : fromHere(saved.scenarioFile);
  return {
    broke: finding!.name,
    text: finding!.text,
    alsoBroke: others.map((other) => other.name),
    schedule,
    savedFile,
    diagramFile: saved.diagramFile === null ? null : fromHere(saved.diagramFile),
    replay:
      savedFile === null
        ? null
        : `npx mpcomm play ${describeSource(options.source)} --from ${shellWord(savedFile)}`,
  };
}

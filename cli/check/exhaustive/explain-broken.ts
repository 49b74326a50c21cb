import { join } from 'node:path';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import { writeSchedule } from '../../../simulation/choices/recorded-schedule.ts';
import { type Scope, setupOf } from '../../../simulation/exhaustive/scope.ts';
import { describeSource, nameInSchedule } from '../../ordering/ordering-source.ts';
import { fromHere } from '../../render/from-here.ts';
import type { Context } from '../../shell/context.ts';
import { saveCounterexample } from '../save-counterexample.ts';
import { ExhaustiveHand, type HangingScheduleError, UnrepeatableError } from './exhaustive-hand.ts';
import type { ExhaustiveOptions } from './exhaustive-options.ts';
import type { ExhaustiveFailure } from './exhaustive-report.ts';
import type { AnswerTo, ExhaustiveTask, ToldSchedule } from './exhaustive-task.ts';

/** How long shorter schedules are looked for, at most. */
const EXPLAIN_MS = 60_000;

/** A schedule that was seen to break something. */
export interface BrokenScope {
  readonly scope: Scope;
  readonly broken: readonly string[];
  /** The scopes that may have a shorter one. */
  readonly notSearched: readonly Scope[];
}

/**
 * Finds the shortest, tells and draws it on a thread where nothing ran before, and saves it. A schedule that does
 * not break anything there is reported as that, and not as what it seemed to be.
 */
export async function explainBroken(
  context: Context,
  options: ExhaustiveOptions,
  entry: OrderingEntry,
  { scope, broken, notSearched }: BrokenScope,
): Promise<ExhaustiveFailure> {
  context.terminal.note('A schedule broke something; looking for the shortest that does ...');
  const explainMs = Math.min(EXPLAIN_MS, options.seconds * 1_000);
  try {
    const task = { task: 'explain', scope, found: broken, notSearched, explainMs } as const;
    const { told } = await ask<'explain'>(context, options, task);
    // The search for shorter ones ran many schedules on its thread: the one that it chose runs first on another.
    const { scope: found, choices } = told;
    const { broke } = await ask<'confirm'>(context, options, {
      task: 'confirm',
      scope: found,
      choices,
    });
    if (broke !== told.findings[0]!.name) {
      throw new UnrepeatableError(`it broke ${broke ?? 'nothing'} when it ran first`);
    }
    return await keep(context, options, entry, told);
  } catch (error) {
    if (error instanceof UnrepeatableError) return explainUnrepeatable(error);
    throw error;
  }
}

/** Has a thread on which nothing ran before do one task. */
async function ask<Name extends ExhaustiveTask['task']>(
  { signal }: Context,
  { source }: ExhaustiveOptions,
  task: Extract<ExhaustiveTask, { task: Name }>,
): Promise<AnswerTo<Name>> {
  const hand = new ExhaustiveHand(source);
  try {
    return await hand.perform<Name>(task, signal);
  } finally {
    await hand.end();
  }
}

/** A call did not come back, and did not when the search went on after the first time either. */
export function explainHanging({ message }: HangingScheduleError): ExhaustiveFailure {
  return {
    broke: 'endless',
    text: `${message}, twice; which schedule that was is not known, since a call that goes on cannot be asked`,
    alsoBroke: [],
    schedule: null,
    savedFile: null,
    diagramFile: null,
    replay: null,
  };
}

export function explainUnrepeatable({ message }: UnrepeatableError): ExhaustiveFailure {
  const text =
    `the same choices did not come out the same again (${message}): something is kept from one run to the ` +
    'next, outside create, or time or randomness comes from elsewhere than now and group.random';
  return {
    broke: 'unrepeatable',
    text,
    alsoBroke: [],
    schedule: null,
    savedFile: null,
    diagramFile: null,
    replay: null,
  };
}

async function keep(
  { terminal }: Context,
  options: ExhaustiveOptions,
  { name }: OrderingEntry,
  { svg, ...schedule }: ToldSchedule,
): Promise<ExhaustiveFailure> {
  const [finding, ...others] = schedule.findings;
  const { peers, messages } = schedule.scope;
  const file =
    options.save ??
    join(stateDirectoryAt(options.state).path, 'check', `${name}-${peers}x${messages}.json`);
  const text = writeSchedule({
    ordering: nameInSchedule(options.source),
    setup: setupOf(schedule.scope),
    choices: schedule.choices.map(parseChoice),
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
        : `mpcomm play ${describeSource(options.source)} --from ${savedFile}`,
  };
}

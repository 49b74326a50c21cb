import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { Context } from '../../shell/context.ts';
import { askAlone } from './ask-alone.ts';
import {
  BrokenElsewhereError,
  HangingScheduleError,
  UnrepeatableError,
} from './exhaustive-hand.ts';
import type { ExhaustiveOptions } from './exhaustive-options.ts';
import type { ExhaustiveFailure } from './exhaustive-report.ts';
import { keepSchedule } from './keep-schedule.ts';

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
    const { told } = await askAlone<'explain'>(context, options, task);
    // The search for shorter ones ran many schedules on its thread: the one that it chose runs first on another.
    const { scope: found } = told;
    const { broke } = await askAlone<'confirm'>(context, options, {
      task: 'confirm',
      scope: found,
      choices: told.choices,
    });
    if (broke !== told.findings[0]!.name) {
      throw new UnrepeatableError(`it broke ${broke ?? 'nothing'} when it ran first`);
    }
    const choices = told.choices.map(parseChoice);
    return await keepSchedule(context, options, entry, told, choices);
  } catch (error) {
    if (error instanceof UnrepeatableError) return explainUnrepeatable(error);
    throw error;
  }
}

/** What ended a search where no schedule can be shown for it; `null` for what is no finding about the ordering. */
export function explainWithoutSchedule(error: unknown): ExhaustiveFailure | null {
  if (error instanceof HangingScheduleError) return explainHanging(error);
  if (error instanceof UnrepeatableError) return explainUnrepeatable(error);
  if (error instanceof BrokenElsewhereError) {
    return withoutSchedule(error.finding.name, error.finding.text);
  }
  return null;
}

/** A call did not come back, nor when the search went on after the first time; the schedule was not found. */
export function explainHanging({ message }: HangingScheduleError): ExhaustiveFailure {
  const text = `${message}, twice; no schedule that hangs was found within a minute among the short ones`;
  return withoutSchedule('endless', text);
}

/** A member is never made, so that there is no schedule to show, nor one that a game could begin with. */
export function explainNeverMade(
  member: number,
  { peers }: Scope,
  hangMs: number,
): ExhaustiveFailure {
  const text =
    `create does not come back: member ${member} of ${peers} was not made within ${hangMs / 1_000} s, twice, ` +
    'so that nothing can happen; no file is kept, since whoever opens it would wait for the same call';
  return withoutSchedule('endless', text);
}

function explainUnrepeatable({ message }: UnrepeatableError): ExhaustiveFailure {
  const text =
    `the same choices did not come out the same again (${message}): something is kept from one run to the ` +
    'next, outside create, or time or randomness comes from elsewhere than now and group.random';
  return withoutSchedule('unrepeatable', text);
}

function withoutSchedule(broke: ExhaustiveFailure['broke'], text: string): ExhaustiveFailure {
  const nothingKept = { schedule: null, savedFile: null, diagramFile: null, replay: null };
  return { broke, text, alsoBroke: [], ...nothingKept };
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { parseChoice } from '../../simulation/choices/choice.ts';
import { scopesUpTo } from '../../simulation/exhaustive/scope.ts';
import { describeChoice } from '../../simulation/play/describe-choice.ts';
import type { OrderingSource } from '../ordering/ordering-source.ts';
import { count, wrap } from '../render/table.ts';
import type { Context } from '../shell/context.ts';
import type { CheckCommandOptions } from './check-options.ts';
import { scopeFor } from './exhaustive/exhaustive-options.ts';
import type { ExhaustiveFailure } from './exhaustive/exhaustive-report.ts';
import { findHangingSchedule } from './exhaustive/find-hanging-schedule.ts';
import { nameOfScope } from './exhaustive/name-scope.ts';

/** The scopes in which the shortest schedule is looked for: what hangs mostly does so in one of them. */
const SIZE = { peers: 3, messages: 2, losses: 0, crashes: 1, timers: 1 } as const;
const SECONDS_MAX = 60;

/** The shortest schedule in which an ordering does not come back from a call; its last choice is that call. */
export type HangingSteps = Pick<ExhaustiveFailure, 'text' | 'schedule' | 'savedFile' | 'replay'>;

/**
 * Looks for the shortest schedule in which an ordering hangs that was seen to hang in a check; `null` where none was found
 * within a minute. `hangMs`: after this time a call counts as one that does not come back.
 */
export async function findHangingSteps(
  context: Context,
  { save, state, peers = SIZE.peers }: Pick<CheckCommandOptions, 'save' | 'state' | 'peers'>,
  source: OrderingSource,
  entry: OrderingEntry,
  hangMs?: number,
): Promise<HangingSteps | null> {
  const size = { ...SIZE, peers: Math.min(SIZE.peers, peers) };
  const steps = save === undefined ? {} : { save: `${save.replace(/\.json$/, '')}.steps.json` };
  const scopes = scopesUpTo(scopeFor(entry, { size, wholeStack: false }));
  const options = { source, state, seconds: SECONDS_MAX, ...steps };
  context.terminal.note('Looking for the shortest schedule in which it hangs ...');
  return findHangingSchedule(context, options, entry, scopes, hangMs);
}

/** The steps for a person; where there are none, how they may be had. */
export function renderHangingSteps(found: HangingSteps | null): string[] {
  if (found !== null && found.schedule === null) return [wrap(found.text, '')];
  if (found?.schedule == null) {
    const asked = nameOfScope(SIZE);
    return [
      wrap(
        `No schedule in which it hangs was found among the short ones of up to ${asked}. ` +
          'mpcomm check FILE --exhaustive looks into others: with --losses, --timers or --peers 4.',
        '',
      ),
    ];
  }
  const { scope, choices, proven } = found.schedule;
  const isShortest = proven.every((each) => each.choices >= choices.length - 1);
  const known = isShortest
    ? `every shorter one of up to ${nameOfScope(SIZE)} comes back from all calls`
    : 'whether a shorter one hangs is not known';
  const size = `${count(scope.peers, 'peer')} x ${count(scope.messages, 'message')}`;
  return [
    wrap(`In ${count(choices.length, 'step')} of ${size} (${known}):`, ''),
    ...choices.map((choice, at) => {
      const isLast = at === choices.length - 1;
      const words = describeChoice(parseChoice(choice));
      return `${String(at + 1).padStart(3)}. ${words}${isLast ? ', and the ordering does not come back' : ''}`;
    }),
  ];
}

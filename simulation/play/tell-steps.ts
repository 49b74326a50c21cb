import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { EventLog } from '../../core/records/event-log.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import type { Choice } from '../choices/choice.ts';
import type { ChosenSetup } from '../choices/chosen-setup.ts';
import { EventRecorder } from '../observers/event-recorder.ts';
import { describeChoice } from './describe-choice.ts';
import { PlayedGame, type StepReport } from './played-game.ts';
import type { Effect } from './step-effects.ts';

/**
 * Each step of a schedule in words, with what came of it, such as `packet 1 (0>1) arrives: data(0,0); peer 1
 * DELIVERS (0,0)`.
 */
export function tellSteps(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
): string[] {
  const game = new PlayedGame(entry, setup);
  return choices.map((choice) => {
    const report = game.take(choice);
    return [describeStepTaken(report), ...worthTelling(report).map(describeEffect)].join('; ');
  });
}

/** What happened in a schedule, to be drawn. */
export function recordSchedule(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
): readonly EventLog[] {
  const recorder = new EventRecorder(setup.peers);
  const run = beginChosenRun(entry, setup, recorder);
  for (const choice of choices) run.take(choice);
  return recorder.logs;
}

/** A step by the number of its packet, as somebody typed it. */
export function describeStepTaken({ choice, packet, lateUs }: StepReport): string {
  const late = lateUs === 0 ? '' : `, ${lateUs / 1_000} ms late`;
  if (packet === null) return `${describeChoice(choice)}${late}`;
  const { number, from, to, text } = packet;
  const became = { deliver: 'arrives', lose: 'is lost', repeat: 'is repeated' } as const;
  const act = became[choice.act as keyof typeof became];
  return `packet ${number} (${from}>${to}) ${act}: ${text}`;
}

/** What came of a step, without what the step itself says. */
export function worthTelling({ choice, effects }: StepReport): readonly Effect[] {
  const said = { lose: 'loses', crash: 'crashes' }[choice.act as string] ?? '';
  const silent = new Set(['multicasts', 'gets', said]);
  return effects.filter(({ what }) => !silent.has(what));
}

export function describeEffect({ member, what, text }: Effect): string {
  const words = what === 'delivers' ? 'DELIVERS' : what;
  return `peer ${member} ${words}${text === '' ? '' : ` ${text}`}`;
}

import { basename } from 'node:path';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Choice } from '../../simulation/choices/choice.ts';
import { choicesToRest } from '../../simulation/choices/shortest/kind-ending.ts';
import type { ChosenSetup } from '../../simulation/choices/chosen-setup.ts';
import {
  isSchedule,
  readSchedule,
  type RecordedSchedule,
} from '../../simulation/choices/recorded-schedule.ts';
import { validateScenario } from '../../simulation/run/validate-scenario.ts';
import { PlayedGame } from '../../simulation/play/played-game.ts';
import { recordChoices, setupOfScenario } from '../../simulation/play/record-choices.ts';
import {
  nameInSchedule,
  openSource,
  type OrderingSource,
  SIMULATED_MEMBERS,
} from '../ordering/ordering-source.ts';
import { count, wrap } from '../render/table.ts';
import { Failure, messageOf } from '../shell/failure.ts';
import { readNamedFile } from '../shell/read-named-file.ts';
import { shellWord } from '../shell/shell-word.ts';
import { readScenarioFile } from '../simulate/scenario-file.ts';

/** What a game is begun with: plain data, so that it can be handed to a worker thread. */
export interface GameOrigin {
  /** The source of the ordering; `null` where the file says it. */
  readonly source: OrderingSource | null;
  /** A file with a game, or with a scenario of `mpcomm check` or `mpcomm simulate`; `null` for none. */
  readonly from: string | null;
  /** The setup of a game that is begun anew, where no file is opened. */
  readonly setup: ChosenSetup;
}

export interface OpenedGame {
  readonly game: PlayedGame;
  /** How the ordering is named in a file: as it was typed, or `''` for a program. */
  readonly ordering: string;
  /** A line about where the game comes from, with its line feed; empty where there is nothing to say. */
  readonly introduction: string;
}

/** Opens a game, or begins one. Throws `Failure`, which says what is wrong and allowed. */
export async function openGame(origin: GameOrigin): Promise<OpenedGame> {
  const { source, from, setup } = origin;
  if (from === null) {
    if (source === null) throw new Failure('play needs an ordering: mpcomm play lamport');
    const { entry, ordering } = await openEntry(source);
    return { game: beginGame(entry, setup), ordering, introduction: '' };
  }
  const text = await readNamedFile(from);
  return isGame(text) ? openSchedule(from, text, source) : openScenario(from, source);
}

async function openSchedule(
  from: string,
  text: string,
  given: OrderingSource | null,
): Promise<OpenedGame> {
  const schedule = attempt(() => readSchedule(text), `${from} is no game: `);
  const source = given ?? (schedule.ordering === '' ? null : { ordering: schedule.ordering });
  if (source === null) {
    throw new Failure(
      `${from} does not say with which ordering: mpcomm play ORDERING --from ${shellWord(from)}, or with --exec COMMAND`,
    );
  }
  const { entry, ordering } = await openEntry(source);
  const game = beginGame(entry, schedule.setup);
  const problem = game.load(schedule.choices);
  const steps = count(schedule.choices.length, 'step');
  const told =
    problem === null
      ? `${steps} of ${from}.`
      : `${from} has ${steps}; ${problem}: opened as far as that.`;
  const other = describeOther(schedule, given);
  return { game, ordering, introduction: introduce(`${told}${other}`, game) };
}

/** That a game was played with another ordering, as far as the names tell; empty otherwise. */
function describeOther({ ordering }: RecordedSchedule, given: OrderingSource | null): string {
  if (given === null || ordering === '') return '';
  const name = 'exec' in given ? given.exec : given.ordering;
  return basename(name) === basename(ordering) ? '' : ` They were played with ${ordering}.`;
}

/** A run of the timed simulator becomes a game of the same steps, with what the members' clocks read. */
async function openScenario(from: string, source: OrderingSource | null): Promise<OpenedGame> {
  const scenario = await readScenarioFile(from);
  if (source === null) {
    throw new Failure(
      `${from} is a scenario, which does not say of which ordering: mpcomm play ORDERING --from ${shellWord(from)}`,
    );
  }
  attempt(() => validateScenario(scenario), `${from} cannot be run: `);
  const { entry, ordering } = await openEntry(source);
  const setup = setupOfScenario(entry, scenario);
  const { choices, departs } = recordChoices(entry.create, scenario, setup);
  const game = beginGame(entry, setup);
  game.load(choices);
  const steps = `The ${count(choices.length, 'step')} of the timed run in ${from}`;
  const told =
    departs === null
      ? `${steps}, all of it: everybody does the same here, at the same time of its own clock.`
      : `${steps}, of which not all can be played: ${departs}. From there on it is another run.`;
  const open =
    choicesToRest(entry, game.run) === 0
      ? ''
      : ' Something is still to happen at its end, so that what is missing there is not judged: auto goes on.';
  return { game, ordering, introduction: introduce(told + open, game) };
}

function introduce(told: string, { choices }: PlayedGame): string {
  const way = choices.length === 0 ? '' : ' "back all" goes to its beginning, redo forwards again.';
  return `${wrap(told + way, '')}\n\n`;
}

function beginGame(entry: OrderingEntry, setup: ChosenSetup): PlayedGame {
  return attempt(() => new PlayedGame(entry, setup), 'that cannot be played: ');
}

/** Goes on from choices that were made in another process, such as one that was ended. */
export function resumeGame({ game, ...rest }: OpenedGame, choices: readonly Choice[]): OpenedGame {
  const again = new PlayedGame(game.entry, game.setup);
  again.load(choices);
  return { ...rest, game: again };
}

async function openEntry(
  source: OrderingSource,
): Promise<{ entry: OrderingEntry; ordering: string }> {
  const entry = await openSource(source, { members: SIMULATED_MEMBERS });
  return { entry, ordering: nameInSchedule(source) };
}

function isGame(text: string): boolean {
  try {
    return isSchedule(JSON.parse(text));
  } catch {
    // Whoever reads it as a scenario says what is wrong with it.
    return false;
  }
}

function attempt<T>(action: () => T, prefix: string): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(prefix + messageOf(error), { cause: error });
  }
}

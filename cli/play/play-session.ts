import { choicesToRest } from '../../simulation/choices/shortest/kind-ending.ts';
import { TIMERS_EACH_MIN, TIMERS_US_MIN } from '../../simulation/choices/shortest/last-timers.ts';
import { type Choice, formatChoice } from '../../simulation/choices/choice.ts';
import { writeSchedule } from '../../simulation/choices/recorded-schedule.ts';
import {
  AUTO_STEPS_MAX,
  type AutoGoal,
  isReached,
  kindChoice,
  whyNever,
} from '../../simulation/play/auto-play.ts';
import { isOrderingFault } from '../../simulation/check/judge.ts';
import { describeChoice } from '../../simulation/play/describe-choice.ts';
import type { PlayedGame } from '../../simulation/play/played-game.ts';
import { count, wrap } from '../render/table.ts';
import { messageOf } from '../shell/failure.ts';
import type { Paint } from '../shell/terminal.ts';
import { assertGoal, describeLack, tellReached } from './auto-words.ts';
import { stepsOf, type TypedStep, whyImpossible } from './choices-of-command.ts';
import { renderHelp } from './help-text.ts';
import { drawGame, tellGame } from './picture-of-game.ts';
import { parsePlayCommand, type PlayCommand } from './play-words.ts';
import { whatMayHappen } from './what-may-happen.ts';
import {
  renderFailures,
  renderJudgement,
  renderSentMeanwhile,
  renderState,
  renderStep,
} from './render-game.ts';

/** What a line came to. */
export interface Reply {
  /** The answer for the person; empty where there is none. */
  readonly text: string;
  /** Something to be written, by whoever has files; `file` is `null` where it was not said which. */
  readonly written: {
    readonly file: string | null;
    readonly text: string;
    readonly ending: string;
  } | null;
  /** Whether the game is left. */
  readonly isOver: boolean;
  /** The game as it stands, from which it can be begun again there. */
  readonly choices: readonly string[];
  /** Whether a guarantee that the ordering declares is broken, or it threw. */
  readonly isBroken: boolean;
}

/** More steps of one command are told in one line each. */
const TOLD_IN_FULL_MAX = 3;
/** The most steps of one command that are told one by one. */
const TOLD_MAX = 40;

/** A game that is played by lines of text, without a terminal: a line in, a text out. */
export class PlaySession {
  readonly #game: PlayedGame;
  readonly #paint: Paint;
  /** How the ordering was named, for whoever opens the game again. */
  readonly #ordering: string;
  #isOver = false;
  #written: Reply['written'] = null;

  constructor(game: PlayedGame, ordering: string, paint: Paint) {
    this.#game = game;
    this.#ordering = ordering;
    this.#paint = paint;
  }

  /** What the table looks like, for the beginning. */
  begin(introduction: string): Reply {
    return this.#reply(`${introduction}${renderState(this.#game, this.#paint)}`);
  }

  /** Does what a line says. Never throws for what somebody typed: then the text says what is allowed. */
  obey(line: string): Reply {
    try {
      return this.#reply(this.#perform(parsePlayCommand(line)));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.#reply(wrap(`Not done: ${messageOf(error)}.`, ''));
    }
  }

  #reply(text: string): Reply {
    const written = this.#written;
    this.#written = null;
    const { broken, choices, run } = this.#game;
    const isBroken =
      broken.some(({ isPromised }) => isPromised) || run.failures.some(isOrderingFault);
    return { text, written, isOver: this.#isOver, choices: choices.map(formatChoice), isBroken };
  }

  #perform(command: PlayCommand): string {
    const game = this.#game;
    const steps = stepsOf(game.run, command);
    if (steps !== null) return this.#takeAll(steps);
    switch (command.do) {
      case 'state':
        return renderState(game, this.#paint);
      case 'back':
        return this.#back(command.steps);
      case 'redo':
        return this.#redo(command.steps);
      case 'auto':
        return this.#auto(command.goal);
      case 'judge':
        return this.#judge();
      case 'steps':
        return game.choices
          .map((choice, step) => `${step + 1}. ${formatChoice(choice)}`)
          .join('\n');
      case 'story':
        return tellGame(game);
      case 'save':
        this.#written = { file: command.file, text: this.#schedule(), ending: '.json' };
        return '';
      case 'svg':
        this.#written = { file: command.file, text: drawGame(game), ending: '.svg' };
        return '';
      case 'help':
        return renderHelp(command.about);
      case 'quit':
        this.#isOver = true;
        return '';
      default:
        return '';
    }
  }

  /** One step after the other, up to the first that is not possible. */
  #takeAll(steps: readonly TypedStep[]): string {
    const told: string[] = [];
    const isShort = steps.length > TOLD_IN_FULL_MAX;
    const seen = new Set([...this.#game.run.packets].map(({ name }) => name));
    for (const step of steps) {
      const { text, isTaken } = this.#takeIfPossible(step, isShort);
      told.push(text);
      if (!isTaken) break;
    }
    if (isShort) {
      told.push(...renderSentMeanwhile(this.#game, ({ name }) => !seen.has(name)));
    }
    return told.join('\n');
  }

  #takeIfPossible(step: TypedStep, isShort: boolean): { text: string; isTaken: boolean } {
    const { run } = this.#game;
    try {
      const choice = step(run);
      if (run.allows(choice)) return { text: this.#take(choice, isShort), isTaken: true };
      const why = `${formatChoice(choice)}: ${whyImpossible(run, choice)}`;
      return { text: wrap(`Not done: ${why}.`, ''), isTaken: false };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { text: wrap(`Not done: ${messageOf(error)}.`, ''), isTaken: false };
    }
  }

  #take(choice: Choice, isShort: boolean): string {
    return renderStep(this.#game, this.#game.take(choice), { isShort }, this.#paint);
  }

  #back(steps: number): string {
    const game = this.#game;
    const before = game.choices.length;
    if (before === 0) return 'Not done: nothing was done yet that could be taken back.';
    game.backTo(Math.max(0, before - steps));
    const taken = before - game.choices.length;
    const last = game.choices.at(-1);
    const where =
      last === undefined
        ? 'the beginning'
        : `step ${game.choices.length} (${describeChoice(last)})`;
    const again = taken === 1 ? 'redo takes it again' : 'redo takes them again (redo all)';
    return wrap(`${count(taken, 'step')} back, to ${where}. ${again}.`, '');
  }

  #redo(steps: number): string {
    const game = this.#game;
    const taken = Math.min(steps, game.undoneSteps);
    if (game.undoneSteps === 0) {
      return 'Not done: nothing was taken back that could be taken again.';
    }
    const isShort = taken > TOLD_IN_FULL_MAX;
    const told = Array.from({ length: taken }, () => {
      return renderStep(game, game.redo()!, { isShort }, this.#paint);
    });
    return tell(told, null);
  }

  #auto(goal: AutoGoal): string {
    assertGoal(this.#game.run, goal);
    const told: string[] = [];
    let steps = 0;
    while (!isReached(this.#game.run, goal, steps, this.#game.broken)) {
      const { run } = this.#game;
      const after = `after ${count(steps, 'step')}`;
      const never = whyNever(run, goal);
      if (never !== null) return tell(told, wrap(`Given up ${after}: ${never}.`, ''));
      const choice = kindChoice(run, goal);
      if (choice === null) {
        return tell(told, wrap(`Nothing is left to happen, ${after}${describeLack(goal)}.`, ''));
      }
      if (steps === AUTO_STEPS_MAX) {
        return tell(told, `Given up ${after}: it may never come to that.`);
      }
      told.push(this.#take(choice, true));
      steps += 1;
    }
    if (steps === 0 && goal.until === 'quiet') return this.#describeNoArrival();
    return tell(told, tellReached(this.#game, goal, steps));
  }

  /** Why `auto` does nothing, and what may be done instead. */
  #describeNoArrival(): string {
    const possible = whatMayHappen(this.#game.run);
    const next = possible.length === 0 ? '' : `; what may be done: ${possible.join('; ')}`;
    return wrap(`Nothing is under way that can arrive${next}.`, '');
  }

  #judge(): string {
    const { broken, run, entry } = this.#game;
    const isAtRest = choicesToRest(entry, run) === 0;
    const open = run.isQuiet
      ? 'Nothing is left to happen, so that this is all there is to say.'
      : isAtRest
        ? `Only timers are left. What is missing was judged after ${TIMERS_EACH_MIN} more of each peer and ${TIMERS_US_MIN / 1e6} s of its clock, in a game aside.`
        : `What is only known in the end (agreement, validity) is not judged yet. What may still happen: ${whatMayHappen(run).join('; ')}.`;
    const failures = renderFailures(this.#game, this.#paint);
    const judged = broken.length === 0 ? [] : renderJudgement(this.#game, this.#paint);
    const lines = failures.length + judged.length === 0 ? ['Nothing is broken.'] : judged;
    return [...failures, ...lines, wrap(open, '')].join('\n');
  }

  #schedule(): string {
    const { setup, choices, broken } = this.#game;
    const first = broken.find(({ isPromised }) => isPromised);
    const named = first === undefined ? {} : { broke: first.name, text: first.text };
    return writeSchedule({ ordering: this.#ordering, setup, choices, ...named });
  }
}

function tell(told: readonly string[], last: string | null): string {
  const left = told.length - TOLD_MAX;
  const end = last === null ? [] : [last];
  if (left <= 0) return [...told, ...end].join('\n');
  const half = TOLD_MAX / 2;
  const middle = `... ${count(left, 'step')} more (steps lists them all)`;
  return [...told.slice(0, half), middle, ...told.slice(-half), ...end].join('\n');
}

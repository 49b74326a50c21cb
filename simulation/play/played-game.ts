import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { type Choice, formatChoice } from '../choices/choice.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import type { ChosenSetup } from '../choices/chosen-setup.ts';
import { bothObservers } from '../observers/both-observers.ts';
import type { Observer } from '../observers/observer.ts';
import { type Game, goBackTo, takeChoice } from './game.ts';
import {
  type BrokenInGame,
  type BrokenName,
  brokenIn,
  type GameView,
  type TablePacket,
  viewRun,
} from './game-view.ts';
import { ReceivedMessages } from './received-messages.ts';
import { type Effect, EffectCollector } from './step-effects.ts';

/** What one step came to. */
export interface StepReport {
  readonly choice: Choice;
  /** How late the member is for the deadline that passes, in microseconds of its clock; 0 for any other step. */
  readonly lateUs: number;
  /** The packet that it is about; `null` for a step that is about none. */
  readonly packet: TablePacket | null;
  readonly effects: readonly Effect[];
  /** What came onto the table. */
  readonly sent: readonly TablePacket[];
  /** Guarantees that this step broke, and that held before it. */
  readonly broken: readonly BrokenSince[];
}

/** A guarantee that is broken now, and since which step, counted from 1; before that it held. */
export interface BrokenSince extends BrokenInGame {
  readonly step: number;
}

/**
 * A game that somebody plays step by step: the run as it stands, what was taken back, and since when what is
 * broken. Going back runs it again from the beginning, so that nothing need be undone.
 */
export class PlayedGame {
  readonly entry: OrderingEntry;
  readonly setup: ChosenSetup;
  #game: Game = { choices: [], undone: [] };
  #run: ChosenRun;
  #effects: EffectCollector;
  #received: ReceivedMessages;
  /** What is broken now, by name. */
  #broken: ReadonlyMap<BrokenName, BrokenSince> = new Map();

  /** @throws RangeError for a setup that cannot be played. */
  constructor(entry: OrderingEntry, setup: ChosenSetup) {
    this.entry = entry;
    this.setup = setup;
    [this.#run, this.#effects, this.#received] = this.#begin();
  }

  get run(): ChosenRun {
    return this.#run;
  }

  get choices(): readonly Choice[] {
    return this.#game.choices;
  }

  /** How many steps were taken back and can be taken again. */
  get undoneSteps(): number {
    return this.#game.undone.length;
  }

  /** What is broken, the earliest first. */
  get broken(): readonly BrokenSince[] {
    return [...this.#broken.values()].sort((a, b) => a.step - b.step);
  }

  view(): GameView {
    return viewRun(this.entry, this.#run);
  }

  /** Messages that a member has and did not deliver; in runs with packs, the first of each pack. */
  waitingAt(member: number): string[] {
    return this.#received.waitingAt(member);
  }

  /** @throws RangeError for a choice that is not possible now. */
  take(choice: Choice): StepReport {
    const step = this.#run.taken.length;
    const game = takeChoice(this.#game, choice);
    const name = 'packet' in choice ? choice.packet : null;
    const packet = this.view().packets.find((each) => each.name === name) ?? null;
    // The step as it was taken back, with its time, where the choice is the same.
    const taken = game.choices.at(-1)!;
    const lateUs = latenessOf(this.#run, taken);
    this.#run.take(taken);
    this.#game = game;
    const broken = this.#judge();
    const { packets } = this.view();
    const sentHere = new Set(
      [...this.#run.packets]
        .filter(({ sentInStep }) => sentInStep === step)
        .map(({ name }) => name),
    );
    const sent = packets.filter(({ name }) => sentHere.has(name));
    return { choice, lateUs, packet, effects: this.#effects.take(), sent, broken };
  }

  /** Takes back everything after the first `count` steps. */
  backTo(count: number): void {
    this.#game = goBackTo(this.#game, count);
    this.#replay();
  }

  /** Takes again what was taken back last; `null` where there is nothing of the kind. */
  redo(): StepReport | null {
    const [next] = this.#game.undone;
    return next === undefined ? null : this.take(next);
  }

  /**
   * Goes on with choices that somebody made before, up to the first that is not possible. Returns why that is
   * not possible, or `null`.
   */
  load(choices: readonly Choice[]): string | null {
    let problem: string | null = null;
    for (const choice of choices) {
      if (!this.#run.allows(choice)) {
        problem = `step ${this.#run.taken.length + 1}, "${formatChoice(choice)}", is not possible here`;
        break;
      }
      this.#run.take(choice);
      this.#game = takeChoice(this.#game, choice);
    }
    this.#effects.take();
    this.#judgeAll();
    return problem;
  }

  /** The same run once more before the eyes of `observer`. */
  again(observer: Observer): ChosenRun {
    const run = beginChosenRun(this.entry, this.setup, observer);
    for (const choice of this.choices) run.take(choice);
    return run;
  }

  #begin(): [ChosenRun, EffectCollector, ReceivedMessages] {
    const effects = new EffectCollector(this.entry.describe);
    const received = new ReceivedMessages(this.setup.peers);
    const observer = bothObservers(effects, received);
    return [beginChosenRun(this.entry, this.setup, observer), effects, received];
  }

  #replay(): void {
    const { choices } = this.#game;
    [this.#run, this.#effects, this.#received] = this.#begin();
    for (const choice of choices) this.#run.take(choice);
    this.#effects.take();
    this.#broken = new Map([...this.#broken].filter(([, { step }]) => step <= choices.length));
    this.#judge();
  }

  /** Judges the run as it is now; gives what has not been broken before. */
  #judge(): BrokenSince[] {
    const step = this.#run.taken.length;
    const before = this.#broken;
    const now = this.#brokenAfter(step).map((broken): BrokenSince => {
      return { ...broken, step: before.get(broken.name)?.step ?? step };
    });
    this.#broken = new Map(now.map((broken) => [broken.name, broken]));
    return now.filter(({ name }) => !before.has(name));
  }

  /**
   * Finds the step that broke each guarantee: once broken, a guarantee stays broken, so that a binary search
   * is enough.
   */
  #judgeAll(): void {
    this.#broken = new Map();
    const namesAt = new Map<number, ReadonlySet<BrokenName>>();
    const isBrokenAt = (name: BrokenName, count: number): boolean => {
      const known =
        namesAt.get(count) ?? new Set(this.#brokenAfter(count).map((each) => each.name));
      namesAt.set(count, known);
      return known.has(name);
    };
    const now = this.#brokenAfter(this.choices.length).map((broken): BrokenSince => {
      let [held, isBroken] = [0, this.choices.length];
      while (isBroken - held > 1) {
        const middle = Math.floor((held + isBroken) / 2);
        if (isBrokenAt(broken.name, middle)) isBroken = middle;
        else held = middle;
      }
      return { ...broken, step: isBroken };
    });
    this.#broken = new Map(now.map((broken) => [broken.name, broken]));
  }

  #brokenAfter(count: number): BrokenInGame[] {
    const again = (): ChosenRun => {
      const run = beginChosenRun(this.entry, this.setup);
      for (const choice of this.choices.slice(0, count)) run.take(choice);
      return run;
    };
    const run = count === this.#run.taken.length ? this.#run : again();
    return brokenIn(this.entry, run, again);
  }
}

function latenessOf(run: ChosenRun, choice: Choice): number {
  if (choice.act !== 'fire' || choice.atUs === undefined) return 0;
  return Math.max(0, choice.atUs - Math.ceil(run.deadlineOf(choice.member)));
}

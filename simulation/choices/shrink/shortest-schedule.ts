import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { FindingName } from '../../check/finding.ts';
import type { Act, Choice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';
import type { ChosenSetup } from '../chosen-setup.ts';
import { beginChosenRun } from '../begin-chosen-run.ts';
import { memberOf } from '../search-space.ts';
import { breaks, eventsOf } from './loose-replay.ts';

/** What a search for a shorter schedule came to. */
export interface ShortestSchedule {
  /** The shortest that breaks it; the known one where none shorter was found. */
  readonly choices: readonly Choice[];
  /** Every schedule of fewer steps was tried, though none in which a member is late for a deadline. */
  readonly isShortest: boolean;
}

/** Acts of the network and of members that are faults: no more of them are tried than the known schedule has. */
const FAULTS: readonly Act[] = ['lose', 'repeat', 'crash', 'pause', 'resume', 'cut', 'heal'];

/**
 * Tries schedules of one step, of two, and so on (iterative deepening, Korf 1985), up to one that
 * breaks `name`, or until all that are shorter than `known` were tried, or the limit of steps is
 * reached. Only schedules with the same kinds of steps as `known` are tried, with at most its number of
 * deadlines, losses, crashes and so on.
 *
 * Two steps of different members of which the later one is not the arrival of what the earlier one sent
 * could change places unnoticed; only the order in which the lower member comes first is tried (the
 * lexicographic normal form of a trace, Anisimov and Knuth 1979). For integrity both orders are tried,
 * since it counts whether a message was multicast before it is delivered, wherever that happens.
 */
export function shortestSchedule(
  entry: OrderingEntry,
  setup: ChosenSetup,
  known: readonly Choice[],
  name: FindingName,
  stepsMax: number,
): ShortestSchedule {
  const search = new Deepening(entry, setup, known, name, stepsMax);
  for (let length = 1; length < known.length; length += 1) {
    const found = search.ofLength(length);
    if (found !== null) return { choices: found, isShortest: true };
    if (search.isExhausted) return { choices: known, isShortest: false };
  }
  return { choices: known, isShortest: true };
}

class Deepening {
  readonly #entry: OrderingEntry;
  readonly #setup: ChosenSetup;
  readonly #name: FindingName;
  readonly #stepsMax: number;
  /** How often each act may come. */
  readonly #allowed = new Map<Act, number>();
  #steps = 0;

  constructor(
    entry: OrderingEntry,
    setup: ChosenSetup,
    known: readonly Choice[],
    name: FindingName,
    stepsMax: number,
  ) {
    this.#entry = entry;
    this.#setup = setup;
    this.#name = name;
    this.#stepsMax = stepsMax;
    for (const { act } of known) this.#allowed.set(act, (this.#allowed.get(act) ?? 0) + 1);
    for (const act of ['multicast', 'deliver'] as const) this.#allowed.set(act, Infinity);
  }

  get isExhausted(): boolean {
    return this.#steps >= this.#stepsMax;
  }

  /**
   * A schedule of `length` steps that breaks the guarantee; `null` where there is none, or the limit of steps
   * is reached.
   */
  ofLength(length: number): Choice[] | null {
    return this.#deepen([], beginChosenRun(this.#entry, this.#setup), length);
  }

  #deepen(path: readonly Choice[], run: ChosenRun, left: number): Choice[] | null {
    let here: ChosenRun | null = run;
    for (const choice of this.#choices(run, path)) {
      if (this.isExhausted) return null;
      const next = here ?? this.#replay(path);
      here = null;
      const before = eventsOf(next);
      next.take(choice);
      this.#steps += 1;
      const longer = [...path, choice];
      if (left > 1) {
        const found = this.#deepen(longer, next, left - 1);
        if (found !== null) return found;
      } else if (eventsOf(next) !== before && breaks(this.#entry, next, this.#name)) {
        return longer;
      }
    }
    return null;
  }

  #replay(path: readonly Choice[]): ChosenRun {
    const run = beginChosenRun(this.#entry, this.#setup);
    for (const choice of path) run.take(choice);
    this.#steps += path.length;
    return run;
  }

  /** What may come next: each is listed before any is taken, since taking one changes the run. */
  #choices(run: ChosenRun, path: readonly Choice[]): Choice[] {
    const last = path.at(-1);
    const step = path.length - 1;
    return [...run.enabledSteps(), ...this.#faults(run)].filter((choice) => {
      const used = path.filter(({ act }) => act === choice.act).length;
      if (used >= (this.#allowed.get(choice.act) ?? 0)) return false;
      if (last === undefined || this.#name === 'integrity') return true;
      return !couldComeFirst(run, last, choice, step);
    });
  }

  #faults(run: ChosenRun): Choice[] {
    const wanted = FAULTS.filter((act) => this.#allowed.has(act));
    const choices: Choice[] = [];
    const members = [...run.members.keys()];
    for (const act of wanted) {
      if (act === 'lose' || act === 'repeat') {
        for (const { name } of run.packets) choices.push({ act, packet: name });
      } else if (act === 'cut' || act === 'heal') {
        for (const from of members) for (const to of members) choices.push({ act, from, to });
      } else if (act === 'crash') {
        for (const member of members) choices.push({ act, member }, ...midway(run, member));
      } else if (act === 'pause' || act === 'resume') {
        for (const member of members) choices.push({ act, member });
      }
    }
    return choices.filter((choice) => run.allows(choice));
  }
}

/** A crash in the middle of what a member does next, after none of its packets, one, and so on. */
function midway(run: ChosenRun, member: number): Choice[] {
  return Array.from(run.members, (_, sends): Choice => ({ act: 'crash', member, sends }));
}

/** Whether `next` could change places with `last`, the step of this number, and is to come first if it does. */
function couldComeFirst(run: ChosenRun, last: Choice, next: Choice, step: number): boolean {
  const [before, after] = [whereStepHappens(last), whereStepHappens(next)];
  if (before === null || after === null || after >= before) return false;
  if (next.act !== 'deliver') return true;
  return run.packets.get(next.packet)?.sentInStep !== step;
}

/** The member at which a step happens; `null` for what happens to the network, whose order always counts. */
function whereStepHappens(choice: Choice): number | null {
  return choice.act === 'deliver' || 'member' in choice ? memberOf(choice) : null;
}

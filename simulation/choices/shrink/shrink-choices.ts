import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { FindingName } from '../../check/finding.ts';
import { type Choice, withoutTime } from '../choice.ts';
import { beginChosenRun } from '../begin-chosen-run.ts';
import type { ChosenRun } from '../chosen-run.ts';
import type { ChosenSetup } from '../chosen-setup.ts';
import type { Aim } from '../shortest/shortest-schedule.ts';
import {
  breaks,
  type LooseSchedule,
  type LooseStep,
  replayLoosely,
  toLooseSchedule,
  upToTheBreak,
} from './loose-replay.ts';
import { searchForFewer, type TriedFewer } from './search-for-fewer.ts';

/** How much work may be done. */
export interface ShrinkChoicesLimits {
  /** Steps that are taken, in all schedules together that are tried while steps are left out. */
  readonly stepsMax: number;
  /** Steps that are taken in the search for a schedule that is shorter than what is left then. */
  readonly searchStepsMax: number;
}

/** A schedule of choices that breaks something, as short as could be found. */
export interface ShrunkSchedule {
  readonly setup: ChosenSetup;
  readonly choices: readonly Choice[];
  /** How many schedules were tried. */
  readonly attempts: number;
  /** Which schedules of fewer steps of the same kinds, with the same peers and messages, were tried: none breaks it. */
  readonly tried: TriedFewer;
}

/** The limits by default: a second or two of work. */
export const SHRINK_CHOICES_LIMITS: ShrinkChoicesLimits = {
  stepsMax: 500_000,
  searchStepsMax: 300_000,
};

/**
 * Leaves out of a schedule what it does not need to break `name`: what ends after the break, then members, messages,
 * payloads and packs, then steps, in halves, quarters and so on down to single ones (delta debugging, Zeller and
 * Hildebrandt, "Simplifying and isolating failure-inducing input", 2002). What is left has no step that can be
 * spared; but another way there may be shorter, so that in the end all shorter schedules are tried, as far as the
 * limits allow.
 *
 * `null` where the schedule does not break `name` in the first place; that is so for what is only known at the end
 * of a run, such as agreement.
 */
export function shrinkChoices(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
  name: FindingName,
  { stepsMax, searchStepsMax }: ShrinkChoicesLimits = SHRINK_CHOICES_LIMITS,
): ShrunkSchedule | null {
  const shrinking = new Shrinking(entry, name, stepsMax);
  if (!shrinking.begin(toLooseSchedule(entry, setup, choices))) return null;
  shrinking.run();
  const { smallest, attempts } = shrinking;
  const kept = smallest.steps.map(({ choice }) => choice);
  const begin = (): ChosenRun => beginChosenRun(entry, smallest.setup);
  const found = searchForFewer(begin, aimAt(entry, name), kept, searchStepsMax);
  return { setup: smallest.setup, attempts, ...found };
}

/** That `name` is broken. */
function aimAt(entry: OrderingEntry, name: FindingName): Aim {
  return { isReached: (run, isNews) => isNews && breaks(entry, run, name) };
}

class Shrinking {
  readonly #entry: OrderingEntry;
  readonly #name: FindingName;
  readonly #stepsMax: number;
  attempts = 0;
  #steps = 0;
  smallest!: LooseSchedule;

  constructor(entry: OrderingEntry, name: FindingName, stepsMax: number) {
    this.#entry = entry;
    this.#name = name;
    this.#stepsMax = stepsMax;
  }

  /** Returns whether there is anything to shrink. */
  begin(schedule: LooseSchedule): boolean {
    if (!this.#try(schedule)) return false;
    this.#cutOff();
    return true;
  }

  run(): void {
    for (let before = Infinity; this.#size < before && this.#mayGoOn;) {
      before = this.#size;
      this.#withoutMembers();
      this.#simplerSetups();
      this.#withoutSteps();
      this.#withoutTimes();
      this.#fewerMessages();
      this.#cutOff();
    }
  }

  get #mayGoOn(): boolean {
    return this.#steps < this.#stepsMax;
  }

  /** What counts first is the number of steps, and then how many members, messages and packs there are. */
  get #size(): number {
    const { setup, steps } = this.smallest;
    return steps.length * 100 + setup.peers + setup.messages + (setup.packs === true ? 1 : 0);
  }

  #try(candidate: LooseSchedule): boolean {
    this.attempts += 1;
    this.#steps += candidate.steps.length;
    const left = replayLoosely(this.#entry, candidate, this.#name);
    if (left === null) return false;
    this.smallest = left;
    return true;
  }

  /** Leaves out what comes after the break. */
  #cutOff(): void {
    this.smallest = upToTheBreak(this.#entry, this.smallest, this.#name);
  }

  /** Leaves out what the clocks read, which is seldom needed. */
  #withoutTimes(): void {
    const { setup, steps } = this.smallest;
    if (steps.every(({ choice }) => withoutTime(choice) === choice)) return;
    const untimed = steps.map(({ choice, says }) => ({ choice: withoutTime(choice), says }));
    this.#try({ setup, steps: untimed });
  }

  #withoutMembers(): void {
    for (let member = this.smallest.setup.peers - 1; member >= 0 && this.#mayGoOn; member -= 1) {
      const { setup, steps } = this.smallest;
      if (setup.peers <= 2) return;
      const left = steps.flatMap((step) => stepWithout(step, member));
      this.#try({ setup: { ...setup, peers: setup.peers - 1 }, steps: left });
    }
  }

  #simplerSetups(): void {
    const { setup, steps } = this.smallest;
    const { workload: _workload, ...plain } = setup;
    const { packs: _packs, ...unpacked } = plain;
    for (const simpler of [
      { ...unpacked, payloadBytes: 0 },
      unpacked,
      { ...plain, payloadBytes: 0 },
    ]) {
      if (JSON.stringify(simpler) === JSON.stringify(setup)) continue;
      if (this.#mayGoOn && this.#try({ setup: simpler, steps })) return;
    }
  }

  /** Each member may multicast as often as the busiest one does in the schedule. */
  #fewerMessages(): void {
    const { setup, steps } = this.smallest;
    const multicasts = new Array<number>(setup.peers).fill(0);
    for (const { choice } of steps) if (choice.act === 'multicast') multicasts[choice.member]! += 1;
    const messages = Math.max(1, ...multicasts);
    if (messages < setup.messages) this.#try({ setup: { ...setup, messages }, steps });
  }

  #withoutSteps(): void {
    for (let parts = 2; this.#mayGoOn;) {
      const { length } = this.smallest.steps;
      const size = Math.ceil(length / parts);
      if (this.#withoutOneOf(size)) parts = Math.max(2, parts - 1);
      else if (size <= 1) return;
      else parts = Math.min(length, parts * 2);
    }
  }

  /** Leaves out the last part of `size` steps that can be left out. */
  #withoutOneOf(size: number): boolean {
    const { setup, steps } = this.smallest;
    for (let end = steps.length; end > 0 && this.#mayGoOn; end -= size) {
      const left = [...steps.slice(0, Math.max(0, end - size)), ...steps.slice(end)];
      if (this.#try({ setup, steps: left })) return true;
    }
    return false;
  }
}

/**
 * The same step in a group without member `gone`, in which the members after it move up; none for a step of
 * `gone` itself.
 */
function stepWithout({ choice, says }: LooseStep, gone: number): LooseStep[] {
  const moved = (member: number): number => (member > gone ? member - 1 : member);
  if ('member' in choice) {
    return choice.member === gone
      ? []
      : [{ choice: { ...choice, member: moved(choice.member) }, says }];
  }
  if ('from' in choice) {
    const { from, to } = choice;
    if (from === gone || to === gone) return [];
    return [{ choice: { ...choice, from: moved(from), to: moved(to) }, says }];
  }
  const [, from, to, number] = /^(\d+)>(\d+)(#.*)$/.exec(choice.packet)!;
  if (Number(from) === gone || Number(to) === gone) return [];
  const path = `${moved(Number(from))}>${moved(Number(to))}`;
  const [, kind, sender, sequence] = says.split(' ');
  if (Number(sender) === gone) return [];
  return [
    {
      choice: { ...choice, packet: path + number! },
      says: `${path} ${kind} ${moved(Number(sender))} ${sequence}`,
    },
  ];
}

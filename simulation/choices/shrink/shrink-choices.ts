import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import type { Finding, FindingName } from '../../check/finding.ts';
import { type Choice, isTimed, messagesIn, withoutTime } from '../choice.ts';
import { beginChosenRun } from '../begin-chosen-run.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { type ChosenSetup, hasLink } from '../chosen-setup.ts';
import { aimAtFinding, findingIn } from '../shortest/aim-at-finding.ts';
import {
  type LooseSchedule,
  type LooseStep,
  replayLoosely,
  toLooseSchedule,
} from './loose-replay.ts';
import { searchForFewer, type TriedFewer } from './search-for-fewer.ts';
import { stepsWithoutBursts, stepsWithoutMember, stepsWithoutMessage } from './steps-without.ts';

/** Of more messages of each member than this, leaving out one after the other takes too long. */
const MESSAGES_ONE_BY_ONE_MAX = 8;

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
  /** What it breaks. */
  readonly finding: Finding;
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
 * What is missing at the end, such as agreement, is broken by a schedule at whose end nothing is left to happen but
 * deadlines, and which lacks it still when these had their time (kind-ending.ts). So whatever is left out, the rest is
 * played on until it is at rest, and what comes then is part of the schedule.
 *
 * `null` where the schedule does not break `name` in the first place.
 */
export function shrinkChoices(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
  name: FindingName,
  { stepsMax, searchStepsMax }: ShrinkChoicesLimits = SHRINK_CHOICES_LIMITS,
): ShrunkSchedule | null {
  const shrinking = new Shrinking(entry, name, stepsMax, toLooseSchedule(entry, setup, choices));
  if (!shrinking.begin()) return null;
  shrinking.run();
  const { smallest, attempts } = shrinking;
  const kept = smallest.steps.map(({ choice }) => choice);
  const begin = (): ChosenRun => beginChosenRun(entry, smallest.setup);
  const found = searchForFewer(begin, aimAtFinding(entry, name), kept, searchStepsMax);
  const run = begin();
  for (const choice of found.choices) run.take(choice);
  const finding = findingIn(entry, run, name);
  return finding && { setup: smallest.setup, attempts, finding, ...found };
}

class Shrinking {
  readonly #entry: OrderingEntry;
  readonly #name: FindingName;
  readonly #stepsMax: number;
  attempts = 0;
  #steps = 0;
  smallest: LooseSchedule;

  constructor(entry: OrderingEntry, name: FindingName, stepsMax: number, smallest: LooseSchedule) {
    this.#entry = entry;
    this.#name = name;
    this.#stepsMax = stepsMax;
    this.smallest = smallest;
  }

  /** Returns whether there is anything to shrink. */
  begin(): boolean {
    const whole = this.#replay(this.smallest);
    if (whole === null) return false;
    this.smallest = whole;
    this.#cutOff();
    return true;
  }

  run(): void {
    this.#untilNothingIsSpared();
    if (this.#onPlainChannels()) this.#untilNothingIsSpared();
  }

  #untilNothingIsSpared(): void {
    for (let before = null; before !== this.smallest && this.#mayGoOn;) {
      before = this.smallest;
      this.#withoutBursts();
      this.#withoutMembers();
      this.#simplerSetups();
      this.#withoutSteps();
      this.#withoutTimes();
      this.#withoutOneMessage();
      this.#fewerMessages();
      this.#cutOff();
    }
  }

  get #mayGoOn(): boolean {
    return this.#steps < this.#stepsMax;
  }

  #replay(candidate: LooseSchedule): LooseSchedule | null {
    this.attempts += 1;
    const { left, stepsTaken } = replayLoosely(this.#entry, candidate, this.#name);
    this.#steps += stepsTaken;
    return left;
  }

  /** Takes a candidate that breaks the same, and is smaller once it was played. */
  #try(candidate: LooseSchedule): boolean {
    const left = this.#replay(candidate);
    if (left === null || !isSmaller(left, this.smallest)) return false;
    this.smallest = left;
    return true;
  }

  /**
   * Leaves out what comes after the break. What is wrong stays wrong, so that halving finds where that was; of what is
   * missing at the end, it finds a beginning after which nothing more need go wrong.
   */
  #cutOff(): void {
    const { setup, steps } = this.smallest;
    let [held, isBroken] = [-1, steps.length];
    while (isBroken - held > 1 && this.#mayGoOn) {
      const middle = Math.floor((held + isBroken) / 2);
      const left = this.#replay({ setup, steps: steps.slice(0, middle) });
      if (left === null) {
        held = middle;
      } else {
        isBroken = middle;
        if (isSmaller(left, this.smallest)) this.smallest = left;
      }
    }
  }

  /** Leaves out what the clocks read, which is seldom needed: of all steps, or else of each that can do without. */
  #withoutTimes(): void {
    const { setup, steps } = this.smallest;
    const untimed = steps.map(({ choice, says }) => ({ choice: withoutTime(choice), says }));
    if (timesIn(steps) === 0 || this.#try({ setup, steps: untimed })) return;
    for (let index = steps.length - 1; index >= 0 && this.#mayGoOn; index -= 1) {
      const { setup: now, steps: left } = this.smallest;
      const step = untimed[index];
      if (left.length !== steps.length || step === undefined || !isTimed(left[index]!.choice))
        continue;
      this.#try({ setup: now, steps: left.with(index, step) });
    }
  }

  /** Each message in a step of its own, which may be left out without the others. */
  #withoutBursts(): void {
    const { setup, steps } = this.smallest;
    const apart = stepsWithoutBursts(steps);
    if (apart.length > steps.length) this.#try({ setup, steps: apart });
  }

  #withoutMembers(): void {
    for (let member = this.smallest.setup.peers - 1; member >= 0 && this.#mayGoOn; member -= 1) {
      const { setup, steps } = this.smallest;
      if (setup.peers <= 2) return;
      const left = stepsWithoutMember(steps, member);
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

  /** Without the reliable link and all that it sends, if that is not where it breaks. Whether that is smaller. */
  #onPlainChannels(): boolean {
    const { setup, steps } = this.smallest;
    if (setup.channels !== undefined || !hasLink(this.#entry)) return false;
    const { packs: _packs, ...unpacked } = setup;
    return this.#try({ setup: { ...unpacked, channels: 'reliable' }, steps });
  }

  /** Where what matters happens to a later message, the one before it can be spared, and each later one moves up. */
  #withoutOneMessage(): void {
    for (let gone = this.smallest.setup.messages - 1; gone >= 0 && this.#mayGoOn; gone -= 1) {
      const { setup, steps } = this.smallest;
      const { messages } = setup;
      if (messages < 2 || messages > MESSAGES_ONE_BY_ONE_MAX) return;
      const left = stepsWithoutMessage(steps, gone);
      this.#try({ setup: { ...setup, messages: messages - 1 }, steps: left });
    }
  }

  /** Each member may multicast as often as the busiest one does in the schedule, or half as often, or once less. */
  #fewerMessages(): void {
    const { setup, steps } = this.smallest;
    const multicasts = new Array<number>(setup.peers).fill(0);
    for (const { choice } of steps) {
      if (choice.act === 'multicast') multicasts[choice.member]! += messagesIn(choice);
    }
    const most = Math.max(1, ...multicasts);
    for (const messages of [1, Math.floor(most / 2), most - 1, most]) {
      if (messages < 1 || messages >= setup.messages || !this.#mayGoOn) continue;
      if (this.#try({ setup: { ...setup, messages }, steps })) return;
    }
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

/** What counts first is the number of steps, then how many members and messages there are, then how plain it is. */
function isSmaller(a: LooseSchedule, b: LooseSchedule): boolean {
  const [sizesA, sizesB] = [sizesOf(a), sizesOf(b)];
  const differs = sizesA.findIndex((size, index) => size !== sizesB[index]);
  return differs >= 0 && sizesA[differs]! < sizesB[differs]!;
}

function sizesOf({ setup, steps }: LooseSchedule): number[] {
  const { peers, messages, packs = false, payloadBytes = 0, workload, channels } = setup;
  const layers = [packs, workload !== undefined, payloadBytes > 0, channels === undefined];
  const length = lengthOf(steps);
  const bursts = length - steps.length;
  return [length, peers + messages, layers.filter(Boolean).length, timesIn(steps), bursts];
}

/** How many steps there are, each message of a burst being one. */
function lengthOf(steps: readonly LooseStep[]): number {
  return steps.reduce((sum, { choice }) => sum + Math.max(1, messagesIn(choice)), 0);
}

/** How many of them say a time. */
function timesIn(steps: readonly LooseStep[]): number {
  return lengthOf(steps.filter(({ choice }) => isTimed(choice)));
}

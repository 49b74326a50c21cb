import { Causality } from './causality.ts';
import { type Choice, formatChoice, parseChoice } from './choice.ts';
import type { ChosenRun } from './chosen-run.ts';
import {
  BEGINNING,
  beginSearchedRun,
  enabledWithin,
  EndlessScheduleError,
  memberOf,
  type SearchSpace,
  type SearchStart,
  type Sleep,
  sleepAfter,
  sleepOf,
} from './search-space.ts';

/** A schedule that was taken to its end, as its judge gets it. */
export interface FinishedSchedule {
  readonly run: ChosenRun;
  readonly causality: Causality;
}

/**
 * Where a search stands, as texts: another process that knows its space and its start can go on from there.
 */
export type SavedSearch = readonly SavedNode[];

interface SavedNode {
  readonly chosen: string;
  readonly backtrack: readonly string[];
  readonly sleep: readonly string[];
}

export interface SearchCounts {
  /** Schedules of which no two look the same to every member. */
  readonly schedules: number;
  /** Beginnings that were given up because every continuation of them had been seen. */
  readonly blocked: number;
  /** All steps that were taken, including those that only led back to where the search went on. */
  readonly steps: number;
}

/** What the search knows about one step of its present schedule. */
interface Node {
  /** The choices that were possible here. */
  readonly enabled: readonly Choice[];
  /** The choices that are to be explored here, or were, by their texts. */
  readonly backtrack: Map<string, Choice>;
  /** Choices that need not be explored here, or have been. */
  readonly sleep: Sleep;
  chosen: Choice;
}

/**
 * Every schedule of a space that differs in what some member can see, each once. Calls `onFinished` for each; when
 * that returns true the search ends there.
 *
 * @throws EndlessScheduleError for a schedule of more than `stepsMax` steps.
 */
export function searchSchedules(
  space: SearchSpace,
  onFinished: (schedule: FinishedSchedule) => boolean,
): SearchCounts {
  const search = new ScheduleSearch(space);
  for (let next = search.next(); next !== null; next = search.next()) {
    if (onFinished(next)) break;
  }
  return search.counts;
}

/**
 * A search that is asked for one schedule after the other, and can be put down in between.
 *
 * Two steps of different members commute unless one sends what the other receives, so that schedules which
 * differ only in the order of such steps are the same to every member (Mazurkiewicz 1977). The search runs
 * one schedule of each class: it takes any schedule, finds the arrivals that could also have come earlier at
 * their member (races), and goes back to where each could have been; choices already explored sleep until a
 * step of the same member wakes them. This is source-DPOR (Abdulla, Aronis, Jonsson and Sagonas, "Optimal
 * dynamic partial order reduction", POPL 2014, algorithm 1) after Godefroid's sleep sets (1996). It keeps
 * nothing but the schedule it is in, and runs from the beginning whenever it goes back.
 *
 * A search that begins after a prefix never goes back into it: whoever made the prefix explores everything else
 * that was possible there (split-schedules.ts).
 */
export class ScheduleSearch {
  readonly #space: SearchSpace;
  readonly #nodes: Node[] = [];
  readonly #prefixLength: number;
  readonly #causality: Causality;
  #run: ChosenRun;
  /** The choices that need not be explored where the first schedule begins; `null` after that schedule. */
  #first: Sleep | null;
  #schedules = 0;
  #blocked = 0;
  #steps = 0;

  /**
   * `saved` is what `save` returned for a search of the same space and start. @throws RangeError if it was of
   * another.
   */
  constructor(
    space: SearchSpace,
    start: SearchStart = BEGINNING,
    saved: SavedSearch | null = null,
  ) {
    this.#space = space;
    this.#causality = new Causality(space.scenario.peers);
    this.#run = beginSearchedRun(space);
    this.#prefixLength = start.prefix.length;
    for (const chosen of start.prefix)
      this.#push({ chosen, backtrack: new Map(), sleep: new Map() });
    for (const { chosen, backtrack, sleep } of saved ?? []) {
      this.#push({
        chosen: parseChoice(chosen),
        backtrack: new Map(backtrack.map((text) => [text, parseChoice(text)])),
        sleep: sleepOf(sleep.map(parseChoice)),
      });
    }
    this.#first = saved === null ? sleepOf(start.sleep) : null;
  }

  get counts(): SearchCounts {
    return { schedules: this.#schedules, blocked: this.#blocked, steps: this.#steps };
  }

  /** The next schedule; `null` when there is none. The result is valid until the next call. */
  next(): FinishedSchedule | null {
    let sleep = this.#first ?? this.#goBack();
    this.#first = null;
    for (; sleep !== null; sleep = this.#goBack()) {
      const isWhole = this.#toTheEnd(sleep);
      this.#findMissed();
      if (isWhole) {
        this.#schedules += 1;
        return { run: this.#run, causality: this.#causality };
      }
      this.#blocked += 1;
    }
    return null;
  }

  /** May be called once `next` has returned for the first time. */
  save(): SavedSearch {
    return this.#nodes.slice(this.#prefixLength).map(({ chosen, backtrack, sleep }) => ({
      chosen: formatChoice(chosen),
      backtrack: [...backtrack.keys()],
      sleep: [...sleep.keys()],
    }));
  }

  /** Takes steps until none is left; false when all that are left sleep. */
  #toTheEnd(sleepHere: Sleep): boolean {
    let sleep = sleepHere;
    for (;;) {
      const enabled = enabledWithin(this.#space, this.#run);
      const chosen = enabled.find((choice) => !sleep.has(formatChoice(choice)));
      if (chosen === undefined) return enabled.length === 0;
      const { stepsMax = Infinity } = this.#space;
      if (this.#nodes.length >= stepsMax) {
        throw new EndlessScheduleError(stepsMax, this.#run.taken);
      }
      const node = { enabled, backtrack: new Map<string, Choice>(), sleep, chosen };
      this.#explore(node, chosen);
      this.#nodes.push(node);
      sleep = this.#descend(node);
    }
  }

  /** Leads to the last step at which something is left to be explored; null when there is none. */
  #goBack(): Sleep | null {
    while (this.#nodes.length > this.#prefixLength) {
      const node = this.#nodes.at(-1)!;
      this.#causality.cut(this.#nodes.length - 1);
      node.sleep.set(formatChoice(node.chosen), memberOf(node.chosen));
      const next = [...node.backtrack].find(([text]) => !node.sleep.has(text));
      if (next !== undefined) {
        node.chosen = next[1];
        this.#replay();
        return this.#descend(node);
      }
      this.#nodes.pop();
    }
    return null;
  }

  /** Runs from the beginning to where the last node's choice is to be taken. */
  #replay(): void {
    this.#run = beginSearchedRun(this.#space);
    for (const { chosen } of this.#nodes.slice(0, -1)) this.#run.take(chosen);
    this.#steps += this.#nodes.length - 1;
  }

  /** Takes a step that was chosen before this search began. */
  #push(known: Omit<Node, 'enabled'>): void {
    const enabled = enabledWithin(this.#space, this.#run);
    const node = { ...known, enabled };
    this.#nodes.push(node);
    this.#take(node.chosen);
  }

  /** Notes that `choice` is to be explored at `node`, and with it whatever else its member could do there. */
  #explore(node: Node, choice: Choice): void {
    const member = memberOf(choice);
    for (const each of node.enabled) {
      if (memberOf(each) === member) node.backtrack.set(formatChoice(each), each);
    }
  }

  /** Takes the chosen step of the last node, and returns what sleeps after it. */
  #descend({ chosen, sleep }: Node): Sleep {
    this.#take(chosen);
    return sleepAfter(sleep, memberOf(chosen));
  }

  #take(choice: Choice): void {
    const member = memberOf(choice);
    const cause = this.#causality.causeOf(choice, this.#run.packets);
    const before = this.#causality.lastOf(member);
    this.#causality.push(member, cause);
    if (before !== null && cause !== null && !this.#areInLine(before, choice)) {
      this.#findRace(before, cause);
    }
    this.#run.take(choice);
    this.#steps += 1;
  }

  /** Whether `choice` is the arrival that comes after that of step `before` on one reliable channel. */
  #areInLine(before: number, choice: Choice): boolean {
    if (this.#space.channels !== 'reliable' || choice.act !== 'deliver') return false;
    const { chosen } = this.#nodes[before]!;
    return chosen.act === 'deliver' && pathOf(chosen.packet) === pathOf(choice.packet);
  }

  /**
   * The last step was caused by step `sent`, and `before` is the step before it at the same member. If
   * `before` did not happen before `sent`, the last step could have come first: then one of the steps that
   * lead to it is to be explored where `before` was taken. What was possible there already is explored
   * anyway.
   */
  #findRace(before: number, sent: number): void {
    if (before < this.#prefixLength || sent < before) return;
    if (this.#causality.isBefore(before, sent)) return;
    const node = this.#nodes[before]!;
    const first = this.#stepsThatLead(before).map((step) => this.#nodes[step]!.chosen);
    if (first.some((choice) => node.backtrack.has(formatChoice(choice)))) return;
    this.#explore(node, first[0]!);
  }

  /**
   * Finds races with packets that are still under way to members that stopped: each packet might have arrived
   * in the place of that member's last step, and no step of this schedule shows that.
   */
  #findMissed(): void {
    const { packets } = this.#run;
    for (const { name, to, sentInStep } of packets) {
      const last = this.#causality.lastOf(to);
      if (last === null || this.#run.isRunning(to)) continue;
      const arrival: Choice = { act: 'deliver', packet: name };
      if (!this.#areInLine(last, arrival)) this.#findRace(last, sentInStep);
    }
  }

  /**
   * The steps after `before` that did not happen after it, without those that happened after another one of
   * them (initials).
   */
  #stepsThatLead(before: number): number[] {
    const causality = this.#causality;
    const unaware: number[] = [];
    for (let step = before + 1; step < causality.length; step += 1) {
      if (!causality.isBefore(before, step)) unaware.push(step);
    }
    return unaware.filter((step) =>
      unaware.every((other) => other === step || !causality.isBefore(other, step)),
    );
  }
}

/** `0>1` of the packet `0>1#2`. */
function pathOf(packet: string): string {
  return packet.slice(0, packet.indexOf('#'));
}

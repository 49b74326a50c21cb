import type { Create } from '../../core/ordering.ts';
import type { Scenario } from '../scenario.ts';
import { Causality } from './causality.ts';
import { type Choice, formatChoice } from './choice.ts';
import { ChosenRun, type Fates } from './chosen-run.ts';

/** Which schedules there are. */
export interface SearchSpace {
  readonly create: Create;
  readonly scenario: Scenario;
  /** How many of its deadlines each member may see pass. */
  readonly deadlinesMax: number;
  /** Losses, repetitions and crashes, the same in every schedule of one search. */
  readonly fates?: Fates;
}

/** A schedule that cannot be continued, as it is handed to whoever judges it. */
export interface FinishedSchedule {
  readonly run: ChosenRun;
  readonly causality: Causality;
}

export interface SearchCounts {
  /** Schedules of which no two look the same to every member. */
  readonly schedules: number;
  /** Beginnings that were given up because each continuation is one that was seen. */
  readonly blocked: number;
  /** Steps that were taken, those included that only led back to where a search went on. */
  readonly steps: number;
}

/** Choices that need not be explored, by their text, and the member at which each is a step. */
type Sleep = Map<string, number>;

/** What is known of the search at one step of the schedule that it is in. */
interface Node {
  /** What could happen here. */
  readonly enabled: readonly Choice[];
  /** By its text, the choice that is to be explored here, or was. */
  readonly backtrack: Map<string, Choice>;
  /** Choices that need not be explored here, or have been. */
  readonly sleep: Sleep;
  chosen: Choice;
}

/**
 * Every schedule of a space that differs in what some member can see, each once.
 *
 * Two steps of different members commute unless one sends what the other receives, so that schedules which
 * differ only in the order of such steps are the same to every member (Mazurkiewicz 1977). The search runs
 * one schedule of each class: it takes any schedule, finds the arrivals that could also have come earlier at
 * their member (races), and goes back to where each could have been; choices already explored sleep until a
 * step of the same member wakes them. This is source-DPOR (Abdulla, Aronis, Jonsson and Sagonas, "Optimal
 * dynamic partial order reduction", POPL 2014, algorithm 1) after Godefroid's sleep sets (1996). It keeps
 * nothing but the schedule it is in, and runs from the beginning whenever it goes back.
 *
 * Calls `onFinished` for each; when that returns true the search ends there.
 */
export function searchSchedules(
  space: SearchSpace,
  onFinished: (schedule: FinishedSchedule) => boolean,
): SearchCounts {
  return new ScheduleSearch(space).run(onFinished);
}

class ScheduleSearch {
  readonly #space: SearchSpace;
  readonly #nodes: Node[] = [];
  readonly #causality: Causality;
  #run: ChosenRun;
  #schedules = 0;
  #blocked = 0;
  #steps = 0;

  constructor(space: SearchSpace) {
    this.#space = space;
    this.#causality = new Causality(space.scenario.peers);
    this.#run = this.#begin();
  }

  run(onFinished: (schedule: FinishedSchedule) => boolean): SearchCounts {
    let sleep: Sleep | null = new Map();
    while (sleep !== null) {
      if (this.#toTheEnd(sleep)) {
        this.#schedules += 1;
        if (onFinished({ run: this.#run, causality: this.#causality })) break;
      } else {
        this.#blocked += 1;
      }
      sleep = this.#goBack();
    }
    return { schedules: this.#schedules, blocked: this.#blocked, steps: this.#steps };
  }

  #begin(): ChosenRun {
    const { create, scenario, fates } = this.#space;
    return new ChosenRun(create, scenario, null, fates);
  }

  /** Takes steps until none is left; false when all that are left sleep. */
  #toTheEnd(sleepHere: Sleep): boolean {
    let sleep = sleepHere;
    for (;;) {
      const enabled = this.#enabled();
      const chosen = enabled.find((choice) => !sleep.has(formatChoice(choice)));
      if (chosen === undefined) return enabled.length === 0;
      const node = { enabled, backtrack: new Map<string, Choice>(), sleep, chosen };
      this.#explore(node, chosen);
      this.#nodes.push(node);
      sleep = this.#descend(node);
    }
  }

  /** Leads to the last step at which something is left to be explored; null when there is none. */
  #goBack(): Sleep | null {
    for (let node = this.#nodes.at(-1); node !== undefined; node = this.#nodes.at(-1)) {
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
    this.#run = this.#begin();
    for (const { chosen } of this.#nodes.slice(0, -1)) this.#run.take(chosen);
    this.#steps += this.#nodes.length - 1;
  }

  /** What may happen next, with at most `deadlinesMax` deadlines a member. */
  #enabled(): Choice[] {
    const { deadlinesMax } = this.#space;
    const { deadlinesOf } = this.#run;
    return this.#run
      .enabledSteps()
      .filter((choice) => choice.act !== 'fire' || deadlinesOf[choice.member]! < deadlinesMax);
  }

  /** Notes that `choice` is to be explored at `node`, and with it whatever else its member could do there. */
  #explore(node: Node, choice: Choice): void {
    const member = memberOf(choice);
    for (const each of node.enabled) {
      if (memberOf(each) === member) node.backtrack.set(formatChoice(each), each);
    }
  }

  /** Takes the chosen step of the last node, and gives what sleeps after it. */
  #descend({ chosen, sleep }: Node): Sleep {
    const member = memberOf(chosen);
    const sentInStep = chosen.act === 'deliver' ? this.#sentInStep(chosen.packet) : null;
    const before = this.#causality.lastOf(member);
    this.#causality.push(member, sentInStep);
    if (before !== null && sentInStep !== null) this.#findRace(before, sentInStep);
    this.#run.take(chosen);
    this.#steps += 1;
    return new Map([...sleep].filter(([, sleeper]) => sleeper !== member));
  }

  #sentInStep(name: string): number {
    return this.#run.packets.get(name)!.sentInStep;
  }

  /**
   * The last step is the arrival of what step `sent` sent, and `before` is the step before it at the same
   * member. If `sent` did not know of `before`, the packet could have arrived first: then one of the steps that
   * lead to that is to be explored where `before` was taken. What was under way there already is explored anyway.
   */
  #findRace(before: number, sent: number): void {
    if (sent < before || this.#causality.isBefore(before, sent)) return;
    const node = this.#nodes[before]!;
    const first = this.#stepsThatLead(before).map((step) => this.#nodes[step]!.chosen);
    if (first.some((choice) => node.backtrack.has(formatChoice(choice)))) return;
    this.#explore(node, first[0]!);
  }

  /** Steps after `before` that do not know of it, and of each other only what they do not need (initials). */
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

/** The member at which a step happens. */
function memberOf(choice: Choice): number {
  if ('member' in choice) return choice.member;
  if ('packet' in choice) return Number(/>(\d+)/.exec(choice.packet)![1]);
  return choice.to;
}

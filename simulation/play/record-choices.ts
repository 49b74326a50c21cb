import type { Message } from '../../core/message.ts';
import type { Create } from '../../core/ordering.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { type Choice, formatChoice, multicastOf } from '../choices/choice.ts';
import { ChosenRun } from '../choices/chosen-run.ts';
import { chosenScenario, type ChosenSetup } from '../choices/chosen-setup.ts';
import type { DropReason, Observer } from '../observers/observer.ts';
import { hasSameContent } from '../run/check-message.ts';
import { MemberClock } from '../run/member-clock.ts';
import type { Fault, Scenario } from '../scenario.ts';
import { simulate } from '../simulate.ts';

/** A run of the simulator as a game. */
export interface RecordedGame {
  readonly choices: readonly Choice[];
  /** Where the game stops being the run that it was recorded from, and why; `null` where it is the same to its end. */
  readonly departs: string | null;
}

/** The most choices that are recorded of a run that never comes to rest. */
const EVENTS_RECORDED_MAX = 200_000;

/** A packet of the timed run, by the name that it has in a game. */
interface NamedPacket {
  readonly name: string;
  readonly message: Message;
  readonly arrivesAtUs: number;
}

/** Writes a timed run down as the choices that make the same of it in a game. */
class ChoiceRecorder implements Observer {
  readonly choices: Choice[] = [];
  departs: string | null = null;
  readonly #scenario: Scenario;
  readonly #clocks: readonly MemberClock[];
  readonly #sent = new Map<string, number>();
  readonly #flying = new Map<string, NamedPacket[]>();
  /** By path, how many partitions cut it. */
  readonly #cuts = new Map<string, number>();
  /** By member: its last step, and how many packets it sent since that began. */
  readonly #lastStep: { choice: Choice | null; sends: number }[];
  /** How many messages of a burst, which is one step, are still to be told one by one. */
  #untold = 0;

  constructor(scenario: Scenario) {
    const { peers, faults } = scenario;
    this.#scenario = scenario;
    this.#clocks = Array.from({ length: peers }, (_, member) => new MemberClock(member, faults));
    this.#lastStep = Array.from({ length: peers }, () => ({ choice: null, sends: 0 }));
  }

  burst(atUs: number, member: number, count: number): void {
    this.#untold = count;
    this.#step(member, multicastOf(member, count, this.#read(member, atUs)));
  }

  multicast(atUs: number, member: number): void {
    if (this.#untold > 0) this.#untold -= 1;
    else this.#step(member, multicastOf(member, 1, this.#read(member, atUs)));
  }

  advance(atUs: number, member: number): void {
    this.#step(member, { act: 'fire', member, atUs: this.#read(member, atUs) });
  }

  arrive(atUs: number, from: number, to: number, message: Message): void {
    const packet = this.#take(`${from}>${to}`, message, atUs);
    if (packet !== null) this.#step(to, { act: 'deliver', packet, atUs: this.#read(to, atUs) });
  }

  /**
   * A crash in the middle of a step is written before that step, with the number of packets that were still
   * sent.
   */
  crash(atUs: number, member: number): void {
    const crashes = this.#scenario.faults.filter(
      (fault) => fault.kind === 'crash' && fault.member === member,
    );
    const isMidway = !crashes.some(
      (fault) => fault.kind === 'crash' && fault.afterSends === undefined && fault.atUs === atUs,
    );
    if (!isMidway) return this.#add({ act: 'crash', member });
    const { choice, sends } = this.#lastStep[member]!;
    if (this.departs !== null) return;
    const place = choice === null ? this.choices.length : this.choices.lastIndexOf(choice);
    this.choices.splice(place, 0, { act: 'crash', member, sends });
  }

  /**
   * A new process that the others refuse changes nothing. A game cannot repeat one that they take for the old
   * one.
   */
  restart(_atUs: number, member: number): void {
    const isAdmitted = this.#scenario.faults.some(
      (fault) => fault.kind === 'crash' && fault.member === member && fault.admitted === true,
    );
    if (!isAdmitted) return;
    this.departs ??= `peer ${member} is started again there, and taken for the one that crashed: no step of a game`;
  }

  pause(_atUs: number, member: number): void {
    this.#add({ act: 'pause', member });
  }

  resume(_atUs: number, member: number): void {
    this.#add({ act: 'resume', member });
  }

  send(_atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    const path = `${from}>${to}`;
    const number = this.#sent.get(path) ?? 0;
    this.#sent.set(path, number + 1);
    this.#lastStep[from]!.sends += 1;
    this.#put(path, { name: `${path}#${number}`, message, arrivesAtUs });
  }

  repeat(_atUs: number, from: number, to: number, message: Message, arrivesAtUs: number): void {
    const path = `${from}>${to}`;
    const original = `${path}#${(this.#sent.get(path) ?? 1) - 1}`;
    this.#add({ act: 'repeat', packet: original });
    this.#put(path, { name: `${original}+1`, message, arrivesAtUs });
  }

  drop(atUs: number, from: number, to: number, message: Message, reason: DropReason): void {
    if (reason === 'incarnation') return;
    const path = `${from}>${to}`;
    // What is lost is lost as it is sent. What a path that is cut takes in never comes onto the table of a game.
    if (reason === 'loss' || reason === 'partition') {
      const packet = this.#flying.get(path)!.pop()!.name;
      if (reason === 'loss') this.#add({ act: 'lose', packet });
      return;
    }
    const packet = this.#take(path, message, atUs);
    if (packet !== null) this.#add({ act: 'lose', packet });
  }

  pathFault(_atUs: number, fault: Fault, begins: boolean): void {
    if (fault.kind !== 'partition') return;
    for (const from of fault.from) {
      for (const to of fault.to) {
        this.#cut(from, to, begins);
        if (fault.symmetric) this.#cut(to, from, begins);
      }
    }
  }

  /** Where two partitions cut a path, it heals with the second one. */
  #cut(from: number, to: number, begins: boolean): void {
    if (from === to) return;
    const path = `${from}>${to}`;
    const before = this.#cuts.get(path) ?? 0;
    const after = before + (begins ? 1 : -1);
    this.#cuts.set(path, after);
    if (before === 0) this.#add({ act: 'cut', from, to });
    else if (after === 0) this.#add({ act: 'heal', from, to });
  }

  #read(member: number, atUs: number): number {
    return this.#clocks[member]!.read(atUs);
  }

  #step(member: number, choice: Choice): void {
    this.#lastStep[member] = { choice, sends: 0 };
    this.#add(choice);
  }

  #add(choice: Choice): void {
    if (this.departs === null) this.choices.push(choice);
  }

  #put(path: string, packet: NamedPacket): void {
    const flying = this.#flying.get(path);
    if (flying === undefined) this.#flying.set(path, [packet]);
    else flying.push(packet);
  }

  #take(path: string, message: Message, atUs: number): string | null {
    const flying = this.#flying.get(path) ?? [];
    const isDue = ({ arrivesAtUs }: NamedPacket): boolean => arrivesAtUs <= atUs;
    const itself = flying.findIndex((each) => each.message === message && isDue(each));
    const place =
      itself >= 0
        ? itself
        : flying.findIndex((each) => hasSameContent(each.message, message) && isDue(each));
    return place < 0 ? null : flying.splice(place, 1)[0]!.name;
  }
}

/**
 * A run of the simulator as a game with `setup`: the same steps at the same members in the same order, and at the
 * same times of their clocks, so that with the scenario's own seed and payloads everybody does the same. A step
 * that is not possible in the game is left out.
 */
export function recordChoices(
  create: Create,
  scenario: Scenario,
  setup: ChosenSetup = scenario,
): RecordedGame {
  const recorder = new ChoiceRecorder(scenario);
  const options = { eventsMax: EVENTS_RECORDED_MAX, strict: true };
  const { reason } = simulate(create, scenario, recorder, options);
  const run = new ChosenRun(create, chosenScenario(setup));
  let impossible: string | null = null;
  for (const choice of recorder.choices) {
    if (run.allows(choice)) run.take(choice);
    else impossible ??= `after step ${run.taken.length}, "${formatChoice(choice)}" is not possible`;
  }
  const stuck =
    reason === 'stuck' ? `only the first ${EVENTS_RECORDED_MAX} events are there` : null;
  return { choices: [...run.taken], departs: impossible ?? recorder.departs ?? stuck };
}

/**
 * The setup with which a run of `scenario` is played: with the same seed, payloads and packs every member
 * does the same.
 */
export function setupOfScenario(entry: OrderingEntry, scenario: Scenario): ChosenSetup {
  const { peers, messages, payloadBytes, workload, seed } = scenario;
  return {
    peers,
    messages,
    payloadBytes,
    ...(workload === undefined ? {} : { workload }),
    seed,
    ...(entry.createUnpacked === undefined ? {} : { packs: true }),
  };
}

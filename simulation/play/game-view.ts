import type { Observation } from '../../core/judge/comparison.ts';
import {
  type GuaranteeName,
  LIVENESS_GUARANTEES,
  SAFETY_GUARANTEES,
} from '../../core/guarantees.ts';
import { Kind } from '../../core/message.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import { judgeGuarantees, mayExpectCompleteness } from '../check/judge.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import { type Choice, formatChoice } from '../choices/choice.ts';
import type { ChosenRun } from '../choices/chosen-run.ts';
import type { ChosenSetup } from '../choices/chosen-setup.ts';
import { choicesToRest, missingForEver } from '../choices/shortest/kind-ending.ts';
import { describeMessage } from '../observers/trace.ts';
import type { MemberResult, SimulationResult } from '../simulation-result.ts';
import { describeBlockage } from './describe-blockage.ts';

/** A packet that lies on the table. */
export interface TablePacket {
  readonly name: string;
  /** Counts the packets that came onto the table in this run, from 1. A packet keeps its number. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
  readonly sender: number;
  readonly sequence: number;
  readonly isData: boolean;
  /** Everything that it says, in the words of a trace. */
  readonly text: string;
  readonly mayBeDelivered: boolean;
}

export interface GameMember {
  readonly log: readonly { readonly sender: number; readonly sequence: number }[];
  readonly held: number;
  /** What it waits for, in words; empty where it waits for nothing, or its ordering does not tell. */
  readonly waits: string;
  readonly state: 'running' | 'paused' | 'crashed' | 'failed';
  /** What its ordering threw; empty where it threw nothing. */
  readonly failure: string;
  /** The choices of which this member takes the step, and that are possible now. */
  readonly acts: readonly Choice[];
}

/** What a game is judged by: every guarantee, and that whoever lives delivers what those who live multicast. */
export type BrokenName = GuaranteeName | 'liveness';

/** What the run has broken for good, such as a guarantee: nothing that happens later mends it. */
export interface BrokenInGame {
  readonly name: BrokenName;
  readonly isPromised: boolean;
  readonly text: string;
  /** The deliveries that broke it, and what was not delivered. */
  readonly observations: readonly Observation[];
  /** The deliveries among them, as places in the logs of members, which the board marks. */
  readonly lit: readonly { readonly member: number; readonly position: number }[];
}

/** How the board looks after some choices: plain data. */
export interface GameView {
  readonly packets: readonly TablePacket[];
  readonly members: readonly GameMember[];
  readonly broken: readonly BrokenInGame[];
  readonly cuts: readonly string[];
  /**
   * Whether nothing is left to happen without a fault; then guarantees that are only known at the end were
   * judged as well.
   */
  readonly isOver: boolean;
  /**
   * How many of the choices could be taken. When not all could, the next one was impossible, and `problem`
   * says why.
   */
  readonly taken: number;
  readonly problem: string;
}

/** Replays `choices` and tells how the table looks then. */
export function viewGame(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
): GameView {
  const run = beginChosenRun(entry, setup);
  const problem = replay(run, choices);
  return viewRun(entry, run, problem);
}

/** How the table of a run looks now. */
export function viewRun(entry: OrderingEntry, run: ChosenRun, problem = ''): GameView {
  const result = run.result();
  return {
    packets: tablePackets(entry, run),
    members: result.members.map((each, member) => describeMember(entry, run, each, member)),
    broken: findBroken(entry, run, result),
    cuts: cutsOf(run),
    isOver: run.isQuiet,
    taken: run.taken.length,
    problem,
  };
}

function replay(run: ChosenRun, choices: readonly Choice[]): string {
  for (const choice of choices) {
    if (!run.allows(choice)) {
      return `step ${run.taken.length + 1}, "${formatChoice(choice)}", is not possible there`;
    }
    run.take(choice);
  }
  return '';
}

function tablePackets({ describe }: OrderingEntry, run: ChosenRun): TablePacket[] {
  return [...run.packets].map(({ name, number, from, to, message }) => ({
    name,
    number,
    from,
    to,
    sender: message.sender,
    sequence: message.sequence,
    isData: message.kind === Kind.data,
    text: describeMessage(message, describe?.(message) ?? null),
    mayBeDelivered: run.allows({ act: 'deliver', packet: name }),
  }));
}

function describeMember(
  { explain }: OrderingEntry,
  run: ChosenRun,
  result: MemberResult,
  member: number,
): GameMember {
  const { senders, sequences } = result.sequence;
  const error = result.failure?.error;
  const acts = ['multicast', 'fire', 'pause', 'resume', 'crash'] as const;
  return {
    log: Array.from(senders, (sender, position) => ({ sender, sequence: sequences[position]! })),
    held: run.members[member]!.held,
    waits: result.blockage === null ? '' : describeBlockage(result.blockage),
    state: stateOf(run, result, member),
    failure: error === undefined ? '' : (explain?.(error, true) ?? error.message),
    acts: acts.map((act) => ({ act, member })).filter((choice) => run.allows(choice)),
  };
}

function stateOf(run: ChosenRun, { failure }: MemberResult, member: number): GameMember['state'] {
  if (failure !== null) return 'failed';
  if (!run.isRunning(member)) return 'crashed';
  return run.allows({ act: 'resume', member }) ? 'paused' : 'running';
}

function cutsOf(run: ChosenRun): string[] {
  const { peers } = run.scenario;
  const cuts: string[] = [];
  for (let from = 0; from < peers; from += 1) {
    for (let to = 0; to < peers; to += 1) {
      if (from !== to && run.allows({ act: 'heal', from, to })) cuts.push(`${from}>${to}`);
    }
  }
  return cuts;
}

/**
 * Everything that the run has broken by now, whether or not the ordering promises it. What is missing at the end is told
 * once nothing is left to happen. Where timers are left, and nothing else, it is told of what stays missing when these
 * had their time (kind-ending.ts): `again` plays the same run once more for that, and without it this is not asked.
 */
export function brokenIn(
  entry: OrderingEntry,
  run: ChosenRun,
  again?: () => ChosenRun,
): BrokenInGame[] {
  return findBroken(entry, run, run.result(), again);
}

function findBroken(
  entry: OrderingEntry,
  run: ChosenRun,
  result: SimulationResult,
  again?: () => ChosenRun,
): BrokenInGame[] {
  const guarantees = judgeGuarantees(entry, run.scenario, result);
  const isPromised = (name: GuaranteeName): boolean => {
    if (!entry.guarantees.includes(name)) return false;
    return SAFETY_GUARANTEES.includes(name) || mayExpectCompleteness(entry, result);
  };
  const names = run.isQuiet ? [...SAFETY_GUARANTEES, ...LIVENESS_GUARANTEES] : SAFETY_GUARANTEES;
  const broken = names.flatMap((name): BrokenInGame[] => {
    const { held, counterexample } = guarantees[name];
    if (held !== false || counterexample === undefined) return [];
    return [litUp({ name, ...counterexample }, isPromised(name))];
  });
  return [...broken, ...missing(entry, run, again)];
}

/** What is missing for ever, and was promised. */
function missing(entry: OrderingEntry, run: ChosenRun, again?: () => ChosenRun): BrokenInGame[] {
  if (choicesToRest(entry, run) > 0) return [];
  const promised: BrokenName[] = entry.retransmits ? ['liveness'] : [];
  if (!run.isQuiet) promised.push(...LIVENESS_GUARANTEES.filter(isDeclaredBy(entry)));
  return promised.flatMap((name) => {
    // A run in which nothing is left to happen does not go on while it is judged.
    const judged = run.isQuiet ? run : again?.();
    const finding = judged === undefined ? null : missingForEver(entry, judged, name);
    return finding === null ? [] : [litUp({ ...finding, name }, true)];
  });
}

function isDeclaredBy({ guarantees }: OrderingEntry): (name: GuaranteeName) => boolean {
  return (name) => guarantees.includes(name);
}

function litUp(
  finding: Finding & { readonly name: BrokenName },
  isPromised: boolean,
): BrokenInGame {
  const lit = finding.observations.flatMap(({ peer, position }) =>
    position === null ? [] : [{ member: peer, position }],
  );
  return { ...finding, isPromised, lit };
}

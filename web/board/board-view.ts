import { compareDeliveries, type PeerLog } from '../../core/judge/comparison.ts';
import {
  type GuaranteeName,
  LIVENESS_GUARANTEES,
  SAFETY_GUARANTEES,
} from '../../core/guarantees.ts';
import { Kind } from '../../core/message.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import { type Choice, formatChoice } from '../../simulation/choices/choice.ts';
import { ChosenRun } from '../../simulation/choices/chosen-run.ts';
import { describeMessage } from '../../simulation/observers/trace.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import type { MemberResult } from '../../simulation/simulation-result.ts';
import { shownCreate } from '../shared/shown-create.ts';
import { describeBlockage } from '../shared/describe-blockage.ts';
import type { BoardSetup } from './board-state.ts';

/** A packet that lies on the table. */
export interface TablePacket {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly sender: number;
  readonly sequence: number;
  readonly isData: boolean;
  /** Everything that it says, in the words of a trace. */
  readonly text: string;
  readonly mayBeDelivered: boolean;
}

export interface BoardMember {
  readonly log: readonly { readonly sender: number; readonly sequence: number }[];
  readonly held: number;
  /** What it waits for, in words; empty for nothing, or where its ordering does not tell. */
  readonly waits: string;
  readonly state: 'running' | 'paused' | 'crashed' | 'failed';
  /** What its ordering threw; empty for nothing. */
  readonly failure: string;
  /** What it may be told to do now. */
  readonly acts: readonly Choice[];
}

/** A guarantee that the run has broken for good: nothing that happens later mends it. */
export interface BrokenOnBoard {
  readonly name: GuaranteeName;
  readonly isPromised: boolean;
  readonly text: string;
  /** The deliveries that broke it: places in the logs of members. */
  readonly lit: readonly { readonly member: number; readonly position: number }[];
}

/** How the board looks after some choices: plain data. */
export interface BoardView {
  readonly packets: readonly TablePacket[];
  readonly members: readonly BoardMember[];
  readonly broken: readonly BrokenOnBoard[];
  readonly cuts: readonly string[];
  /** How many choices could be taken; the next one was not possible when it is fewer than were asked for. */
  readonly taken: number;
  readonly problem: string;
}

/** Replays `choices` and tells how the board looks then. */
export function viewBoard(
  entry: OrderingEntry,
  setup: BoardSetup,
  choices: readonly Choice[],
): BoardView {
  const run = new ChosenRun(shownCreate(entry), boardScenario(setup));
  const problem = replay(run, choices);
  const { members } = run.result();
  return {
    packets: tablePackets(run),
    members: members.map((result, member) => describeMember(run, result, member)),
    broken: findBroken(entry, setup, run, members),
    cuts: cutsOf(run, setup.peers),
    taken: run.taken.length,
    problem,
  };
}

/** Times, delays and losses do not matter on the board: whoever plays decides. */
export function boardScenario({
  peers,
  messages,
}: Pick<BoardSetup, 'peers' | 'messages'>): Scenario {
  return {
    peers,
    messages,
    payloadBytes: 0,
    intervalUs: { min: 1_000, max: 1_000 },
    seed: 1,
    network: {
      delay: { kind: 'constant', us: 0 },
      loss: 0,
      burst: 1,
      repetition: 0,
      reordering: 0,
      reorderingUs: 0,
    },
    faults: [],
    endUs: 1_000_000,
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

function tablePackets(run: ChosenRun): TablePacket[] {
  return [...run.packets].map(({ name, from, to, message }) => ({
    name,
    from,
    to,
    sender: message.sender,
    sequence: message.sequence,
    isData: message.kind === Kind.data,
    text: describeMessage(message),
    mayBeDelivered: run.allows({ act: 'deliver', packet: name }),
  }));
}

function describeMember(run: ChosenRun, result: MemberResult, member: number): BoardMember {
  const { senders, sequences } = result.sequence;
  const acts = ['multicast', 'fire', 'pause', 'resume', 'crash'] as const;
  return {
    log: Array.from(senders, (sender, position) => ({ sender, sequence: sequences[position]! })),
    held: run.members[member]!.ordering.held,
    waits: result.blockage === null ? '' : describeBlockage(result.blockage),
    state: stateOf(run, result, member),
    failure: result.failure?.error.message ?? '',
    acts: acts.map((act) => ({ act, member })).filter((choice) => run.allows(choice)),
  };
}

function stateOf(run: ChosenRun, { failure }: MemberResult, member: number): BoardMember['state'] {
  if (failure !== null) return 'failed';
  if (!run.isRunning(member)) return 'crashed';
  return run.allows({ act: 'resume', member }) ? 'paused' : 'running';
}

function cutsOf(run: ChosenRun, peers: number): string[] {
  const cuts: string[] = [];
  for (let from = 0; from < peers; from += 1) {
    for (let to = 0; to < peers; to += 1) {
      if (from !== to && run.allows({ act: 'heal', from, to })) cuts.push(`${from}>${to}`);
    }
  }
  return cuts;
}

function findBroken(
  entry: OrderingEntry,
  { messages }: BoardSetup,
  run: ChosenRun,
  members: readonly MemberResult[],
): BrokenOnBoard[] {
  const { guarantees } = compareDeliveries(members.map(toPeerLog), messages);
  const isOver = run.enabledSteps().length === 0;
  // What is missing can be told only once nothing is under way any more and no timer runs.
  const names = isOver ? [...SAFETY_GUARANTEES, ...LIVENESS_GUARANTEES] : SAFETY_GUARANTEES;
  return names.flatMap((name): BrokenOnBoard[] => {
    const { held, counterexample } = guarantees[name];
    if (held !== false || counterexample === undefined) return [];
    const lit = counterexample.observations.flatMap(({ peer, position }) =>
      position === null ? [] : [{ member: peer, position }],
    );
    return [{ name, isPromised: entry.guarantees.includes(name), text: counterexample.text, lit }];
  });
}

function toPeerLog({ sequence, firstPremature, crashed }: MemberResult): PeerLog {
  return {
    sequence,
    multicasts: sequence.multicasts,
    multicastsNoted: true,
    contentsNoted: false,
    firstPremature,
    correct: !crashed,
    reportPlace: null,
  };
}

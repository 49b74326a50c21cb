import { LIMITS } from '../../control/limits.ts';
import { WORKLOADS } from '../../control/workload.ts';
import { type Choice, formatChoice, parseChoice } from '../../simulation/choices/choice.ts';
import {
  BRANCHES_MAX,
  type KeptBranch,
  nextBranchName,
  readBranches,
  sharedSteps,
  writeBranches,
} from './branch-link.ts';
import type { ChosenSetup } from '../../simulation/choices/chosen-setup.ts';
import { type Game, goBackTo, takeChoice } from '../../simulation/play/game.ts';

/** Who plays what: the same setup and the same choices are the same run, wherever they are replayed. */
export interface BoardSetup extends ChosenSetup {
  readonly ordering: string;
  /** The puzzle that is being solved; empty for a free game. */
  readonly puzzle: string;
}

/** A run that real peers recorded, as steps of a game. */
export interface RecordedRun {
  readonly runId: string;
  readonly setup: BoardSetup;
  readonly choices: readonly Choice[];
  /** Where the steps stop being the run, and why; `null` where they are all of it. */
  readonly departs: string | null;
}

/** A game on the board. It changes by the functions below and those of simulation/play/game.ts alone. */
export interface BoardState extends Game {
  readonly setup: BoardSetup;
  readonly branches: readonly KeptBranch[];
  /** The recorded run that the game begins with; `null` for a game from nothing. */
  readonly recorded: RecordedRun | null;
}

export const BOARD_LIMITS = {
  peers: { min: 2, max: 8 },
  messages: { min: 1, max: 20 },
  choicesMax: 1_000,
} as const;

export function beginBoard(setup: BoardSetup): BoardState {
  return { setup, choices: [], undone: [], branches: [], recorded: null };
}

/**
 * One more step, as long as a link can hold it. It takes the place of what is not possible: only the first `possible`
 * steps are, all of them unless something else is known.
 */
export function takeOnBoard(
  game: BoardState,
  choice: Choice,
  possible = game.choices.length,
): BoardState {
  const isWhole = possible >= game.choices.length;
  const state = isWhole ? game : { ...game, choices: game.choices.slice(0, possible), undone: [] };
  const own = state.choices.length - recordedSteps(state);
  return own >= BOARD_LIMITS.choicesMax ? state : takeChoice(state, choice);
}

/** Remembers how the game stands; of the oldest ones no more than there is room for. */
export function keepBranch(state: BoardState): BoardState {
  const name = nextBranchName(state.branches);
  const branches = [...state.branches, { name, choices: state.choices }];
  return { ...state, branches: branches.slice(-BRANCHES_MAX) };
}

/** Goes on from a branch that was kept. */
export function openBranch(state: BoardState, name: string): BoardState {
  const branch = state.branches.find((each) => each.name === name);
  return branch === undefined ? state : { ...state, choices: branch.choices, undone: [] };
}

export function dropBranch(state: BoardState, name: string): BoardState {
  return { ...state, branches: state.branches.filter((each) => each.name !== name) };
}

/**
 * What a link has to hold so that `readBoardLink` gives this game again, with its branches. Of a recorded run it
 * holds the name, how many of its steps were kept, and what was done instead of the others.
 */
export function writeBoardLink(state: BoardState): Record<string, string> {
  const { setup, choices, recorded } = state;
  const branches = writeBranches(state.branches, baseOf(state));
  if (recorded !== null) {
    const kept = recordedSteps(state);
    const isWhole = kept === recorded.choices.length;
    const moves = choices.slice(kept).map(formatChoice).join(';');
    return { run: recorded.runId, kept: isWhole ? '' : String(kept), moves, branches };
  }
  return {
    ordering: setup.ordering,
    peers: String(setup.peers),
    messages: String(setup.messages),
    puzzle: setup.puzzle,
    ...writeContents(setup),
    moves: choices.map(formatChoice).join(';'),
    branches,
  };
}

/** How many of the first steps are still those of the recorded run. */
function recordedSteps({ choices, recorded }: BoardState): number {
  return recorded === null ? 0 : sharedSteps(choices, recorded.choices);
}

/** The run of a laboratory that a link begins with; empty for a game from nothing. */
export function runOfLink(query: ReadonlyMap<string, string>): string {
  return query.get('run') ?? '';
}

/**
 * The game that a link holds; `orderings` are those that there are, the first one the default. `recorded`: the run
 * that the link names, where it names one.
 * @throws RangeError for a move that means nothing, with what is allowed.
 */
export function readBoardLink(
  query: ReadonlyMap<string, string>,
  orderings: readonly string[],
  recorded: RecordedRun | null = null,
): BoardState {
  const moves = (query.get('moves') ?? '').split(';').filter((text) => text !== '');
  const choices = moves.slice(0, BOARD_LIMITS.choicesMax).map(parseChoice);
  if (recorded !== null) {
    return withBranches(goOnFrom(recorded, query.get('kept'), choices), query);
  }
  const setup = {
    ordering: orderings.find((name) => name === query.get('ordering')) ?? orderings[0] ?? '',
    peers: within(query.get('peers'), BOARD_LIMITS.peers, 3),
    messages: within(query.get('messages'), BOARD_LIMITS.messages, 2),
    puzzle: query.get('puzzle') ?? '',
    ...readContents(query),
  };
  return withBranches({ ...beginBoard(setup), choices }, query);
}

type Contents = Pick<BoardSetup, 'seed' | 'payloadBytes' | 'workload'>;

/** What an ordering's random numbers and the contents of the messages come from, as far as it is not as by default. */
function writeContents({ seed = 1, payloadBytes = 0, workload }: Contents): Record<string, string> {
  return {
    seed: seed === 1 ? '' : String(seed),
    payload: payloadBytes === 0 ? '' : String(payloadBytes),
    workload: workload ?? '',
  };
}

function readContents(query: ReadonlyMap<string, string>): Contents {
  const seed = within(query.get('seed'), { min: 0, max: LIMITS.seedMax }, 1);
  const payloadBytes = within(query.get('payload'), { min: 0, max: LIMITS.payloadBytesMax }, 0);
  const workload = WORKLOADS.find((name) => name === query.get('workload'));
  return {
    ...(seed === 1 ? {} : { seed }),
    ...(payloadBytes === 0 ? {} : { payloadBytes }),
    ...(workload === undefined ? {} : { workload }),
  };
}

function withBranches(state: BoardState, query: ReadonlyMap<string, string>): BoardState {
  return { ...state, branches: readBranches(query.get('branches') ?? '', baseOf(state)) };
}

/** The steps of which a branch in a link only tells how many it has: the recorded run's, or the game's. */
function baseOf({ choices, recorded }: BoardState): readonly Choice[] {
  return recorded === null ? choices : recorded.choices;
}

/** What comes after the steps that were kept can be taken again, unless something else was done. */
function goOnFrom(
  recorded: RecordedRun,
  kept: string | undefined,
  choices: readonly Choice[],
): BoardState {
  const steps = recorded.choices.length;
  const whole = { ...beginBoard(recorded.setup), recorded, choices: recorded.choices };
  const begun = goBackTo(whole, within(kept, { min: 0, max: steps }, steps));
  if (choices.length === 0) return begun;
  return { ...begun, choices: [...begun.choices, ...choices], undone: [] };
}

function within(
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
  otherwise: number,
): number {
  const value = Number(text);
  return text === undefined || text === '' || !Number.isInteger(value)
    ? otherwise
    : Math.min(max, Math.max(min, value));
}

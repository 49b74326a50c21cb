import { type Choice, formatChoice, parseChoice } from '../../simulation/choices/choice.ts';
import { type Game, takeChoice } from '../../simulation/play/game.ts';

/** Who plays what: the same setup and the same choices are the same run, wherever they are replayed. */
export interface BoardSetup {
  readonly ordering: string;
  readonly peers: number;
  readonly messages: number;
  /** The puzzle that is being solved; empty for a free game. */
  readonly puzzle: string;
}

/** A way that a game went, kept to come back to it or to compare it. */
export interface KeptBranch {
  readonly name: string;
  readonly choices: readonly Choice[];
}

/** A game on the board. It changes by the functions below and those of simulation/play/game.ts alone. */
export interface BoardState extends Game {
  readonly setup: BoardSetup;
  readonly branches: readonly KeptBranch[];
}

export const BOARD_LIMITS = {
  peers: { min: 2, max: 8 },
  messages: { min: 1, max: 20 },
  choicesMax: 1_000,
  branchesMax: 6,
} as const;

export function beginBoard(setup: BoardSetup): BoardState {
  return { setup, choices: [], undone: [], branches: [] };
}

/** One more step, as long as a link can hold it. */
export function takeOnBoard(state: BoardState, choice: Choice): BoardState {
  return state.choices.length >= BOARD_LIMITS.choicesMax ? state : takeChoice(state, choice);
}

/** Remembers how the game stands; of the oldest ones no more than there is room for. */
export function keepBranch(state: BoardState): BoardState {
  const last = state.branches.at(-1);
  const name = `branch ${last === undefined ? 1 : Number(last.name.slice('branch '.length)) + 1}`;
  const branches = [...state.branches, { name, choices: state.choices }];
  return { ...state, branches: branches.slice(-BOARD_LIMITS.branchesMax) };
}

/** Goes on from a branch that was kept. */
export function openBranch(state: BoardState, name: string): BoardState {
  const branch = state.branches.find((each) => each.name === name);
  return branch === undefined ? state : { ...state, choices: branch.choices, undone: [] };
}

export function dropBranch(state: BoardState, name: string): BoardState {
  return { ...state, branches: state.branches.filter((each) => each.name !== name) };
}

/** What a link has to hold so that `readBoardLink` gives this game again, without its branches. */
export function writeBoardLink({ setup, choices }: BoardState): Record<string, string> {
  return {
    ordering: setup.ordering,
    peers: String(setup.peers),
    messages: String(setup.messages),
    puzzle: setup.puzzle,
    moves: choices.map(formatChoice).join(';'),
  };
}

/**
 * The game that a link holds; `orderings` are those that there are, the first one the default.
 * @throws RangeError for a move that means nothing, with what is allowed.
 */
export function readBoardLink(
  query: ReadonlyMap<string, string>,
  orderings: readonly string[],
): BoardState {
  const moves = (query.get('moves') ?? '').split(';').filter((text) => text !== '');
  const setup = {
    ordering: orderings.find((name) => name === query.get('ordering')) ?? orderings[0] ?? '',
    peers: within(query.get('peers'), BOARD_LIMITS.peers, 3),
    messages: within(query.get('messages'), BOARD_LIMITS.messages, 2),
    puzzle: query.get('puzzle') ?? '',
  };
  const choices = moves.slice(0, BOARD_LIMITS.choicesMax).map(parseChoice);
  return { ...beginBoard(setup), choices };
}

function within(
  text: string | undefined,
  { min, max }: { readonly min: number; readonly max: number },
  otherwise: number,
): number {
  const value = Number(text);
  return text === undefined || !Number.isInteger(value)
    ? otherwise
    : Math.min(max, Math.max(min, value));
}

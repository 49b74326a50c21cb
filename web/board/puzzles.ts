import type { GuaranteeName } from '../../core/guarantees.ts';
import type { GameView } from '../../simulation/play/game-view.ts';
import type { BoardSetup } from './board-state.ts';

/** A task: bring one guarantee down within `movesMax` moves. */
export interface Puzzle {
  readonly id: string;
  readonly title: string;
  /** What is asked, and what there is to know. */
  readonly text: string;
  readonly ordering: string;
  readonly peers: number;
  readonly messages: number;
  readonly goal: GuaranteeName;
  readonly movesMax: number;
  readonly hint: string;
}

/** The puzzles, from the easiest to the hardest. */
export const PUZZLES: readonly Puzzle[] = [
  {
    id: 'disagree',
    title: 'Make two disagree',
    text: 'Nothing puts these messages in order. Make the two peers deliver them in opposite orders.',
    ordering: 'unordered',
    peers: 2,
    messages: 1,
    goal: 'total',
    movesMax: 4,
    hint: 'Each delivers its own message at once. Let both multicast before anything arrives.',
  },
  {
    id: 'overtake',
    title: 'Let one overtake',
    text: 'One sender, two messages. Make them arrive in the wrong order.',
    ordering: 'unordered',
    peers: 2,
    messages: 2,
    goal: 'fifo',
    movesMax: 4,
    hint: 'Let peer 0 multicast twice, then deliver what was sent last.',
  },
  {
    id: 'answer-first',
    title: 'The answer before the question',
    text: 'Each sender’s messages are kept in order. Still let somebody see an answer before its question.',
    ordering: 'fifo',
    peers: 3,
    messages: 1,
    goal: 'causal',
    movesMax: 5,
    hint: 'Peer 0 asks; peer 1 hears it and answers; peer 2 hears the answer first.',
  },
  {
    id: 'at-the-same-time',
    title: 'Two at the same time',
    text: 'Causes come before effects here. What about two messages of which neither caused the other?',
    ordering: 'causal',
    peers: 3,
    messages: 1,
    goal: 'total',
    movesMax: 4,
    hint: 'Two peers multicast before they hear of each other. Then each hears the other.',
  },
  {
    id: 'sent-twice',
    title: 'Once too often',
    text: 'This one sends again what may be lost. Make somebody deliver one message twice.',
    ordering: 'retransmits-without-deduplication',
    peers: 2,
    messages: 1,
    goal: 'integrity',
    movesMax: 4,
    hint: 'A packet can be repeated by the network, or by the timer of its sender.',
  },
  {
    id: 'too-sure',
    title: 'Too sure of itself',
    text: 'Timestamps, but nobody waits to hear from the others. Make two peers disagree.',
    ordering: 'head-without-acknowledgements',
    peers: 2,
    messages: 1,
    goal: 'total',
    movesMax: 4,
    hint: 'Both multicast with the same timestamp, and deliver at once.',
  },
  {
    id: 'a-tie',
    title: 'A tie',
    text: 'Timestamps and acknowledgements by all, but equal timestamps stay as they came.',
    ordering: 'ties-not-broken',
    peers: 2,
    messages: 1,
    goal: 'total',
    movesMax: 6,
    hint: 'Both multicast at once; the messages cross, then the acknowledgements.',
  },
  {
    id: 'not-the-head',
    title: 'Out of turn',
    text: 'Here every message that all acknowledged is delivered, whether it is first in the queue or not.',
    ordering: 'any-acknowledged',
    peers: 2,
    messages: 1,
    goal: 'total',
    movesMax: 6,
    hint: 'Let the acknowledgements come in different orders at the two peers.',
  },
];

/** Whether the board shows the puzzle's goal reached within its moves. */
export function isSolved({ goal, movesMax }: Puzzle, view: GameView): boolean {
  return view.taken <= movesMax && view.broken.some(({ name }) => name === goal);
}

export function findPuzzle(id: string): Puzzle | undefined {
  return PUZZLES.find((puzzle) => puzzle.id === id);
}

/** The setup with the puzzle that it names; as a free game where another game than that puzzle's is played. */
export function withOwnPuzzle(setup: BoardSetup): BoardSetup {
  const puzzle = findPuzzle(setup.puzzle);
  const isOwn = puzzle !== undefined && isSameGame(setup, setupOfPuzzle(puzzle));
  return isOwn ? setup : { ...setup, puzzle: '' };
}

function isSameGame(one: BoardSetup, other: BoardSetup): boolean {
  const textOf = (setup: BoardSetup): string => JSON.stringify(Object.entries(setup).sort());
  return textOf(one) === textOf(other);
}

export function setupOfPuzzle({ id, ordering, peers, messages }: Puzzle): BoardSetup {
  return { ordering, peers, messages, puzzle: id };
}

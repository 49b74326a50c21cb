import { describe } from '@jest/globals';
import { LOST, testExamples, type Example } from './judged-logs.ts';
import type { Message } from './written-logs.ts';

/** Peer 2 crashed after its first message. */
const CRASHED: Message[] = [
  [0, 0],
  [1, 0],
  [2, 0],
  [0, 1],
  [1, 1],
  [0, 2],
  [1, 2],
];
const EXAMPLES: Example[] = [
  {
    what: 'a crashed peer: agreement is asked of the living, its own messages of nobody',
    logs: [CRASHED, CRASHED, CRASHED.slice(0, 4)],
    told: { crashed: ['2'] },
    rounds: [3, 7],
  },
  {
    what: 'a crashed peer that delivered what nobody else did',
    logs: [CRASHED, CRASHED, [...CRASHED.slice(0, 4), [2, 1]]],
    told: { crashed: ['2'] },
    broken: ['uniformAgreement', 'gapFree'],
    rounds: [4, 8],
  },
  {
    what: 'a crashed peer, called by its file',
    logs: [CRASHED, CRASHED, CRASHED.slice(0, 4)],
    told: { crashed: ['log2.txt'] },
    rounds: [3, 7],
  },
  {
    what: 'a crashed peer that multicast more than others, which its own log and nobody else lost',
    logs: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [1, 2],
      ],
      [
        [0, 0],
        [1, 0],
      ],
    ],
    told: { crashed: ['1'] },
    open: ['causal', 'total'],
    rounds: [2, 4],
  },
  {
    what: 'the same, not told',
    logs: [CRASHED, CRASHED, CRASHED.slice(0, 4)],
    broken: LOST,
    rounds: [3, 7],
  },
];

describe('peers that are told to have crashed', () => testExamples(EXAMPLES));

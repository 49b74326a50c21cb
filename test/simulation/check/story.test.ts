import { expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { tellStory } from '../../../simulation/check/story.ts';
import type { Scenario } from '../../../simulation/scenario.ts';
import { scopeOf } from '../choices/scopes.ts';

const NOTHING = { name: 'total', text: '', observations: [] } as const;

/** Two messages of peer 0, of which the first is slow: it takes the clogged path, the second comes after it. */
const OVERTAKING: Scenario = {
  ...scopeOf(2, 2),
  intervalUs: { min: 5_000, max: 5_000 },
  network: { ...scopeOf(2, 2).network, delay: { kind: 'constant', us: 1_000 } },
  faults: [{ kind: 'clog', from: 0, to: 1, extraUs: 50_000, atUs: 0, untilUs: 7_000 }],
  endUs: 60_000_000,
};

test('an arrival is told when the ordering is handed the message, not when the link holds it back', () => {
  const story = tellStory(ORDERINGS.get('fifo')!, OVERTAKING, NOTHING);
  const arrivals = story.split('\n').filter((line) => /from 0: \(0, \d\)/.test(line));
  // (0, 1) reached peer 1 after 11 ms, and waited for (0, 0), which the link sent again over the free path.
  expect(arrivals.map((line) => line.trim().replaceAll(/\s+/g, ' '))).toEqual([
    '13.000 from 0: (0, 0)',
    '13.000 from 0: (0, 1)',
  ]);
});

test('what a program wrote is told, and what orders a message', () => {
  const entry: OrderingEntry = {
    ...ORDERINGS.get('unordered')!,
    describe: ({ payload }) => (payload.length > 0 ? new TextDecoder().decode(payload) : null),
    create: ({ self }, out) => ({
      deadline: Infinity,
      held: 0,
      multicast(_now, { sender, sequence }) {
        out.multicast(new Message(Kind.data, sender, sequence, undefined, 0, 7, 0, 3, [1, 2]));
        out.multicast(
          new Message(Kind.exec, self, 0, new TextEncoder().encode(`{"vote":${self}}`)),
        );
      },
      receive: () => undefined,
      advance: () => undefined,
    }),
  };
  const finding = { ...NOTHING, observations: [{ peer: 1, sender: 0, sequence: 0, position: 0 }] };
  const story = tellStory(entry, { ...scopeOf(2, 1), endUs: 1_000_000 }, finding);
  expect(story).toContain('from 0: (0, 0) t7 #3 [1 2]');
  expect(story).toContain('from 0: {"vote":0}');
  expect(story).toContain('from 1: {"vote":1}');
});

test('losses of one message on one path are told twice, with how many more there were', () => {
  const scenario: Scenario = {
    ...scopeOf(2, 1),
    faults: [
      { kind: 'partition', from: [0], to: [1], symmetric: true, atUs: 0, untilUs: 20_000_000 },
    ],
    endUs: 60_000_000,
  };
  const story = tellStory(ORDERINGS.get('fifo')!, scenario, NOTHING);
  const losses = story.split('\n').filter((line) => /\(0, 0\) to 1 lost/.test(line));
  expect(losses).toHaveLength(2);
  expect(losses[0]).toMatch(/\(partition\)$/);
  expect(losses[1]).toMatch(/\(partition\), and \d+ more$/);
});

test('where a message is missing, what it waits for is part of the story', () => {
  const scenario: Scenario = {
    ...scopeOf(3, 1),
    intervalUs: { min: 5_000, max: 5_000 },
    faults: [{ kind: 'crash', member: 2, atUs: 0 }],
    endUs: 60_000_000,
  };
  const observations = [{ peer: 1, sender: 1, sequence: 0, position: null }];
  const finding = { name: 'liveness', text: '', observations } as const;
  const story = tellStory(ORDERINGS.get('lamport')!, scenario, finding);
  // Nobody delivers (1,0), because (0,0) is before it, and peer 2 never answers.
  expect(story).toContain('multicasts (0, 0)');
  expect(story).toContain('What peers wait for\n  peer 0: (0,0) waits for a word of peer 2\n');
});

test('the story ends with the delivery that breaks an order, and goes on where something is missing', () => {
  const observation = { peer: 1, sender: 0, sequence: 0, position: 2 };
  const finding = { name: 'total', text: '', observations: [observation] } as const;
  const fifo = ORDERINGS.get('fifo')!;
  const lines = tellStory(fifo, OVERTAKING, finding).split('\n\nDelivered')[0]!.split('\n');
  expect(lines.at(-1)).toContain('DELIVERS (0, 0) at 2');
  const pair = [observation, { peer: 1, sender: 0, sequence: 1, position: null }];
  const whole = tellStory(fifo, OVERTAKING, { ...finding, observations: pair });
  expect(whole.split('\n\nDelivered')[0]).toMatch(/DELIVERS \(0, 1\) at 3$/);
});

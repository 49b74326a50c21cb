import { expect, test } from '@jest/globals';
import { renderShortSchedule, shortenByChoices } from '../../../cli/check/shorten.ts';
import { createRandom } from '../../../core/base/random.ts';
import { reliable } from '../../../core/channels/reliable-link.ts';
import { Kind, Message } from '../../../core/message.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { smallScenario } from '../../../simulation/check/small-scenario.ts';

const REQUEST = 240;

/** A sequencer that ignores what comes now and then, by random numbers that no run begins anew. */
function forgetful(seed: number): OrderingEntry {
  const random = createRandom(seed);
  return {
    ...ORDERINGS.get('fifo')!,
    create: reliable((group, out) => {
      const order = (message: Message): void => {
        out.multicast(message);
        out.deliver(message);
      };
      return {
        deadline: Infinity,
        held: 0,
        advance: () => undefined,
        multicast: (_now, message) => {
          if (group.self === 0) order(message);
          else out.send(0, new Message(REQUEST, message.sender, message.sequence, message.payload));
        },
        receive: (_now, _from, message) => {
          if (random() < 0.02) return;
          if (message.kind === REQUEST)
            order(new Message(Kind.data, message.sender, message.sequence, message.payload));
          else out.deliver(message);
        },
      };
    }),
  };
}

test('steps that cannot be taken a second time are no counterexample, and the ordering is told from others', () => {
  const shortened = Array.from({ length: 100 }, (_, seed) =>
    shortenByChoices(forgetful(seed), { ordering: 'fifo' }, smallScenario(3), 'liveness'),
  );
  expect(shortened).toContainEqual({ short: null, isDiverging: true });
  const unordered = { ...ORDERINGS.get('unordered')!, guarantees: ['total'] as const };
  const source = { ordering: 'unordered' };
  const { short, isDiverging } = shortenByChoices(unordered, source, smallScenario(3), 'total');
  expect([isDiverging, short?.peers]).toEqual([false, 2]);
});

test('of what was thrown, the steps have the first line: the finding above them has the rest', () => {
  const multicast = (): never => {
    throw new Error('no\nIt was asked');
  };
  const ordering = { deadline: Infinity, held: 0, receive() {}, advance() {}, multicast };
  const throwing = { ...ORDERINGS.get('fifo')!, create: reliable(() => ordering) };
  const source = { ordering: 'mine.js' };
  const { short } = shortenByChoices(throwing, source, smallScenario(2), 'failed');
  const told = renderShortSchedule(short!).join('\n');
  expect(told).toMatch(/throws no\n[^]*so: the ordering of peer \d threw .*no/);
  expect(told).not.toContain('asked');
});

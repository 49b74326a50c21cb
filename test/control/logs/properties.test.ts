import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Comparison } from '../../../control/comparison-document.ts';
import { compareLogs } from '../../../control/logs/compare-logs.ts';
import type { ToldOfLogs } from '../../../control/logs/told.ts';
import { judgeByBruteForce } from '../../core/judge/brute-force-judge.ts';
import { logOf, type Event } from '../../core/judge/logs.ts';
import { WRITERS, type Message, type Writer } from './written-logs.ts';

const PEERS = 3;
const MESSAGES = 4;
const ALL: Message[] = Array.from({ length: PEERS * MESSAGES }, (_, place) => [
  place % PEERS,
  Math.floor(place / PEERS),
]);

/** A log of a run in which anything may go wrong: disorder, losses, repetitions, inventions. */
const troubledLog = fc
  .tuple(
    fc.shuffledSubarray(ALL, { minLength: 5 }),
    fc.array(fc.tuple(fc.nat(PEERS), fc.nat(MESSAGES + 1)), { maxLength: 2 }),
    fc.nat(),
  )
  .map(([log, further, at]): Message[] => {
    const place = at % (log.length + 1);
    return [...log.slice(0, place), ...further, ...log.slice(place)];
  });

/** A log that lacks nothing, in which some neighbours changed places. */
const completeLog = fc.array(fc.nat(ALL.length - 2), { maxLength: 6 }).map((places) => {
  const log = [...ALL];
  for (const place of places) [log[place], log[place + 1]] = [log[place + 1]!, log[place]!];
  return log;
});

const runs = (log: fc.Arbitrary<Message[]>) =>
  fc.array(log, { minLength: PEERS, maxLength: PEERS });

const TUPLES = WRITERS['a Python list of tuples']!;
const TOLD: Partial<ToldOfLogs> = {
  messages: MESSAGES,
  first: 0,
  senders: ['0', '1', '2'],
  fields: ['1', '2'],
};

function compare(
  logs: readonly (readonly Message[])[],
  told: Partial<ToldOfLogs> = {},
  write: Writer = TUPLES,
): Comparison {
  const files = logs.map((log, peer) => ({ name: `log${peer}.txt`, text: write(log) }));
  return compareLogs(files, told, 0);
}

/** What a comparison says, without what it calls peers and messages. */
function judgement(comparison: Comparison) {
  const { guarantees, firstDivergence, perPeer, kendallTau, rounds, unorderedRounds } = comparison;
  const verdicts = Object.entries(guarantees).map(([name, { held, counterexample }]) => {
    return { name, held, observations: counterexample?.observations };
  });
  const divergence = firstDivergence?.deliveries.map(({ message }) => {
    return message === null ? null : [message.sender, message.sequence];
  });
  const peers = perPeer.map(({ delivered, missing, duplicates, invented }) => {
    return { delivered, missing, duplicates, invented };
  });
  return { verdicts, divergence, peers, kendallTau, rounds, unorderedRounds };
}

describe('the same run in another form', () => {
  test.each(Object.entries(WRITERS))('%s: is judged as a list of tuples is', (_, write) => {
    fc.assert(
      fc.property(runs(completeLog), (logs) => {
        expect(judgement(compare(logs, {}, write))).toEqual(judgement(compare(logs)));
      }),
      { numRuns: 8 },
    );
  });

  test('whatever goes wrong in it', () => {
    // Which fields count is told: in so short logs a sender is easily taken for a number.
    const told = { ...TOLD, messages: null, first: null };
    const writers = Object.entries(WRITERS).filter(([name]) =>
      /^(?:an? |spaces|commas)/.test(name),
    );
    fc.assert(
      fc.property(runs(troubledLog), fc.constantFrom(...writers), (logs, [, write]) => {
        expect(judgement(compare(logs, told, write))).toEqual(judgement(compare(logs, told)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('other names and numbers', () => {
  const names = fc.uniqueArray(
    fc.oneof(fc.nat(0xffff), fc.constantFrom('alice', 'bob', 'carol', 'P1', 'P2', '10.0.0.1:80')),
    { minLength: PEERS + 1, maxLength: PEERS + 1 },
  );

  test('that are told change no verdict', () => {
    fc.assert(
      fc.property(runs(troubledLog), names, fc.nat(1000), (logs, called, first) => {
        const renamed = logs.map((log) =>
          log.map(([sender, number]): Message => [called[Number(sender)]!, number + first]),
        );
        const senders = called.slice(0, PEERS).map(String);
        const told = { ...TOLD, first, senders };
        // A name may be that of no sender the logs show; then nobody can be told.
        fc.pre(logs.some((log) => log.some(([sender]) => Number(sender) < PEERS)));
        expect(judgement(compare(renamed, told))).toEqual(judgement(compare(logs, TOLD)));
      }),
      { numRuns: 150 },
    );
  });

  test('that are found out change no verdict', () => {
    const steps = fc.tuple(fc.nat(6000), fc.nat(100));
    fc.assert(
      fc.property(runs(completeLog), steps, (logs, [sender, number]) => {
        const moved = logs.map((log) =>
          log.map(([s, n]): Message => [Number(s) + sender, n + number]),
        );
        const comparison = compare(moved);
        expect(judgement(comparison)).toEqual(judgement(compare(logs)));
        expect(comparison.reading).toMatchObject({ first: number });
      }),
      { numRuns: 100 },
    );
  });

  test('numbers that jump change no verdict but validity', () => {
    const times = fc.array(fc.integer({ min: 3, max: 50 }), {
      minLength: ALL.length,
      maxLength: ALL.length,
    });
    fc.assert(
      fc.property(runs(completeLog), times, (logs, steps) => {
        const timeOf = (sender: number, number: number) =>
          steps.slice(0, number * PEERS + sender + 1).reduce((sum, step) => sum + step, 0);
        const timed = logs.map((log) => log.map(([s, n]): Message => [s, timeOf(Number(s), n)]));
        const known = compare(logs);
        known.guarantees.validity = { held: null };
        expect(judgement(compare(timed))).toEqual(judgement(known));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the verdicts are those of the definitions, taken literally', () => {
  const heldOf = ({ guarantees }: Comparison) =>
    Object.fromEntries(Object.entries(guarantees).map(([name, { held }]) => [name, held]));
  const eventsOf = (log: readonly Message[]) =>
    log.map(([sender, number]): Event => [Number(sender), number]);

  test('of logs in which anything may be wrong, with and without crashed peers', () => {
    const known = troubledLog.map((log) => log.filter(([sender]) => Number(sender) < PEERS));
    fc.assert(
      fc.property(runs(known), fc.subarray(['0', '1', '2']), (logs, crashed) => {
        const comparison = compare(logs, { ...TOLD, crashed });
        const correct = logs.map((_log, peer) => !crashed.includes(String(peer)));
        const peers = logs.map((log, peer) => logOf(eventsOf(log), { correct: correct[peer]! }));
        const literal = judgeByBruteForce(peers, MESSAGES);
        expect(heldOf(comparison)).toEqual(literal.verdicts);
        expect(
          comparison.perPeer.map(({ duplicates, invented, missing }) => {
            return [duplicates, invented, missing];
          }),
        ).toEqual(
          logs.map((_log, peer) => {
            return [literal.duplicates[peer], literal.invented[peer], literal.missing[peer]];
          }),
        );
        if (crashed.length > 0) return;
        expect(comparison.unorderedRounds).toBe(literal.unorderedRounds);
        expect(comparison.conflictingRounds).toBe(literal.conflictingRounds);
      }),
      { numRuns: 200 },
    );
  });

  test('a sender without a log is one that crashed before it delivered anything', () => {
    const log = fc.shuffledSubarray(
      ALL.flatMap(([sender, number]): Message[] =>
        sender === 0
          ? [
              [0, number],
              [PEERS, number],
            ]
          : [[sender, number]],
      ),
      { minLength: 4 * MESSAGES },
    );
    fc.assert(
      fc.property(runs(log), (logs) => {
        const peers = [...logs.map((each) => logOf(eventsOf(each))), logOf([], { correct: false })];
        const { integrity, ...literal } = judgeByBruteForce(peers, MESSAGES).verdicts;
        const { integrity: open, ...held } = heldOf(compare(logs, { ...TOLD, senders: null }));
        expect(held).toEqual(literal);
        expect([integrity, open]).toEqual([true, null]);
      }),
      { numRuns: 100 },
    );
  });
});

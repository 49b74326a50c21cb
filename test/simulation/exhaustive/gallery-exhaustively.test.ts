import { describe, expect, test } from '@jest/globals';
import { Kind, Message } from '../../../core/message.ts';
import type { Create } from '../../../core/ordering.ts';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import type { FindingName } from '../../../simulation/check/finding.ts';
import { beginChosenRun } from '../../../simulation/choices/begin-chosen-run.ts';
import { type Choice, formatChoice, parseChoice } from '../../../simulation/choices/choice.ts';
import { shortestBroken } from '../../../simulation/exhaustive/explain-schedule.ts';
import { judgeChosenRun } from '../../../simulation/choices/shortest/judge-chosen-run.ts';
import { type Scope, setupOf } from '../../../simulation/exhaustive/scope.ts';
import {
  isWholeScope,
  searchWholeScope,
} from '../../../simulation/exhaustive/search-whole-scope.ts';
import { loadBroken, scopeOfSize } from './load-broken.ts';

const LIMITS = {
  mayGoOn: () => true,
  mayGoOnAtFirst: () => true,
};

/**
 * The orderings whose fault shows in a scope of two or three peers, with what breaks first and the fewest
 * choices that break it.
 */
const BROKEN: readonly (readonly [string, FindingName, number, number, number, Partial<Scope>])[] =
  [
    ['head-without-acknowledgements', 'total', 2, 1, 4, {}],
    ['any-acknowledged', 'total', 2, 1, 6, {}],
    ['ties-not-broken', 'total', 2, 1, 6, {}],
    ['own-entry-incremented', 'liveness', 2, 1, 4, {}],
    ['retransmits-without-deduplication', 'integrity', 2, 1, 4, { timers: 1 }],
    ['stamped-before-sent', 'total', 2, 1, 8, { timers: 1 }],
    ['token-duplicated', 'total', 2, 1, 6, { timers: 1 }],
    ['sorts-once-at-a-time', 'total', 2, 1, 6, { timers: 1 }],
    ['delivers-its-own', 'liveness', 2, 1, 5, {}],
    ['delivers-nothing', 'liveness', 2, 1, 5, {}],
    ['delivers-before-multicast', 'integrity', 2, 1, 1, {}],
    ['payload-lost', 'integrity', 2, 1, 2, {}],
    ['payload-written-to', 'integrity', 2, 1, 1, {}],
    ['payload-swapped', 'integrity', 2, 2, 2, {}],
    ['payload-buffer-shared', 'integrity', 2, 2, 4, {}],
    ['echoes-for-ever', 'endless', 2, 1, 1, {}],
    ['echoes-for-ever', 'endless', 2, 1, 1, { losses: 1, crashes: 1 }],
    ['delivers-after-a-delay', 'total', 2, 1, 7, { timers: 2 }],
    ['forgets-after-five-seconds', 'integrity', 2, 1, 4, { timers: 1, lates: 1 }],
    ['does-not-wait-when-late', 'total', 2, 1, 7, { timers: 1, lates: 1 }],
    ['takes-over-after-four-beats', 'total', 2, 1, 8, { timers: 4 }],
  ];

describe('every schedule of a small scope', () => {
  test.each(BROKEN)(
    'shows that %s breaks %s',
    async (name, broke, peers, messages, length, more) => {
      const entry = await loadBroken(name);
      const scope = scopeOfSize(entry, peers, messages, more);
      const { broken } = searchWholeScope(entry, scope);
      const found = broken!.map(parseChoice);
      const { choices, findings, proven } = shortestBroken(entry, scope, found, [], LIMITS);
      expect(findings[0]?.name).toBe(broke);
      expect(choices).toHaveLength(length);
      expect(proven).toEqual([{ scope, choices: length - 1 }]);
    },
  );

  test('shows that drops-early-acknowledgements waits for ever, which takes three', async () => {
    const entry = await loadBroken('drops-early-acknowledgements');
    expect(isWholeScope(searchWholeScope(entry, scopeOfSize(entry, 2, 1)))).toBe(true);
    const { broken } = searchWholeScope(entry, scopeOfSize(entry, 3, 1));
    expect(broken).toHaveLength(21);
  });

  test.each(['lamport-right', 'central-right', 'right-in-batches', 'right-slow-token'])(
    'accuses %s of nothing',
    async (name) => {
      const entry = await loadBroken(name);
      for (const scope of [
        scopeOfSize(entry, 2, 2, { timers: 1 }),
        scopeOfSize(entry, 2, 1, { timers: 1, crashes: 1 }),
      ]) {
        expect(isWholeScope(searchWholeScope(entry, scope))).toBe(true);
      }
    },
  );

  test.each([...ORDERINGS.keys()])('accuses %s of nothing', (name) => {
    const entry = ORDERINGS.get(name)!;
    for (const scope of [scopeOfSize(entry, 2, 2), scopeOfSize(entry, 2, 1, { crashes: 1 })]) {
      expect(isWholeScope(searchWholeScope(entry, scope))).toBe(true);
    }
  });
});

describe('an ordering whose messages cause messages for ever', () => {
  /** A token goes round and round from the first step on, beside what `unordered` does. */
  const circulating = (guarantees: OrderingEntry['guarantees']): OrderingEntry => {
    const create: Create = ({ self, size }, out) => {
      const token = new Message(200, self, 0);
      const next = (self + 1) % size;
      if (self === 0) out.send(next, token);
      return {
        deadline: Infinity,
        held: 0,
        multicast: (_now, message) => {
          out.deliver(message);
          out.multicast(message);
        },
        receive: (_now, _from, message) => {
          if (message.kind === Kind.data) out.deliver(message);
          else out.send(next, token);
        },
        advance: () => undefined,
      };
    };
    return { ...ORDERINGS.get('unordered')!, create, createUnpacked: create, guarantees };
  };
  const explained = (entry: OrderingEntry, messages = 1) => {
    const scope = scopeOfSize(entry, 2, messages);
    const { broken } = searchWholeScope(entry, scope);
    return shortestBroken(entry, scope, broken!.map(parseChoice), [], LIMITS);
  };

  test('is accused of what else it breaks first', () => {
    const { findings, choices } = explained(circulating(['total']));
    expect(findings.map(({ name }) => name)).toEqual(['total', 'endless']);
    expect(choices.map(formatChoice).sort()).toEqual([
      ...['deliver 0>1#1', 'deliver 1>0#0'],
      ...['multicast 0', 'multicast 1'],
    ]);
  });

  // Where packets arrive in the order in which they were sent, as in the schedule that does not end, FIFO holds.
  test('is accused of what only schedules drawn at random show', () => {
    const { findings, choices } = explained(circulating(['fifo']), 2);
    expect(findings.map(({ name }) => name)).toEqual(['fifo', 'endless']);
    expect(choices).toHaveLength(4);
  });

  test('is told that nothing else is known to be wrong, and how far it was looked for', () => {
    const { findings } = explained(circulating(['integrity']));
    expect(findings.map(({ name }) => name)).toEqual(['endless']);
    expect(findings[0]!.text).toMatch(/Nothing else was broken in 300 schedules drawn at random/);
  });
});

describe('the shortest', () => {
  test.each([
    ['head-without-acknowledgements', {}],
    ['any-acknowledged', {}],
    ['retransmits-without-deduplication', { timers: 1, losses: 1 }],
  ])('of %s is as short as any sequence of choices', async (name, more: Partial<Scope>) => {
    const entry = await loadBroken(name);
    const scope = scopeOfSize(entry, 2, 1, more);
    const found = searchWholeScope(entry, scope).broken!.map(parseChoice);
    const { choices } = shortestBroken(entry, scope, found, [], LIMITS);
    const isBroken = (length: number): boolean => anyBreaks(entry, scope, [], length);
    expect(isBroken(choices.length - 1)).toBe(false);
    expect(isBroken(choices.length)).toBe(true);
  });
});

/** Searches by trying every sequence of choices, even where two look the same to every member. */
function anyBreaks(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
  more: number,
): boolean {
  const run = beginChosenRun(entry, setupOf(scope));
  for (const choice of choices) run.take(choice);
  if (judgeChosenRun(entry, run).findings.length > 0) return true;
  if (more === 0) return false;
  const losses = run.network.lost < scope.losses ? [...run.packets] : [];
  const next = [
    ...run.enabledSteps().filter((choice) => {
      return choice.act !== 'fire' || run.deadlinesOf[choice.member]! < scope.timers;
    }),
    ...losses.map(({ name }): Choice => ({ act: 'lose', packet: name })),
  ];
  return next.some((choice) => anyBreaks(entry, scope, [...choices, choice], more - 1));
}

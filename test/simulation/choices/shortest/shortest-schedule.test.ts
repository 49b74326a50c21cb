import { describe, expect, test } from '@jest/globals';
import { ORDERINGS } from '../../../../core/orderings/registry.ts';
import { beginChosenRun } from '../../../../simulation/choices/begin-chosen-run.ts';
import { type Choice, formatChoice } from '../../../../simulation/choices/choice.ts';
import {
  boundsOf,
  type ChoiceBounds,
  choicesWithin,
} from '../../../../simulation/choices/shortest/choice-bounds.ts';
import type { ChosenRun } from '../../../../simulation/choices/chosen-run.ts';
import type { ChosenSetup } from '../../../../simulation/choices/chosen-setup.ts';
import { memberOf } from '../../../../simulation/choices/search/search-space.ts';
import {
  type Aim,
  findShortest,
} from '../../../../simulation/choices/shortest/shortest-schedule.ts';

const NEVER: Aim = { isReached: () => false };
const ANY_WORK = (): boolean => true;

/** What each member did, and what was lost, in whatever order that was: the same for schedules that look the same. */
function viewsOf({ scenario, taken }: ChosenRun): string {
  const views = Array.from({ length: scenario.peers }, () => [] as string[]);
  const lost: string[] = [];
  for (const choice of taken) {
    (choice.act === 'lose' ? lost : views[memberOf(choice)]!).push(formatChoice(choice));
  }
  return [...views, lost.sort()].join(';');
}

describe('the search for the shortest schedule', () => {
  const cases: readonly (readonly [string, ChosenSetup, ChoiceBounds, number])[] = [
    ['unordered', { peers: 2, messages: 2 }, boundsOf([['lose', 2]], 0), 6],
    ['unordered', { peers: 3, messages: 1 }, boundsOf([['crash', 1]], 0), 4],
    ['skeen', { peers: 2, messages: 1, channels: 'reliable' }, boundsOf([['crash', 1]], 1), 7],
    [
      'token',
      { peers: 2, messages: 1, channels: 'reliable' },
      boundsOf([], 2, { acts: ['fire'], byUs: [1_000_000], each: Infinity }),
      5,
    ],
  ];

  test.each(cases)(
    'of %s, %j, takes each beginning that some member can tell apart once',
    (name, setup, bounds, lengthMax) => {
      const entry = ORDERINGS.get(name)!;
      const begin = (): ChosenRun => beginChosenRun(entry, setup);
      const seen: string[] = [];
      const isReached = (run: ChosenRun): boolean => {
        if (run.taken.length === lengthMax) seen.push(viewsOf(run));
        return false;
      };
      findShortest(begin, { isReached }, { lengthMax, choices: bounds, mayGoOn: ANY_WORK });
      const every = everySchedule(begin, bounds, lengthMax);
      expect(seen.sort()).toEqual([...every].sort());
      expect(every.size).toBeGreaterThan(20);
    },
  );

  test('looks at schedules without any choice first, and says how far it came', () => {
    const begin = (): ChosenRun =>
      beginChosenRun(ORDERINGS.get('fifo')!, { peers: 2, messages: 1 });
    const bounds = { lengthMax: 4, choices: boundsOf([], 0), mayGoOn: ANY_WORK };
    const atOnce = findShortest(begin, { isReached: () => true }, bounds);
    expect(atOnce).toEqual({ choices: [], provenLength: 0 });
    expect(findShortest(begin, NEVER, bounds)).toEqual({ choices: null, provenLength: 4 });
    expect(findShortest(begin, NEVER, { ...bounds, lengthMax: 1_000 }).provenLength).toBe(1_000);
    const mayGoOn = (taken: number): boolean => taken < 3;
    expect(findShortest(begin, NEVER, { ...bounds, mayGoOn })).toEqual({
      choices: null,
      provenLength: 1,
    });
  });

  test('leaves out what cannot come to the aim any more, and tells each schedule before it is tried', () => {
    const begin = (): ChosenRun =>
      beginChosenRun(ORDERINGS.get('fifo')!, { peers: 2, messages: 1 });
    const tried: string[] = [];
    const onTry = (choices: readonly Choice[]): void => {
      tried.push(choices.map(formatChoice).join(', '));
    };
    const aim: Aim = { isReached: () => false, stepsMissing: ({ taken }) => 2 - taken.length };
    findShortest(begin, aim, {
      lengthMax: 2,
      choices: boundsOf([], 0),
      mayGoOn: ANY_WORK,
      onTry,
    });
    expect(tried).toEqual([
      'multicast 0',
      'multicast 0, multicast 1',
      'multicast 0, deliver 0>1#0',
      'multicast 1',
      'multicast 1, deliver 1>0#0',
    ]);
  });
});

/** The views after every sequence of `length` choices, without leaving anything out. */
function everySchedule(
  begin: () => ChosenRun,
  bounds: ChoiceBounds,
  length: number,
  choices: readonly Choice[] = [],
): Set<string> {
  const run = begin();
  for (const choice of choices) run.take(choice);
  if (choices.length === length) return new Set([viewsOf(run)]);
  const next = choicesWithin(bounds, run);
  return new Set(
    next.flatMap((choice) => [...everySchedule(begin, bounds, length, [...choices, choice])]),
  );
}

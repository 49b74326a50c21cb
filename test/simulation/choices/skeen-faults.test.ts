import { expect, test } from '@jest/globals';
import { ORDERINGS, type OrderingEntry } from '../../../core/orderings/registry.ts';
import { beginChosenRun } from '../../../simulation/choices/begin-chosen-run.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import { judgeChosenRun } from '../../../simulation/choices/shortest/judge-chosen-run.ts';
import { loadBroken } from '../exhaustive/load-broken.ts';

/**
 * Two ways to begin a new view of skeen that are wrong, each with a schedule that shows it. It takes more luck than a
 * check of 10,000 schedules has. Skeen itself breaks nothing in either.
 */
const UNDECIDED_LAST = [
  // Peer 0 multicasts m, and all propose.
  'multicast 0',
  ...[1, 2, 3, 4].map((peer) => `deliver 0>${peer}#0`),
  ...[1, 2, 3, 4].map((peer) => `deliver ${peer}>0#0`),
  // Only peer 1 hears the decision. It delivers m, and then multicasts x, which all propose for.
  'deliver 0>1#1',
  'multicast 1',
  'deliver 1>0#1',
  ...[2, 3, 4].map((peer) => `deliver 1>${peer}#0`),
  'deliver 0>1#2',
  ...[2, 3, 4].map((peer) => `deliver ${peer}>1#0`),
  // Peer 2 hears the decision of x, but not that of m, which nobody knows who is left.
  'deliver 1>2#1',
  'crash 0',
  'crash 1',
];

const FORGETS_ITS_SENDER = [
  // Peer 2 multicasts y and y', which nobody has yet, so that it proposes 3 and 4 for m and m' of peer 0.
  'multicast 2',
  'multicast 2',
  'multicast 0',
  'multicast 0',
  ...[1, 2].flatMap((peer) => [`deliver 0>${peer}#0`, `deliver 0>${peer}#1`]),
  // Peer 0 gets them as well, and all that it needs to deliver m, y and m'.
  'deliver 2>0#0',
  'deliver 2>0#1',
  'deliver 2>1#0',
  'deliver 2>1#1',
  'deliver 1>0#0',
  'deliver 1>0#1',
  'deliver 2>0#2',
  'deliver 2>0#3',
  'deliver 0>2#2',
  'deliver 1>2#0',
  'deliver 2>0#4',
  // Peer 1 hears the decision of m, and nobody that of m'.
  'deliver 0>1#2',
  'crash 0',
];

const CASES = [
  ['skeen-undecided-last', 'causal', 5, 1, UNDECIDED_LAST],
  ['skeen-forgets-its-sender', 'uniformAgreement', 3, 2, FORGETS_ITS_SENDER],
] as const;

test.each(CASES)(
  '%s breaks %s, where skeen does not',
  async (name, broke, peers, messages, choices) => {
    const broken = await loadBroken(name);
    expect(findingsAfter(broken, peers, messages, choices)).toEqual([broke]);
    expect(findingsAfter(ORDERINGS.get('skeen')!, peers, messages, choices)).toEqual([]);
  },
);

/** What is broken after the choices, and then whatever is possible until nothing is left: deadlines come last. */
function findingsAfter(
  entry: OrderingEntry,
  peers: number,
  messages: number,
  choices: readonly string[],
): string[] {
  const run = beginChosenRun(entry, { peers, messages, channels: 'reliable' });
  for (const choice of choices) run.take(parseChoice(choice));
  for (let step = 0; step < 500 && !run.isQuiet; step += 1) {
    const enabled = run.enabledSteps();
    const firstOf = (name: string) => enabled.find(({ act }) => act === name);
    run.take(firstOf('close') ?? firstOf('deliver') ?? enabled[0]!);
  }
  expect(run.isQuiet).toBe(true);
  return judgeChosenRun(entry, run).findings.map(({ name }) => name);
}

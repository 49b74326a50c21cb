import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { loadOrdering } from '../../../../custom/load-ordering.ts';
import type { OrderingEntry } from '../../../../core/orderings/registry.ts';
import { checkSeeds, type Failing } from '../../../../simulation/check/check-seeds.ts';
import { FAULT_CHOICES } from '../../../../simulation/check/draw-options.ts';
import { shrinkFailing } from '../../../../simulation/check/shrink-failing.ts';
import type { FindingName } from '../../../../simulation/check/finding.ts';
import { type Choice, formatChoice, parseChoice } from '../../../../simulation/choices/choice.ts';
import { beginChosenRun } from '../../../../simulation/choices/begin-chosen-run.ts';
import type { ChosenRun } from '../../../../simulation/choices/chosen-run.ts';
import type { ChosenSetup } from '../../../../simulation/choices/chosen-setup.ts';
import { findingIn } from '../../../../simulation/choices/shortest/aim-at-finding.ts';
import { searchForFewer } from '../../../../simulation/choices/shrink/search-for-fewer.ts';
import {
  shrinkChoices,
  type ShrunkSchedule,
} from '../../../../simulation/choices/shrink/shrink-choices.ts';
import { recordChoices, setupOfScenario } from '../../../../simulation/play/record-choices.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const SEEDS = 100;

/** Orderings that break safety, what they break, and the fewest steps that do it. */
const BROKEN: readonly (readonly [string, FindingName, number])[] = [
  ['examples/broken/any-acknowledged', 'total', 6],
  ['examples/broken/head-without-acknowledgements', 'total', 4],
  ['examples/broken/retransmits-without-deduplication', 'integrity', 4],
  ['examples/broken/stamped-before-sent', 'total', 8],
  ['examples/broken/ties-not-broken', 'total', 6],
  ['test/gallery/delivers-before-multicast', 'integrity', 1],
  ['test/gallery/payload-buffer-shared', 'integrity', 4],
  ['test/gallery/payload-lost', 'integrity', 2],
  ['test/gallery/payload-swapped', 'integrity', 3],
  ['test/gallery/token-duplicated', 'total', 6],
  // With deadlines kept to the instant, it takes one of 7.
  ['test/gallery/two-sequencers', 'total', 6],
];

function runOf(entry: OrderingEntry, setup: ChosenSetup, choices: readonly Choice[]): ChosenRun {
  const run = beginChosenRun(entry, setup);
  for (const choice of choices) run.take(choice);
  return run;
}

/** The first schedule of which a check says first that it breaks `name`; one that breaks more may be said to break that. */
function firstBreaking(entry: OrderingEntry, name: FindingName): Failing {
  for (let seed = 0; seed < SEEDS; seed += 1) {
    const { failing } = checkSeeds(entry, seed, 1, { peersMax: 4, faults: FAULT_CHOICES });
    if (failing?.findings[0]?.name === name) return failing;
  }
  throw new Error(`none of ${SEEDS} schedules breaks ${name}`);
}

/** That schedule, shrunk as a check does it, and then by choices. */
function shrinkOf(entry: OrderingEntry, name: FindingName): ShrunkSchedule | null {
  const { scenario } = shrinkFailing(entry, firstBreaking(entry, name));
  const setup = setupOfScenario(entry, scenario);
  return shrinkChoices(entry, setup, recordChoices(entry.create, scenario, setup).choices, name);
}

describe.each(BROKEN)('%s', (path, name, steps) => {
  test('is shrunk to the fewest steps that there are, be deadlines kept or late', async () => {
    const entry = await loadOrdering(join(ROOT, `${path}.ts`));
    const { setup, choices, tried } = shrinkOf(entry, name)!;
    expect({ steps: choices.length, tried, peers: setup.peers }).toEqual({
      steps,
      tried: 'deadlinesLate',
      peers: 2,
    });
    expect(findingIn(entry, runOf(entry, setup, choices), name)).not.toBeNull();
    expect(findingIn(entry, runOf(entry, setup, choices.slice(0, -1)), name)).toBeNull();
  });
});

/**
 * Orderings that leave something undelivered for ever, and the fewest steps after which nothing is left to happen and
 * something is missing. Without the reliable link these are fewer, and the link does not matter to any of them. Each
 * member has variables of its own, as in `check`.
 */
const MISSING: readonly (readonly [string, FindingName, number, number])[] = [
  ['examples/broken/own-entry-incremented', 'liveness', 2, 4],
  ['examples/broken/own-entry-incremented', 'agreement', 2, 4],
  ['test/gallery/counter-shared', 'liveness', 2, 4],
  ['test/gallery/queue-shared', 'agreement', 2, 4],
  ['test/gallery/delivers-its-own', 'liveness', 2, 5],
  ['test/gallery/delivers-nothing', 'liveness', 2, 5],
  // A crash, of a peer that others wait for.
  ['examples/broken/skeen-without-fail-over', 'liveness', 3, 9],
  ['examples/broken/skeen-without-fail-over', 'validity', 3, 9],
];

describe.each(MISSING)('%s, which breaks %s in the end,', (path, name, peers, steps) => {
  test('is shrunk to the fewest steps after which it stays so', async () => {
    const entry = await loadOrdering(join(ROOT, `${path}.ts`), { members: 4 });
    const { failing } = checkSeeds(entry, 0, SEEDS, { peersMax: 4, faults: FAULT_CHOICES });
    expect(failing?.findings.map((finding) => finding.name)).toContain(name);
    const { scenario } = shrinkFailing(entry, failing!);
    const timedSetup = setupOfScenario(entry, scenario);
    const { choices: timed } = recordChoices(entry.create, scenario, timedSetup);
    const { setup, choices, tried, finding } = shrinkChoices(entry, timedSetup, timed, name)!;
    expect({ steps: choices.length, tried, peers: setup.peers }).toEqual({
      steps,
      tried: 'deadlinesLate',
      peers,
    });
    expect(finding.name).toBe(name);
    expect(runOf(entry, setup, choices).isQuiet).toBe(true);
    expect(findingIn(entry, runOf(entry, setup, choices.slice(0, -1)), name)).toBeNull();
  });
});

test('where it happens to a second message, the first is left out, and the second becomes the first', async () => {
  const file = join(ROOT, 'examples/broken/retransmits-without-deduplication.ts');
  const entry = await loadOrdering(file);
  const steps = ['multicast 0', 'lose 0>1#0', 'multicast 0', 'repeat 0>1#1', 'deliver 0>1#1'];
  const choices = [...steps, 'deliver 0>1#1+1'].map(parseChoice);
  const limits = { stepsMax: 10_000, searchStepsMax: 0 };
  const setup = { peers: 2, messages: 2 };
  const shrunk = shrinkChoices(entry, setup, choices, 'integrity', limits)!;
  expect(shrunk.setup.messages).toBe(1);
  expect(shrunk.choices.map(formatChoice)).toEqual([
    'multicast 0',
    'repeat 0>1#0',
    'deliver 0>1#0',
    'deliver 0>1#0+1',
  ]);
});

test('of a burst that had a time only the message that matters is left', async () => {
  const entry = await loadOrdering(
    join(ROOT, 'examples/broken/retransmits-without-deduplication.ts'),
  );
  const steps = ['multicast 0*3 @5', 'repeat 0>1#1', 'deliver 0>1#1 @9', 'deliver 0>1#1+1 @9'];
  const limits = { stepsMax: 10_000, searchStepsMax: 0 };
  const setup = { peers: 2, messages: 3 };
  const choices = steps.map(parseChoice);
  const unpacked = { ...entry, create: entry.createUnpacked ?? entry.create };
  const shrunk = shrinkChoices(unpacked, setup, choices, 'integrity', limits)!;
  expect(shrunk.choices.map(formatChoice)).toEqual([
    'multicast 0',
    'repeat 0>1#0',
    'deliver 0>1#0',
    'deliver 0>1#0+1',
  ]);
});

/** Without leaving anything out: breadth first. */
function fewestSteps(
  entry: OrderingEntry,
  setup: ChosenSetup,
  name: FindingName,
  max: number,
): number {
  let beginnings: Choice[][] = [[]];
  for (let length = 1; length <= max; length += 1) {
    beginnings = beginnings.flatMap((choices) =>
      runOf(entry, setup, choices)
        .enabledSteps()
        .filter(({ act }) => act !== 'fire')
        .map((choice) => [...choices, choice]),
    );
    if (beginnings.some((choices) => findingIn(entry, runOf(entry, setup, choices), name) !== null))
      return length;
  }
  return Infinity;
}

describe('the search for fewer steps', () => {
  const setup = { peers: 2, messages: 1 };
  const long = (...texts: readonly string[]): Choice[] => texts.map(parseChoice);
  const fewer = (entry: OrderingEntry, known: readonly Choice[], stepsMax: number) => {
    const isReached = (run: ChosenRun): boolean => findingIn(entry, run, 'total') !== null;
    return searchForFewer(() => beginChosenRun(entry, setup), { isReached }, known, stepsMax);
  };

  test.each([
    ['any-acknowledged', 6],
    ['ties-not-broken', 6],
    ['head-without-acknowledgements', 4],
  ])('finds in %s what a search that leaves nothing out finds: %d steps', async (name, steps) => {
    const entry = await loadOrdering(join(ROOT, `examples/broken/${name}.ts`));
    expect(fewestSteps(entry, setup, 'total', steps)).toBe(steps);
    const padding = ['cut 0>1', 'heal 0>1', 'pause 0', 'resume 0', 'pause 1', 'resume 1'];
    const found = fewer(entry, long(...padding, ...padding), 1_000_000);
    expect([found.choices.length, found.tried]).toEqual([steps, 'deadlinesLate']);
  });

  test('says when not all was tried', async () => {
    const entry = await loadOrdering(join(ROOT, 'examples/broken/ties-not-broken.ts'));
    const known = long(...Array.from({ length: 9 }, () => 'multicast 0'));
    const found = fewer(entry, known, 100);
    expect([found.choices.map(formatChoice), found.tried]).toEqual([
      known.map(formatChoice),
      'some',
    ]);
  });
});

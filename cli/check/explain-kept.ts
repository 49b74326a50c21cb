import type { Failing } from '../../simulation/check/check-seeds.ts';
import { describeScenario } from '../../simulation/check/describe-scenario.ts';
import type { Finding } from '../../simulation/check/finding.ts';
import type { Shrunken } from '../../simulation/check/shrink-failing.ts';
import { smallScenario } from '../../simulation/check/small-scenario.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { beginOfChunk, drawAlone, performAlone, type PoolOptions } from './check-pool.ts';
import type { Tried } from './check-worker.ts';

/** A schedule that comes out otherwise after another one than where nothing ran before. */
export interface Kept {
  readonly shrunken: Shrunken;
  readonly story: string;
  readonly svg: null;
  /** Seeds that have to be checked in a row to see it again. */
  readonly seeds: { readonly first: number; readonly count: number };
}

interface Difference {
  /** Says in words what ran before. */
  readonly after: string;
  readonly scenario: Scenario;
  readonly alone: Tried;
  readonly later: Tried;
}

/**
 * Shows that something is kept from one run to the next, by a program that says `"reset": true` and does not
 * begin anew with init, or in variables outside `create`: the same schedule comes out otherwise where another
 * one ran before. `null` where that cannot be shown, and 'unsteady' where a schedule comes out otherwise by itself. Tried are two small schedules, which say most, then the
 * failing one, each after itself, and then the failing one after those that a check runs before it.
 */
export async function explainKept(
  pool: PoolOptions,
  failing: Failing,
  first: number,
): Promise<Kept | 'unsteady' | null> {
  const { seed } = failing;
  const begin = Math.max(first, beginOfChunk(seed, pool.options));
  const seeds = { first: begin, count: seed - begin + 1 };
  const itself = 'after it ran once before';
  const difference =
    (await compare(pool, [smallScenario(1)], smallScenario(1), itself)) ??
    (await compare(pool, [smallScenario(3)], smallScenario(3), itself)) ??
    (await compare(pool, [failing.scenario], failing.scenario, itself)) ??
    (await compareAfterEarlier(pool, begin, failing));
  if (difference === null || difference === 'unsteady') return difference;
  return { ...describe(pool, failing, difference), svg: null, seeds };
}

/** The failing schedule after those of its check from seed `begin` on, which are only drawn where nothing shorter told. */
async function compareAfterEarlier(
  pool: PoolOptions,
  begin: number,
  { seed, scenario }: Failing,
): Promise<Difference | 'unsteady' | null> {
  if (begin === seed) return null;
  const earlier = await drawAlone(pool, begin, seed - begin);
  return compare(pool, earlier, scenario, `after those of seeds ${begin} to ${seed - 1}`);
}

/** Whether one schedule did not come out the same in runs that nothing tells apart. */
export function hasDifferences(tried: readonly Tried[]): boolean {
  const [first] = tried;
  return tried.some(
    ({ digest, findings }) =>
      digest !== first!.digest || findings[0]?.name !== first!.findings[0]?.name,
  );
}

/**
 * How `scenario` comes out by itself and after those `before`, where that is not the same. Each is run twice then: what
 * comes out differently by itself keeps nothing.
 */
async function compare(
  pool: PoolOptions,
  before: readonly Scenario[],
  scenario: Scenario,
  after: string,
): Promise<Difference | 'unsteady' | null> {
  // Nothing else may tell the two ways apart, such as how often the file was loaded.
  const members = Math.max(...[...before, scenario].map(({ peers }) => peers));
  const runAlone = (): Promise<Tried> =>
    performAlone({ ...pool, members, fresh: true }, { task: 'try', before: [], scenario });
  const runLater = (): Promise<Tried> =>
    performAlone({ ...pool, members, fresh: false }, { task: 'try', before, scenario });
  const [alone, later] = [await runAlone(), await runLater()];
  if (alone.digest === later.digest) return null;
  const isSteady =
    !hasDifferences([alone, await runAlone()]) && !hasDifferences([later, await runLater()]);
  return isSteady ? { after, scenario, alone, later } : 'unsteady';
}

function describe(
  pool: PoolOptions,
  failing: Failing,
  { after, scenario, alone, later }: Difference,
): { shrunken: Shrunken; story: string } {
  const { seed, findings } = failing;
  const isProgram = 'exec' in pool.source;
  const who = isProgram
    ? 'the program says "reset": true, and keeps something of one run in the next'
    : 'something is kept from one run to the next, in variables outside create';
  const where = isProgram ? 'in the same processes' : 'in the same process';
  const broke = later.findings[0];
  const what = broke === undefined ? '' : ` and breaks ${broke.name} (${broke.text})`;
  const text =
    `${who}: ${after}, a schedule comes out otherwise ${where}${what}. So did that of seed ${seed}, which ` +
    `broke ${findings[0]!.name} and does not where nothing ran before`;
  const finding: Finding = { name: 'reset', text, observations: [] };
  const story = [
    ...describeScenario(scenario),
    '',
    'Delivered where nothing ran before',
    ...alone.orders,
    '',
    `Delivered ${where} ${after}`,
    ...later.orders,
  ].join('\n');
  const shrunken = { seed, scenario, drawn: failing.scenario, findings: [finding], attempts: 0 };
  return { shrunken, story };
}

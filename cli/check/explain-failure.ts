import type { GuaranteeName } from '../../core/guarantees.ts';
import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Checked, Failing } from '../../simulation/check/check-seeds.ts';
import { CALM_EVERY } from '../../simulation/check/draw-scenario.ts';
import type { Finding } from '../../simulation/check/finding.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import type { Shrunken } from '../../simulation/check/shrink-failing.ts';
import { drawAlone, HangError, performAlone, type PoolOptions } from './check-pool.ts';
import type { Tried } from './check-worker.ts';
import { explainKept, hasDifferences } from './explain-kept.ts';
import { sayMemoryIsShared } from './explain-shared.ts';
import type { ShortSchedule } from './shorten.ts';

/** What is known of a failure. */
export interface Explained {
  readonly shrunken: Shrunken;
  /** The story of the run; empty where the run cannot be told, because it does not end. */
  readonly story: string;
  /** Its space-time diagram; `null` where it cannot be drawn, for the same reason. */
  readonly svg: string | null;
  /** The same counterexample as single steps; `null`, or absent, where it cannot be had so. */
  readonly short?: ShortSchedule | null;
  /** Seeds that have to be checked in a row to see it again; absent where the scenario alone shows it. */
  readonly seeds?: { readonly first: number; readonly count: number };
}

/**
 * Confirms a failure, shrinks it, tells its story and draws it. Each of these runs where nothing has run
 * before: what comes out is what a replay will show. A failure that does not happen again in this way is
 * reported as that, and not as what it seemed to be. `first` is the first seed of the check.
 */
export async function explainFailure(
  pool: PoolOptions,
  failing: Failing,
  first: number,
): Promise<Explained> {
  try {
    return await confirmAndExplain(pool, failing, first);
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    // It hangs only while it is run again: the failure is told as it was drawn.
    return { shrunken: asDrawn(failing), story: '', svg: null };
  }
}

/** A counterexample of an earlier check, which was shrunk then, and was just seen to fail again. */
export async function explainRemembered(pool: PoolOptions, failing: Failing): Promise<Explained> {
  const shrunken = await sayMemoryIsShared(pool, asDrawn(failing));
  return withSteps(pool, (await tell(pool, shrunken)).explained);
}

async function confirmAndExplain(
  pool: PoolOptions,
  failing: Failing,
  first: number,
): Promise<Explained> {
  const alone = await tryAlone(pool, failing.scenario);
  if (alone.findings.length > 0) {
    return explainConfirmed(pool, { ...failing, findings: alone.findings }, alone);
  }
  const tried = await tryMore(pool, failing.scenario, alone);
  const failed = tried.find(({ findings }) => findings.length > 0);
  if (failed !== undefined) return explainUnsteady({ ...failing, findings: failed.findings });
  if (hasDifferences(tried)) return explainUnrepeatable(failing, IT_DIFFERED);
  const kept = await explainKept(pool, failing, first);
  if (kept === null) return explainUnrepeatable(failing, NOT_SEEN_AGAIN);
  return kept === 'unsteady' ? explainUnrepeatable(failing, ANOTHER_DIFFERED) : kept;
}

/** What a schedule comes to where nothing ran before. */
function tryAlone(pool: PoolOptions, scenario: Scenario): Promise<Tried> {
  return performAlone({ ...pool, fresh: true }, { task: 'try', before: [], scenario });
}

/** The same once more, and where that is not the same and breaks nothing either, a third time. */
async function tryMore(pool: PoolOptions, scenario: Scenario, alone: Tried): Promise<Tried[]> {
  const tried = [alone, await tryAlone(pool, scenario)];
  const isOpen = hasDifferences(tried) && tried.every(({ findings }) => findings.length === 0);
  return isOpen ? [...tried, await tryAlone(pool, scenario)] : tried;
}

/**
 * Explains a failure that a run by itself shows, `alone`. The thread that shrinks it runs it once more, and the one that
 * tells what came of that runs this once more: what does not come out the same each time is told as that.
 */
async function explainConfirmed(
  pool: PoolOptions,
  failing: Failing,
  alone: Tried,
): Promise<Explained> {
  let isSteady = true;
  // The first attempt uses processes again, which is faster; but they may keep something.
  for (const fresh of 'exec' in pool.source ? [false, true] : [false]) {
    const { tried, shrunken } = await performAlone({ ...pool, fresh }, { task: 'shrink', failing });
    if (shrunken === null) return explainUnsteady(failing);
    isSteady &&= !hasDifferences([alone, tried]);
    const told = await tellShrunken(pool, shrunken, isSteady);
    if (told !== null) return withSteps(pool, told);
  }
  if (!isSteady) return explainUnsteady(failing);
  const said = await sayMemoryIsShared(pool, asDrawn(failing));
  return withSteps(pool, (await tell(pool, said)).explained);
}

/** What shrinking came to, once it has been seen to fail by itself, and twice in the same way; `null` where it does not. */
async function tellShrunken(
  pool: PoolOptions,
  shrunken: Shrunken,
  isSteady: boolean,
): Promise<Explained | null> {
  const alone = await tryAlone(pool, shrunken.scenario);
  const { findings } = alone;
  if (findings[0]?.name !== shrunken.findings[0]!.name) return null;
  const said = await sayMemoryIsShared(pool, { ...shrunken, findings });
  const { explained, tried } = await tell(pool, isSteady ? said : sayUnsteady(said));
  return tried !== null && hasDifferences([alone, tried]) ? null : explained;
}

const FROM_ELSEWHERE =
  'time, randomness or an order comes from elsewhere than now, group.random or the seed of init (in Python ' +
  'also from iterating over a set)';

/**
 * Explains a failure that does not come every time: the ordering breaks something, but no single run
 * can be told.
 */
function explainUnsteady(failing: Failing): Explained {
  return { shrunken: sayUnsteady(asDrawn(failing)), story: '', svg: null };
}

/** Says of a finding that the schedule does not repeat it. */
function sayUnsteady(shrunken: Shrunken): Shrunken {
  const [first, ...others] = shrunken.findings;
  if (first!.text.endsWith(FROM_ELSEWHERE)) return shrunken;
  const text = `${first!.text}; the same schedule does not come out the same each time that it is run: ${FROM_ELSEWHERE}`;
  return { ...shrunken, findings: [{ ...first!, text }, ...others] };
}

/** What was seen of a failure that came once and not again. */
const IT_DIFFERED = `and in 3 runs in which nothing had run before it came out differently and broke nothing: ${FROM_ELSEWHERE}`;
const ANOTHER_DIFFERED = `and does so in no run in which nothing had run before; where others were run to find out why, one came out differently when nothing but the time had changed: ${FROM_ELSEWHERE}`;
const NOT_SEEN_AGAIN =
  'and does so in no run in which nothing had run before, nor after those before it; what differs comes ' +
  'from elsewhere than the schedule';

/** Explains a failure that came once and not again, by one of the three above. */
function explainUnrepeatable(failing: Failing, again: string): Explained {
  const { name, text } = failing.findings[0]!;
  const finding: Finding = {
    name: 'unrepeatable',
    text: `the schedule of seed ${failing.seed} broke ${name} once (${text}), ${again}`,
    observations: [],
  };
  return { shrunken: asDrawn({ ...failing, findings: [finding] }), story: '', svg: null };
}

/** A call that did not come back is tried once more, since the machine may have had other things to do. */
export async function explainHang(pool: PoolOptions, error: HangError): Promise<Explained> {
  const { seed } = error;
  const scenario = (await drawAlone(pool, seed))[0]!;
  const finding: Finding = { name: 'endless', text: error.message, observations: [] };
  const failing = { seed, scenario, findings: [finding] };
  try {
    await tryAlone(pool, scenario);
  } catch (again) {
    if (!(again instanceof HangError)) throw again;
    return { shrunken: asDrawn(failing), story: '', svg: null };
  }
  return explainUnrepeatable(failing, NOT_SEEN_AGAIN);
}

/**
 * What the ordering declares and no schedule could judge is no pass; `null` where there is no such thing, or
 * where the schedules were too few to have one in which every order that is kept can be seen.
 */
export async function explainUnobserved(
  pool: PoolOptions,
  entry: OrderingEntry,
  first: number,
  { judged, seeds }: Checked,
): Promise<Explained | null> {
  const names = entry.guarantees.filter((name) => (judged[name] ?? 0) === 0);
  if (names.length === 0 || seeds < CALM_EVERY) return null;
  const seed = Math.ceil(first / CALM_EVERY) * CALM_EVERY;
  const scenario = (await drawAlone(pool, seed))[0]!;
  const { reasons } = await tryAlone(pool, scenario);
  const text =
    `${names.join(', ')} could be judged in none of ${seeds} schedules, so that nothing is known of ` +
    `it; in that of seed ${seed}, which has no fault, ${describeReasons(names, reasons)}`;
  const finding: Finding = { name: 'unobserved', text, observations: [] };
  return (await tell(pool, asDrawn({ seed, scenario, findings: [finding] }))).explained;
}

/** Each reason once, with the guarantees that it is the reason for. */
function describeReasons(names: readonly GuaranteeName[], reasons: Tried['reasons']): string {
  const whys = new Set(names.map((name) => reasons[name] ?? 'this one could be'));
  return [...whys].join('; ');
}

/** Adds the counterexample as the fewest steps, where there is one of the kind and it does not take too long. */
async function withSteps(pool: PoolOptions, explained: Explained): Promise<Explained> {
  const { shrunken } = explained;
  const { scenario, findings } = shrunken;
  try {
    const task = { task: 'shorten', scenario, finding: findings[0]! } as const;
    const { short, isDiverging } = await performAlone(pool, task);
    if (isDiverging) return { ...explained, shrunken: sayUnsteady(shrunken) };
    return { ...explained, short };
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    return { ...explained, short: null };
  }
}

function asDrawn(failing: Failing): Shrunken {
  return { ...failing, drawn: failing.scenario, attempts: 0 };
}

/** Tells and draws a failure, and what its run came to where it could be told. */
async function tell(
  pool: PoolOptions,
  shrunken: Shrunken,
): Promise<{ readonly explained: Explained; readonly tried: Tried | null }> {
  const { scenario, seed, findings } = shrunken;
  try {
    const task = { task: 'tell', scenario, seed, finding: findings[0]! } as const;
    const { tried, story, svg } = await performAlone({ ...pool, fresh: true }, task);
    return { explained: { shrunken, story, svg }, tried };
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    return { explained: { shrunken, story: '', svg: null }, tried: null };
  }
}

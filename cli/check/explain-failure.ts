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

/** How often a schedule is run again, at most, where nothing ran before. */
const TRIES = 3;

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
  return withSteps(pool, await tell({ ...pool, fresh: true }, shrunken));
}

async function confirmAndExplain(
  pool: PoolOptions,
  failing: Failing,
  first: number,
): Promise<Explained> {
  const tried = await tryAlone(pool, failing.scenario);
  const isSteady = !hasDifferences(tried);
  const failed = tried.filter(({ findings }) => findings.length > 0);
  if (failed.length > 0) {
    const confirmed = { ...failing, findings: failed[0]!.findings };
    const shrunken = failed.length < tried.length ? null : await shrinkConfirmed(pool, confirmed);
    if (shrunken === null && !isSteady) return explainUnsteady(confirmed);
    const said = await sayMemoryIsShared(pool, shrunken ?? asDrawn(confirmed));
    const told = await tell({ ...pool, fresh: true }, isSteady ? said : sayUnsteady(said));
    return withSteps(pool, told);
  }
  if (!isSteady) return explainUnrepeatable(failing, IT_DIFFERED);
  const kept = await explainKept(pool, failing, first);
  if (kept === null) return explainUnrepeatable(failing, NOT_SEEN_AGAIN);
  return kept === 'unsteady' ? explainUnrepeatable(failing, ANOTHER_DIFFERED) : kept;
}

/**
 * What a schedule comes to where nothing ran before: twice the same, or else three runs, unless an earlier one told
 * already that it fails and does not come out the same.
 */
async function tryAlone(pool: PoolOptions, scenario: Scenario): Promise<Tried[]> {
  const fresh = { ...pool, fresh: true };
  const tried: Tried[] = [];
  while (tried.length < TRIES && !isSettled(tried)) {
    tried.push(await performAlone(fresh, { task: 'try', before: [], scenario }));
  }
  return tried;
}

function isSettled(tried: readonly Tried[]): boolean {
  if (tried.length < 2) return false;
  return !hasDifferences(tried) || tried.some(({ findings }) => findings.length > 0);
}

/**
 * The result of shrinking, once it has been seen to fail by itself, and twice in the same way; `null` where nothing
 * smaller does.
 */
async function shrinkConfirmed(pool: PoolOptions, failing: Failing): Promise<Shrunken | null> {
  const name = failing.findings[0]!.name;
  // The first attempt uses processes again, which is faster; but they may keep something.
  for (const fresh of [false, true]) {
    const { shrunken } = await performAlone({ ...pool, fresh }, { task: 'shrink', failing });
    const again = await tryAlone(pool, shrunken.scenario);
    const { findings } = again[0]!;
    if (findings[0]?.name === name && !hasDifferences(again)) return { ...shrunken, findings };
    if (!('exec' in pool.source)) break;
  }
  return null;
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
const IT_DIFFERED = `and in ${TRIES} runs in which nothing had run before it came out differently and broke nothing: ${FROM_ELSEWHERE}`;
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
    await performAlone({ ...pool, fresh: true }, { task: 'try', before: [], scenario });
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
  const fresh = { ...pool, fresh: true };
  const { reasons } = await performAlone(fresh, { task: 'try', before: [], scenario });
  const text =
    `${names.join(', ')} could be judged in none of ${seeds} schedules, so that nothing is known of ` +
    `it; in that of seed ${seed}, which has no fault, ${describeReasons(names, reasons)}`;
  const finding: Finding = { name: 'unobserved', text, observations: [] };
  return tell(fresh, asDrawn({ seed, scenario, findings: [finding] }));
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

async function tell(fresh: PoolOptions, shrunken: Shrunken): Promise<Explained> {
  const { scenario, seed, findings } = shrunken;
  try {
    const task = { task: 'tell', scenario, seed, finding: findings[0]! } as const;
    const { story, svg } = await performAlone(fresh, task);
    return { shrunken, story, svg };
  } catch (error) {
    if (!(error instanceof HangError)) throw error;
    return { shrunken, story: '', svg: null };
  }
}

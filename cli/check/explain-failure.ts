import type { GuaranteeName } from '../../core/guarantees.ts';
import type { Failing, Shrunken } from '../../simulation/check/check-seeds.ts';
import type { Finding } from '../../simulation/check/finding.ts';
import type { Scenario } from '../../simulation/scenario.ts';
import { HangError, performAlone, type PoolOptions } from './check-pool.ts';

/** What is known of a failure. */
export interface Explained {
  readonly shrunken: Shrunken;
  /** Empty where the run cannot be told, because it does not end. */
  readonly story: string;
  /** Its space-time diagram; `null` where it cannot be drawn, for the same reason. */
  readonly svg: string | null;
}

/**
 * Confirms a failure, shrinks it, tells its story and draws it. Each of these runs where nothing has run
 * before: what comes out is what a replay will show. A failure that does not happen again in this way is
 * reported as that, and not as what it seemed to be.
 */
export async function explainFailure(pool: PoolOptions, failing: Failing): Promise<Explained> {
  const fresh = { ...pool, fresh: true };
  const first = await performAlone(fresh, { task: 'try', scenario: failing.scenario });
  if (first.findings.length === 0) return explainUnrepeatable(fresh, failing, first.digest);
  const confirmed = { ...failing, findings: first.findings };
  const shrunken = await shrinkConfirmed(pool, confirmed);
  return tell(fresh, shrunken);
}

/** What shrinking found, once it has been seen to fail by itself; as it was drawn, where nothing smaller is. */
async function shrinkConfirmed(pool: PoolOptions, failing: Failing): Promise<Shrunken> {
  const name = failing.findings[0]!.name;
  // The first time in processes that are used again, which is faster; they may keep something.
  for (const fresh of [false, true]) {
    const { shrunken } = await performAlone({ ...pool, fresh }, { task: 'shrink', failing });
    const again = await performAlone(
      { ...pool, fresh: true },
      { task: 'try', scenario: shrunken.scenario },
    );
    if (again.findings[0]?.name === name) return { ...shrunken, findings: again.findings };
    if (!('exec' in pool.source)) break;
  }
  return asDrawn(failing);
}

/** The failure did not happen again: that is the finding, and a second try tells what kind it is. */
async function explainUnrepeatable(
  fresh: PoolOptions,
  failing: Failing,
  digest: string,
): Promise<Explained> {
  const second = await performAlone(fresh, { task: 'try', scenario: failing.scenario });
  const { name, text } = failing.findings[0]!;
  const seemed = `the schedule of seed ${failing.seed} broke ${name} (${text}) after other runs`;
  const isSame = second.digest === digest;
  const reason = isSame
    ? 'and nothing when it ran first: something of the runs before is kept, in a program that says ' +
      '"reset": true and does not begin anew with init, or in variables outside create'
    : 'and two fresh runs of it came out differently: time, randomness or an order comes from ' +
      'elsewhere than now, group.random or the seed of init (in Python also from iterating over a set)';
  const finding: Finding = { name: 'unrepeatable', text: `${seemed}, ${reason}`, observations: [] };
  return { shrunken: asDrawn({ ...failing, findings: [finding] }), story: '', svg: null };
}

/**
 * Guarantees that no schedule could judge: `failing` is one of these schedules, and why it could not is what
 * is found.
 */
export async function explainUnobserved(
  pool: PoolOptions,
  seed: number,
  scenario: Scenario,
  { names, schedules }: { readonly names: readonly GuaranteeName[]; readonly schedules: number },
): Promise<Explained> {
  const fresh = { ...pool, fresh: true };
  const { reasons } = await performAlone(fresh, { task: 'try', scenario });
  const why = names.map((name) => `${name}: ${reasons[name] ?? 'not judged'}`).join('; ');
  const text =
    `${names.join(', ')} could be judged in none of ${schedules} schedules, so that nothing is known of ` +
    `it; in that of seed ${seed}, which has no fault, ${why}`;
  const finding: Finding = { name: 'unobserved', text, observations: [] };
  return tell(fresh, asDrawn({ seed, scenario, findings: [finding] }));
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

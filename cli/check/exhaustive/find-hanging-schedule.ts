import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { parseChoice } from '../../../simulation/choices/choice.ts';
import type { ProvenLength } from '../../../simulation/exhaustive/explain-schedule.ts';
import type { Scope } from '../../../simulation/exhaustive/scope.ts';
import type { Context } from '../../shell/context.ts';
import { askAlone } from './ask-alone.ts';
import { explainNeverMade } from './explain-broken.ts';
import { HangingScheduleError } from './exhaustive-hand.ts';
import type { ExhaustiveOptions } from './exhaustive-options.ts';
import type { ExhaustiveFailure } from './exhaustive-report.ts';
import type { ExhaustiveTask } from './exhaustive-task.ts';
import { keepSchedule } from './keep-schedule.ts';

/** How long schedules are tried in all scopes together, at most, without the times in which nothing comes back. */
const HUNT_MS = 60_000;
/** A single schedule takes milliseconds, so that less patience will do than with a slice of a search. */
const SCHEDULE_HANGS_MS = 10_000;
/** The most choices of a schedule that is tried. */
const LENGTH_MAX = 60;

/** Whose schedules are tried, for how long at most, and where the one that hangs is kept. */
type HuntOptions = Pick<ExhaustiveOptions, 'source' | 'seconds' | 'save' | 'state'>;

/** A schedule whose last choice does not come back, and up to which length all of each scope do. */
interface HangingSchedule {
  readonly scope: Scope;
  readonly choices: readonly string[];
  readonly proven: readonly ProvenLength[];
}

/** A member that `create` does not come back with. */
interface NeverMade {
  readonly scope: Scope;
  readonly member: number;
}

/**
 * Finds the shortest schedule in which an ordering does not come back from a call, by trying all of them, the short
 * ones first; each that hangs is tried once more by itself. Where it does not even come back from making a member, that
 * is said, and no schedule. `null` where none was found in time: the machine may have had
 * other things to do when the ordering seemed to hang. A call that takes longer than `hangMs` does not come back.
 */
export async function findHangingSchedule(
  context: Context,
  options: HuntOptions,
  entry: OrderingEntry,
  scopes: readonly Scope[],
  hangMs = SCHEDULE_HANGS_MS,
): Promise<ExhaustiveFailure | null> {
  const hanging = await huntIn(context, options, scopes, hangMs);
  if (hanging === null) return null;
  if ('member' in hanging) return explainNeverMade(hanging.member, hanging.scope, hangMs);
  const { scope, choices, proven } = hanging;
  const text =
    `the ordering does not come back from a call: after ${choices.length - 1} choices the next one, ` +
    `"${choices.at(-1)!}", was not over within ${hangMs / 1_000} s, twice`;
  const finding = { name: 'endless', text, observations: [] } as const;
  const told = { scope, choices, choicesFound: choices.length, findings: [finding], proven };
  // A game that takes the last choice would not come back either.
  const before = choices.slice(0, -1).map(parseChoice);
  return keepSchedule(
    context,
    options,
    entry,
    { ...told, stepsAfter: 0, story: '', svg: null },
    before,
  );
}

async function huntIn(
  context: Context,
  options: HuntOptions,
  scopes: readonly Scope[],
  hangMs: number,
): Promise<HangingSchedule | NeverMade | null> {
  let best: Omit<HangingSchedule, 'proven'> | null = null;
  const proven: ProvenLength[] = [];
  const endMs = performance.now() + Math.min(HUNT_MS, options.seconds * 1_000);
  for (const scope of scopes) {
    const lengthMax: number = best === null ? LENGTH_MAX : best.choices.length - 1;
    const huntMs = Math.max(0, endMs - performance.now());
    const hunt = { task: 'hunt', scope, lengthMax, huntMs } as const;
    const outcome = await seeWhetherItHangs(context, options, hunt, hangMs);
    if (outcome.created !== null) {
      const making = { ...hunt, lengthMax: 0 };
      const { created } = await seeWhetherItHangs(context, options, making, hangMs);
      if (best === null) return created === null ? null : { scope, member: created };
      proven.push({ scope, choices: 0 });
      continue;
    }
    if (outcome.hangs === null) {
      proven.push({ scope, choices: outcome.provenLength });
      continue;
    }
    const task = { task: 'confirm', scope, choices: outcome.hangs } as const;
    const again = await seeWhetherItHangs(context, options, task, hangMs);
    if (again.hangs === null) return null;
    best = { scope, choices: outcome.hangs };
    proven.push({ scope, choices: outcome.hangs.length - 1 });
  }
  return best && { ...best, proven };
}

interface Outcome {
  /** The choices after which it does not come back; `null`: it came back from all, or nothing was tried yet. */
  readonly hangs: readonly string[] | null;
  /** The member that it does not come back from making; `null`: it makes all. */
  readonly created: number | null;
  readonly provenLength: number;
}

const CAME_BACK: Outcome = { hangs: null, created: null, provenLength: 0 };

async function seeWhetherItHangs(
  context: Context,
  options: HuntOptions,
  task: Extract<ExhaustiveTask, { task: 'hunt' | 'confirm' }>,
  hangMs: number,
): Promise<Outcome> {
  try {
    const answer = await askAlone(context, options, task, hangMs);
    return 'provenLength' in answer ? { ...CAME_BACK, ...answer } : CAME_BACK;
  } catch (error) {
    if (!(error instanceof HangingScheduleError)) throw error;
    const { schedule, created } = error;
    return { ...CAME_BACK, created, hangs: schedule.length === 0 ? null : schedule };
  }
}

import { join } from 'node:path';
import type { OrderingEntry } from '../../../core/orderings/registry.ts';
import { stateDirectoryAt } from '../../../local/state-directory.ts';
import { hasLink } from '../../../simulation/choices/chosen-setup.ts';
import { type Scope, scopesUpTo } from '../../../simulation/exhaustive/scope.ts';
import { describeOrdering } from '../../ordering/describe-ordering.ts';
import { fromHere } from '../../render/from-here.ts';
import { count } from '../../render/table.ts';
import type { Context } from '../../shell/context.ts';
import { EXIT, messageOf } from '../../shell/failure.ts';
import { findHangingSchedule } from './find-hanging-schedule.ts';
import { explainBroken, explainWithoutSchedule } from './explain-broken.ts';
import { HangingScheduleError } from './exhaustive-hand.ts';
import { type ExhaustiveOptions, scopeFor } from './exhaustive-options.ts';
import { ExhaustiveProgress } from './exhaustive-progress.ts';
import type { ExhaustiveFailure, ExhaustiveReport, UnfinishedScope } from './exhaustive-report.ts';
import { type ExhaustiveState, StateKeeper } from './exhaustive-state.ts';
import { nameOfScope } from './name-scope.ts';
import { renderExhaustive } from './render-exhaustive.ts';
import { NOTHING_BEYOND } from './search-beyond.ts';
import { type ScopesOutcome, ScopesSearch } from './search-scopes.ts';
import { digestOfSource } from './source-digest.ts';
import { widerScopes } from '../../../simulation/exhaustive/wider-scopes.ts';

/**
 * `mpcomm check --exhaustive`: 0 when every schedule was judged and none broke anything, 1 with a counterexample,
 * 2 when the search did not come to its end.
 */
export async function exhaustiveCommand(
  context: Context,
  options: ExhaustiveOptions,
): Promise<number> {
  const entry = await describeOrdering(options.source);
  const scopes = scopesUpTo(scopeFor(entry, options));
  const report = await check(context, options, entry, scopes);
  const { terminal } = context;
  terminal.data(
    options.json ? JSON.stringify(report, null, 2) : renderExhaustive(report, terminal.paint),
  );
  if (report.failure !== null) return EXIT.broken;
  return report.unfinished === null ? EXIT.done : EXIT.failed;
}

async function check(
  context: Context,
  options: ExhaustiveOptions,
  entry: OrderingEntry,
  scopes: readonly Scope[],
): Promise<ExhaustiveReport> {
  const about = {
    ordering: entry.name,
    guarantees: entry.guarantees,
    packsLeftOut: entry.createUnpacked !== undefined,
    hasLink: hasLink(entry),
    asked: scopes.at(-1)!,
  };
  const keeper = await keeperOf(options, entry, scopes);
  const before = await keeper.load();
  if (before !== null) noteResumption(context, keeper, before);
  try {
    const outcome = await searchPatiently(context, options, entry, scopes, keeper, before ?? NEW);
    if ('broke' in outcome) {
      await keeper.forget();
      return { ...about, ...brokenAtOnce(scopes, outcome) };
    }
    const { whole, stopped, playedOn, beyond } = outcome;
    const stoppedAt = stopped === null ? null : nameOfScope(stopped.scope);
    const left = scopes.slice(whole.length);
    const rest = {
      whole,
      playedOn,
      beyond,
      notTried: left.filter((scope) => nameOfScope(scope) !== stoppedAt),
    };
    const broken = stopped?.state.broken ?? null;
    if (stopped !== null && broken !== null) {
      const failure = await explainBroken(context, options, entry, {
        scope: stopped.scope,
        broken,
        notSearched: rest.notTried,
      });
      await keeper.forget();
      return { ...about, ...rest, unfinished: null, failure };
    }
    const unfinished = describeStop(outcome, options, keeper);
    if (unfinished === null || stopped?.state.givenUp != null) await keeper.forget();
    return { ...about, ...rest, unfinished, failure: null };
  } catch (error) {
    const failure = explainWithoutSchedule(error);
    if (failure === null) throw error;
    await keeper.forget();
    return { ...about, ...brokenAtOnce(scopes, failure) };
  }
}

/** What is reported where the search could not go on at all, so that no scope was searched. */
function brokenAtOnce(scopes: readonly Scope[], failure: ExhaustiveFailure) {
  return {
    whole: [],
    notTried: scopes,
    playedOn: 0,
    beyond: NOTHING_BEYOND,
    unfinished: null,
    failure,
  };
}

const NEW: ExhaustiveState = { whole: [], current: null };

async function keeperOf(
  { source, state }: ExhaustiveOptions,
  entry: OrderingEntry,
  scopes: readonly Scope[],
): Promise<StateKeeper> {
  const { peers, messages, losses, crashes, timers, lates = 0, channels } = scopes.at(-1)!;
  const late = lates === 0 ? '' : `-late-${lates}`;
  const size = `${peers}x${messages}-${losses}-${crashes}-${timers}${late}-${channels}`;
  const file = join(stateDirectoryAt(state).path, 'check', `search-${entry.name}-${size}.json`);
  return new StateKeeper(file, await digestOfSource(source));
}

function noteResumption(
  { terminal }: Context,
  { file }: StateKeeper,
  before: ExhaustiveState,
): void {
  const { whole, current } = before;
  const schedules = whole.reduce((sum, { tally }) => sum + tally.schedules, 0);
  const all = schedules + (current?.tally.schedules ?? 0);
  terminal.note(
    `Going on after ${count(all, 'schedule')} that were tried before (${fromHere(file)}; ` +
      'without that file the search begins anew)',
  );
}

/**
 * After a call that did not come back, the schedule in which it hangs is looked for. Where none is found the search goes
 * on once: the machine may have had other things to do.
 */
async function searchPatiently(
  ...search: Parameters<typeof searchOnce>
): Promise<ScopesOutcome | ExhaustiveFailure> {
  try {
    return await searchOnce(...search);
  } catch (error) {
    if (!(error instanceof HangingScheduleError)) throw error;
    const [{ terminal }, options, entry, scopes, keeper, state] = search;
    terminal.note(`${error.message}; looking for the shortest schedule in which it does ...`);
    const hanging = await findHangingSchedule(search[0], options, entry, scopes);
    if (hanging !== null) return hanging;
    terminal.note('No short schedule hangs; going on with the search ...');
    const reached = (await keeper.load()) ?? state;
    return searchOnce(search[0], options, entry, scopes, keeper, reached);
  }
}

/** Whatever ends the search early, what was done is kept. */
async function searchOnce(
  { terminal, signal }: Context,
  { source, workers, seconds, isBeyondSought, leftOpen }: ExhaustiveOptions,
  entry: OrderingEntry,
  scopes: readonly Scope[],
  keeper: StateKeeper,
  state: ExhaustiveState,
): Promise<ScopesOutcome> {
  const progress = new ExhaustiveProgress(terminal, entry.name);
  const scopesSearch = new ScopesSearch(
    {
      source,
      scopes,
      workers,
      signal,
      keeper,
      isBeyondSought,
      wider: widerScopes(entry, scopes.at(-1)!, leftOpen),
      endMs: performance.now() + seconds * 1_000,
      onProgress: (now) => progress.show(now),
    },
    state,
  );
  try {
    return await scopesSearch.run();
  } finally {
    progress.finish();
    const { progress: now, state: last } = scopesSearch;
    if (now !== null) {
      await keeper.save(last).catch((error: unknown) => {
        terminal.note(`How far the search came could not be kept: ${messageOf(error)}`);
      });
      if (signal.aborted) {
        const tried = count(now.schedules, 'schedule');
        terminal.note(
          `Stopped after ${tried} of ${nameOfScope(now.scope)}, without a counterexample so far; the ` +
            'same command goes on from there.',
        );
      }
    }
  }
}

function describeStop(
  { stopped }: ScopesOutcome,
  { seconds }: ExhaustiveOptions,
  { file }: StateKeeper,
): UnfinishedScope | null {
  if (stopped === null) return null;
  const { scope, level, estimate, drawn, state } = stopped;
  const why =
    state.givenUp ??
    `its ${count(seconds, 'second')} are over (--seconds; the same command goes on from ${fromHere(file)})`;
  return { scope, level, estimate, drawn, tally: state.tally, why };
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import { isAboutTheEnd } from '../check/judge.ts';
import { tellRun } from '../check/story.ts';
import { beginChosenRun } from '../choices/begin-chosen-run.ts';
import { type Choice, parseChoice } from '../choices/choice.ts';
import { judgeAfterRest } from '../choices/shortest/judge-after-rest.ts';
import { findingsForGood } from '../choices/shortest/still-broken.ts';
import { type Aim, findShortest } from '../choices/shortest/shortest-schedule.ts';
import type { Observer } from '../observers/observer.ts';
import type { SimulationResult } from '../simulation-result.ts';
import { endlessAlone, lookBesideEndless } from './beside-endless.ts';
import { findEndlessDelivery } from './endless-delivery.ts';
import { choicesIn, type Scope, setupOf } from './scope.ts';
import type { BrokenSchedule } from './search-part.ts';
import { isWholeScope, searchWholeScope } from './search-whole-scope.ts';
import { shrinkPlayedOn, shrinkWithSteps } from './shrink-played-on.ts';
import { findingsOf, replayChoices, shortenEndless, shortenSchedule } from './shorten-schedule.ts';

/** How far it is known that nothing shorter breaks anything in a scope. */
export interface ProvenLength {
  readonly scope: Scope;
  /** No schedule of the scope with at most this number of choices breaks anything. */
  readonly choices: number;
}

/** The shortest schedule that is known to break something, and what it breaks. */
export interface ShortestBroken {
  readonly scope: Scope;
  readonly choices: readonly Choice[];
  /** How many choices there were in the schedule in which the fault was first seen. */
  readonly choicesFound: number;
  /**
   * Empty where the schedule broke something once and nothing when it ran again: then what it breaks depends
   * on other runs.
   */
  readonly findings: readonly Finding[];
  /** What is known of the scopes that were not searched to their end. */
  readonly proven: readonly ProvenLength[];
}

export interface ExplainLimits {
  /** Asked now and then: when it says no, the search ends there. */
  readonly mayGoOn: () => boolean;
  /** The same, but for the first of the two searches alone. */
  readonly mayGoOnAtFirst: () => boolean;
}

/**
 * Finds the shortest schedule that breaks something, given one that does: in the scope in which that was
 * found, and in those that were `notSearched`.
 *
 * What a beginning of a schedule breaks stays broken. So first every choice is left out that is not needed,
 * and then all beginnings that are shorter are looked at. What is missing at the end is known of whole
 * schedules only: the shortest is one of them, and they are gone through before. What is broken or missing only when
 * timers go off further than the scope allows is shrunk by itself (shrink-played-on.ts). Where `found` only does not come
 * to its end, anything else that is broken comes first.
 */
export function shortestBroken(
  entry: OrderingEntry,
  scope: Scope,
  found: readonly Choice[],
  notSearched: readonly Scope[],
  limits: ExplainLimits,
): ShortestBroken {
  const [finding] = findingsOf(entry, scope, found);
  if (finding?.name !== 'endless') {
    const shortest = shortestOf(entry, scope, found, notSearched, limits);
    const endless = findEndlessDelivery(replayChoices(entry, scope, found));
    const isBoth = shortest.findings.length > 0 && endless !== null;
    return isBoth ? { ...shortest, findings: [...shortest.findings, endless] } : shortest;
  }
  const beside = lookBesideEndless(entry, [scope, ...notSearched], limits.mayGoOnAtFirst);
  const { other } = beside;
  if (other === null) {
    const shortest = shortestOf(entry, scope, found, notSearched, limits);
    return { ...shortest, findings: shortest.findings.map((each) => endlessAlone(each, beside)) };
  }
  const before = [scope, ...notSearched].filter((each) => each !== other.scope);
  const shortest = shortestOf(entry, other.scope, other.choices, before, limits);
  return { ...shortest, findings: [...shortest.findings, finding] };
}

function shortestOf(
  entry: OrderingEntry,
  scope: Scope,
  found: readonly Choice[],
  notSearched: readonly Scope[],
  limits: ExplainLimits,
): ShortestBroken {
  const onward = shrinkPlayedOn(entry, scope, found);
  const inScope = onward ?? shortestInScope(entry, scope, found, limits);
  const { choices: first, isShortest, scope: firstScope = scope } = inScope;
  const isEndless = findingsOf(entry, firstScope, first)[0]?.name === 'endless';
  const isPlayedOn = inScope.scope !== undefined;
  const aim = isPlayedOn ? anythingBrokenOrMissing(entry) : anythingBroken(entry, isEndless);
  let best = { scope: firstScope, choices: first };
  const proven: ProvenLength[] = isShortest ? [{ scope, choices: first.length - 1 }] : [];
  for (const each of isShortest ? notSearched : [firstScope, ...notSearched]) {
    const lengthMax = best.choices.length - 1;
    const { choices, provenLength } = findShortest(
      () => beginChosenRun(entry, setupOf(each)),
      aim,
      { lengthMax, choices: choicesIn(each), mayGoOn: limits.mayGoOn },
    );
    if (choices !== null) best = { scope: each, choices };
    proven.push({ scope: each, choices: choices === null ? provenLength : choices.length - 1 });
  }
  const findings = findingsOf(entry, best.scope, best.choices);
  return { ...best, choicesFound: found.length, findings, proven };
}

/**
 * That something is broken, be it in the middle; with `isEndlessSought` also that letting everything arrive does not
 * end.
 */
function anythingBroken(entry: OrderingEntry, isEndlessSought: boolean): Aim {
  return {
    isReached(run, isNews) {
      const mayBreak = isNews || run.isQuiet;
      if (mayBreak && findingsForGood(entry, run).length > 0) return true;
      return isEndlessSought && findEndlessDelivery(run) !== null;
    },
  };
}

/** The same, or that something is missing for ever once it has come to rest. */
function anythingBrokenOrMissing(entry: OrderingEntry): Aim {
  const broken = anythingBroken(entry, false);
  return {
    isReached(run, isNews) {
      if (broken.isReached(run, isNews)) return true;
      const { length } = run.taken;
      const later = judgeAfterRest(entry, run);
      return later.findings.length > 0 && later.length === length;
    },
  };
}

interface ShortInScope {
  readonly choices: readonly Choice[];
  /** Whether all schedules of the scope were looked at, so that none is shorter. */
  readonly isShortest: boolean;
  /** Where it is in another scope; then what is missing may be known of schedules whose timers have not gone off yet. */
  readonly scope?: Scope;
}

/** A short schedule that breaks something. */
function shortestInScope(
  entry: OrderingEntry,
  scope: Scope,
  found: readonly Choice[],
  { mayGoOnAtFirst }: ExplainLimits,
): ShortInScope {
  const isMissing = ({ findings }: Pick<BrokenSchedule, 'findings'>): boolean =>
    findings.length > 0 && isAboutTheEnd(findings[0]!);
  const findings = findingsOf(entry, scope, found);
  if (findings[0]?.name === 'endless') {
    return { choices: shortenEndless(entry, scope, found), isShortest: false };
  }
  if (!isMissing({ findings })) {
    return { choices: shortenSchedule(entry, scope, found), isShortest: false };
  }
  let shortest = found;
  const state = searchWholeScope(entry, scope, mayGoOnAtFirst, (broken) => {
    if (!isMissing(broken)) return false;
    if (broken.choices.length < shortest.length) shortest = broken.choices;
    return true;
  });
  if (isWholeScope(state)) return { choices: shortest, isShortest: true };
  if (state.broken === null) return shrinkWithSteps(entry, scope, shortest, findings[0]!.name);
  const wrong = shortenSchedule(entry, scope, state.broken.map(parseChoice));
  if (findingsOf(entry, scope, wrong)[0]?.name === 'endless')
    return { choices: shortest, isShortest: false };
  return { choices: wrong.length < shortest.length ? wrong : shortest, isShortest: false };
}

/** A schedule as a space-time diagram in text, around what it breaks, with a number for each step. */
export function tellSchedule(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
  finding: Finding,
): string {
  const run = (observer: Observer): SimulationResult => {
    return replayChoices(entry, scope, choices, observer).result();
  };
  return tellRun(entry, finding, run, 'step');
}

import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { FindingName } from '../check/finding.ts';
import type { Act, Choice } from '../choices/choice.ts';
import { type ChosenSetup, hasLink } from '../choices/chosen-setup.ts';
import {
  SHRINK_CHOICES_LIMITS,
  shrinkChoices,
  type ShrunkSchedule,
} from '../choices/shrink/shrink-choices.ts';
import { drawBroken } from './draw-broken.ts';
import { type Scope, setupOf } from './scope.ts';
import { findingsOf } from './shorten-schedule.ts';

/** How many schedules of each small scope are drawn. */
const DRAWN_MAX = 100;
const SEED = 1;
/** Steps that are taken while a schedule that was drawn is shrunk: it is short already. */
const STEPS_MAX = 100_000;
/** The scopes of which schedules are drawn, the smaller ones first. */
const SIZES = [
  { peers: 2, messages: 1 },
  { peers: 3, messages: 1 },
  { peers: 2, messages: 2 },
] as const;

/**
 * Shrinks a schedule to the steps that it needs to break `name` (shrink-choices.ts). Where it was long, as one of a timed run
 * with many messages is, that may come to an end with hundreds of steps, each of which that one schedule needs. So where not
 * all shorter ones were tried, some schedules of small scopes are drawn: one that breaks the same and becomes
 * shorter takes its place. `null` as there.
 */
export function shrinkOrDraw(
  entry: OrderingEntry,
  setup: ChosenSetup,
  choices: readonly Choice[],
  name: FindingName,
  limits = SHRINK_CHOICES_LIMITS,
): ShrunkSchedule | null {
  const shrunk = shrinkChoices(entry, setup, choices, name, limits);
  if (shrunk?.tried !== 'some') return shrunk;
  for (const scope of smallScopes(entry, shrunk)) {
    const { broken } = drawBroken(entry, scope, SEED, DRAWN_MAX);
    if (broken === null || !doesBreak(entry, scope, broken, name)) continue;
    const few = { ...limits, stepsMax: Math.min(limits.stepsMax, STEPS_MAX), searchStepsMax: 0 };
    const drawn = shrinkChoices(entry, setupOf(scope), broken, name, few);
    if (drawn === null || drawn.choices.length >= shrunk.choices.length) continue;
    return shrinkChoices(entry, drawn.setup, drawn.choices, name, limits);
  }
  return shrunk;
}

/** Whether a schedule breaks `name`, be it among others: a total order that is broken is no uniform one either. */
function doesBreak(
  entry: OrderingEntry,
  scope: Scope,
  choices: readonly Choice[],
  name: FindingName,
): boolean {
  return findingsOf(entry, scope, choices).some((finding) => finding.name === name);
}

/** Scopes that are not larger than the schedule's, without faults first, and then with those of its kinds. */
function smallScopes(entry: OrderingEntry, { setup, choices }: ShrunkSchedule): Scope[] {
  const acts = new Set<Act>(choices.map(({ act }) => act));
  const isLinked = hasLink(entry);
  const crashes = acts.has('crash') ? 1 : 0;
  const losses = acts.has('lose') && !isLinked ? 1 : 0;
  const bounds = [
    { losses: 0, crashes: 0, timers: 1 },
    ...(crashes + losses > 0 ? [{ losses, crashes, timers: 1 }] : []),
    ...(acts.has('fire') ? [{ losses, crashes, timers: 4, lates: 1 }] : []),
  ];
  const channels = isLinked ? 'reliable' : 'datagrams';
  const sizes = SIZES.filter(
    ({ peers, messages }) => peers <= setup.peers && messages <= setup.messages,
  );
  return sizes.flatMap((size) => bounds.map((bound): Scope => ({ ...size, ...bound, channels })));
}

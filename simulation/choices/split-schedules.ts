import { type Choice, formatChoice } from './choice.ts';
import type { ChosenRun } from './chosen-run.ts';
import {
  BEGINNING,
  beginSearchedRun,
  enabledWithin,
  memberOf,
  type SearchSpace,
  type SearchStart,
  sleepAfter,
  sleepOf,
} from './search-space.ts';

/** The most steps of a prefix: parts are not split further, even if there are too few. */
const PREFIX_STEPS_MAX = 40;

/**
 * Cuts a search into at least `partsMin` parts, if the space has them, which together find each
 * schedule once. Which parts they are depends on the space alone.
 *
 * Where a prefix goes on, everything that is possible is a part, with everything before it asleep
 * (Godefroid's sleep sets alone, without the reduction to what races): so that no part has to know what
 * another one finds.
 */
export function splitSchedules(space: SearchSpace, partsMin: number): SearchStart[] {
  let parts = [BEGINNING];
  for (let steps = 0; parts.length < partsMin && steps < PREFIX_STEPS_MAX; steps += 1) {
    parts = parts.flatMap((part) => continuationsOf(space, part));
  }
  return parts;
}

/**
 * Splits a part into parts whose prefixes are a step longer. Returns the part itself where nothing follows
 * its prefix, and none where all that could follow sleeps.
 */
function continuationsOf(space: SearchSpace, part: SearchStart): SearchStart[] {
  const run = replayed(space, part.prefix);
  const enabled = enabledWithin(space, run);
  if (enabled.length === 0) return [part];
  return awakeOf(enabled, part.sleep).map((chosen, index, awake) => ({
    prefix: [...part.prefix, chosen],
    sleep: asleepAfter(chosen, [...part.sleep, ...awake.slice(0, index)]),
  }));
}

function replayed(space: SearchSpace, prefix: readonly Choice[]): ChosenRun {
  const run = beginSearchedRun(space);
  for (const choice of prefix) run.take(choice);
  return run;
}

function awakeOf(enabled: readonly Choice[], sleep: readonly Choice[]): Choice[] {
  const texts = sleepOf(sleep);
  return enabled.filter((choice) => !texts.has(formatChoice(choice)));
}

function asleepAfter(chosen: Choice, sleep: readonly Choice[]): Choice[] {
  const left = sleepAfter(sleepOf(sleep), memberOf(chosen));
  return sleep.filter((choice) => left.has(formatChoice(choice)));
}

import { BEGINNING, type SearchSpace, type SearchStart } from './search-space.ts';
import { GroupStates } from '../states/group-states.ts';
import { SearchedRun } from '../states/searched-run.ts';

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
export function splitSchedules(
  space: SearchSpace,
  partsMin: number,
  states = new GroupStates(space.create, space.scenario),
): SearchStart[] {
  const run = new SearchedRun(states, space);
  let parts = [BEGINNING];
  for (let steps = 0; parts.length < partsMin && steps < PREFIX_STEPS_MAX; steps += 1) {
    parts = parts.flatMap((part) => continuationsOf(run, part));
  }
  return parts;
}

/**
 * Splits a part into parts whose prefixes are a step longer. Returns the part itself where nothing follows
 * its prefix, and none where all that could follow sleeps.
 */
function continuationsOf(run: SearchedRun, part: SearchStart): SearchStart[] {
  const { codes } = run;
  run.undoTo(0);
  for (const code of part.prefix) run.take(code);
  const enabled = run.enabled();
  if (enabled.length === 0) return [part];
  const awake = enabled.filter((code) => !part.sleep.includes(code));
  return awake.map((chosen, index) => {
    const asleep = [...part.sleep, ...awake.slice(0, index)];
    const sleep = asleep.filter((code) => codes.memberOf(code) !== codes.memberOf(chosen));
    return { prefix: [...part.prefix, chosen], sleep };
  });
}

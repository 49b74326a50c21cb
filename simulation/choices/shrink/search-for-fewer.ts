import { type Act, type Choice, messagesIn } from '../choice.ts';
import { boundsOf } from '../shortest/choice-bounds.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { LATENESSES_US } from '../lateness.ts';
import { type Aim, findShortest } from '../shortest/shortest-schedule.ts';

/** Which schedules of fewer steps were tried, all of them: no matter in which order a search goes, and how far it came. */
export type TriedFewer =
  /** Not all of them. */
  | 'some'
  /** All in which every deadline is kept to the instant. */
  | 'deadlinesKept'
  /** These, and all in which members are late for deadlines, by one of `LATENESSES_US` each time. */
  | 'deadlinesLate';

/** What a search for fewer steps came to. */
export interface FewerSteps {
  /** The shortest schedule that was found; the known one where none shorter was. */
  readonly choices: readonly Choice[];
  readonly tried: TriedFewer;
}

/** Acts of members and of the network that a schedule has as often as it needs, whatever the known one has. */
const AS_NEEDED: readonly Act[] = ['multicast', 'deliver', 'close'];

/**
 * Looks for a schedule of fewer steps than `known` that comes to the same aim, with at most its number of deadlines,
 * losses, crashes and so on; first with all deadlines kept, and then with late ones as well. `stepsMax` bounds the
 * steps of both searches together.
 */
export function searchForFewer(
  begin: () => ChosenRun,
  aim: Aim,
  known: readonly Choice[],
  stepsMax: number,
): FewerSteps {
  let best: readonly Choice[] = known;
  let tried: TriedFewer = 'some';
  let steps = 0;
  for (const byUs of [[], LATENESSES_US]) {
    const stepsBefore = steps;
    const mayGoOn = (taken: number): boolean => {
      steps = stepsBefore + taken;
      return steps < stepsMax;
    };
    const lengthMax = best.length - 1;
    const choices = boundsOf(countActs(known), Infinity, { acts: ['fire'], byUs, each: Infinity });
    const found = findShortest(begin, aim, { lengthMax, choices, mayGoOn });
    if (found.choices === null && found.provenLength < lengthMax) break;
    best = found.choices ?? best;
    tried = byUs.length === 0 ? 'deadlinesKept' : 'deadlinesLate';
  }
  // A search takes one message at a time.
  const hasBursts = best.some((choice) => messagesIn(choice) > 1);
  return { choices: best, tried: hasBursts ? 'some' : tried };
}

function countActs(choices: readonly Choice[]): Map<Act, number> {
  const counts = new Map<Act, number>();
  for (const { act } of choices) {
    if (!AS_NEEDED.includes(act)) counts.set(act, (counts.get(act) ?? 0) + 1);
  }
  // A schedule without deadlines is not searched for ones that have some.
  return counts.has('fire') ? counts : counts.set('fire', 0);
}

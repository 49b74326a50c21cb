import { type Choice, formatChoice } from '../choice.ts';
import type { ChosenRun } from '../chosen-run.ts';
import { memberOf } from '../search/search-space.ts';

/** A choice at its place in a schedule. */
export interface PlacedChoice {
  readonly choice: Choice;
  /** The member at which it happens; `null` for what happens to the network. */
  readonly member: number | null;
  /** The step that put the packet on the table of which it speaks; `null` where it speaks of none. */
  readonly cause: number | null;
}

/** What `choice` would be if it came next in a run. */
export function placeNext(run: ChosenRun, choice: Choice): PlacedChoice {
  const packet = 'packet' in choice ? run.packets.get(choice.packet) : undefined;
  const isOfNetwork = !['deliver', 'close'].includes(choice.act) && !('member' in choice);
  return {
    choice,
    member: isOfNetwork ? null : memberOf(choice),
    cause: packet?.sentInStep ?? null,
  };
}

/**
 * Whether a schedule followed by `next` is the same, to every member, as one that comes earlier in the order of the
 * alphabet: then only that one need be looked at. Two choices commute unless they happen at one member, or the one
 * makes the other possible (Mazurkiewicz 1977). A sequence is the first of all that can be made of it by swapping
 * neighbours that commute exactly if none of its choices could be moved before a greater one
 * (Anisimov and Knuth, "Inhomogeneous sorting", 1979); so every class of schedules has one that is left,
 * and so has each of its beginnings.
 *
 * No swap hides what a shortest schedule breaks. Each guarantee is about what members saw, but for one part
 * of integrity: that nothing is delivered before it is multicast. A multicast that could come either before such a
 * delivery or after it is not needed for that, and in the shortest schedule it does not come at all.
 */
export function comesEarlierOtherwise(
  schedule: readonly PlacedChoice[],
  next: PlacedChoice,
): boolean {
  for (let step = schedule.length - 1; step >= 0; step -= 1) {
    const before = schedule[step]!;
    if (!doCommute(before, next, step)) return false;
    if (isGreater(before, next)) return true;
  }
  return false;
}

/** Whether `next` could as well come before step number `step`, as far as these two are concerned. */
function doCommute(before: PlacedChoice, next: PlacedChoice, step: number): boolean {
  if (next.cause === step) return false;
  if (before.member === null && next.member === null) {
    return before.choice.act === 'lose' && next.choice.act === 'lose';
  }
  if (before.member === null) return before.choice.act === 'lose';
  if (next.member === null) return next.choice.act === 'lose';
  // A channel closes once its sender has crashed, and whatever that one sent before is lost with it.
  if (next.choice.act === 'close' && next.choice.from === before.member) return false;
  return before.member !== next.member;
}

function isGreater(before: PlacedChoice, next: PlacedChoice): boolean {
  const [a, b] = [before.member ?? Infinity, next.member ?? Infinity];
  if (a !== Infinity || b !== Infinity) return a > b;
  return formatChoice(before.choice) > formatChoice(next.choice);
}

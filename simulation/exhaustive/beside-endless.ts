import type { OrderingEntry } from '../../core/orderings/registry.ts';
import type { Finding } from '../check/finding.ts';
import type { Choice } from '../choices/choice.ts';
import { drawBroken } from './draw-broken.ts';
import type { Scope } from './scope.ts';

/** How many schedules of each scope are drawn, and how many choices of each are looked at: some seconds in all. */
const DRAWN_MAX = 300;
const CHOICES_MAX = 100;
const SEED = 1;

/** What else was broken by an ordering whose messages cause messages for ever. */
export interface BesideEndless {
  readonly drawn: number;
  /** A schedule that broke something else, in its scope; `null` where none did. */
  readonly other: { readonly scope: Scope; readonly choices: readonly Choice[] } | null;
}

/**
 * Looks for what else an ordering breaks whose messages cause messages for ever, as a token does that goes round while
 * nobody multicasts. No schedule of it comes to an end, so that a search has none to judge: beginnings are drawn at random.
 */
export function lookBesideEndless(
  entry: OrderingEntry,
  scopes: readonly Scope[],
  mayGoOn: () => boolean,
): BesideEndless {
  let all = 0;
  for (const scope of scopes) {
    const { drawn, broken } = drawBroken(entry, scope, SEED, DRAWN_MAX, mayGoOn, CHOICES_MAX);
    all += drawn;
    if (broken !== null) return { drawn: all, other: { scope, choices: broken } };
  }
  return { drawn: all, other: null };
}

/** The finding of an ordering that breaks nothing else, as far as is known. */
export function endlessAlone({ text, ...finding }: Finding, { drawn }: BesideEndless): Finding {
  const known =
    `${text}. By itself that is right for a token that goes round for ever; but so no schedule ends, and what must ` +
    `be delivered in the end cannot be judged. Nothing else was broken in ${drawn} schedules drawn at random, of ` +
    `each of which the first ${CHOICES_MAX} choices were looked at`;
  return { ...finding, text: known };
}

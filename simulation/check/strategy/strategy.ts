/**
 * How `check` chooses the schedule of each seed.
 *
 * - `random`: each by itself, after the seed alone (draw-scenario.ts).
 * - `pct`: the same, but packets go by priorities of their paths, of which `depth - 1` change on the way
 *   (draw-priorities.ts).
 * - `coverage`: what reached something new is changed a little and tried again (coverage-campaign.ts).
 */
export type Strategy =
  | { readonly kind: 'random' }
  | { readonly kind: 'pct'; readonly depth: number }
  | { readonly kind: 'coverage' };

export const STRATEGY_DEFAULT: Strategy = { kind: 'random' };
/** A fault that needs more things in one order than these is found by nobody. */
const PCT_DEPTH_MAX = 20;
export const STRATEGIES_ALLOWED = `random, pct:D with a depth D of 1 to ${PCT_DEPTH_MAX}, or coverage`;

/** @throws RangeError that says what is allowed. */
export function parseStrategy(text: string): Strategy {
  if (text === 'random' || text === 'coverage') return { kind: text };
  const depth = Number(/^pct:(\d{1,3})$/.exec(text)?.[1] ?? 0);
  if (depth >= 1 && depth <= PCT_DEPTH_MAX) return { kind: 'pct', depth };
  throw new RangeError(`"${text}" is no strategy; allowed: ${STRATEGIES_ALLOWED}`);
}

/** The same as text, which `parseStrategy` takes. */
export function formatStrategy(strategy: Strategy): string {
  return strategy.kind === 'pct' ? `pct:${strategy.depth}` : strategy.kind;
}

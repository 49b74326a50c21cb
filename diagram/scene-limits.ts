/** Which of the finding's messages something is about: 0, 1, or none of them (-1). */
export type Rank = -1 | 0 | 1;

interface Ranked {
  readonly rank: Rank;
}

/** How much of what happened is drawn. */
export interface SceneLimits {
  readonly arrowsMax: number;
  /** Between many lines, which stand closer, fewer arrows can be told apart. */
  readonly arrowsNarrowMax: number;
  /** The ordering's own messages, where they are about other multicasts than the finding's: all, or none. */
  readonly controlArrowsMax: number;
  /** What is sent again and again is drawn so often where it was lost, and where it came. */
  readonly attemptsMax: number;
  readonly marksMax: number;
  readonly holdsMax: number;
  /** Whether acknowledgements and heartbeats of the links are drawn. */
  readonly routine: boolean;
  /** Which of too many. */
  readonly choose: <Item extends Ranked>(items: readonly Item[], max: number) => Item[];
}

/** Of a picture that is looked at as a whole. */
export const PICTURE_LIMITS: SceneLimits = {
  arrowsMax: 300,
  arrowsNarrowMax: 120,
  controlArrowsMax: 80,
  attemptsMax: 1,
  marksMax: 600,
  holdsMax: 300,
  routine: false,
  choose: firstOf,
};

/** Of one that is moved under a window: what is too much now is drawn when somebody looks closer. */
export const STRIP_LIMITS: SceneLimits = {
  arrowsMax: 6_000,
  arrowsNarrowMax: 6_000,
  controlArrowsMax: Infinity,
  attemptsMax: Infinity,
  marksMax: 6_000,
  holdsMax: 3_000,
  routine: false,
  choose: evenlyOf,
};

const LANES_WIDE_MAX = 8;

/** The arrows that are drawn between so many lines. */
export function limitArrows<Arrow extends Ranked & { readonly control: boolean }>(
  arrows: readonly Arrow[],
  lanes: number,
  limits: SceneLimits,
): Arrow[] {
  const isExtra = ({ control, rank }: Arrow): boolean => control && rank < 0;
  const extra = arrows.filter(isExtra);
  const chosen =
    extra.length > limits.controlArrowsMax ? arrows.filter((each) => !isExtra(each)) : arrows;
  return limits.choose(chosen, lanes > LANES_WIDE_MAX ? limits.arrowsNarrowMax : limits.arrowsMax);
}

/** What is about the finding first, then whatever comes first; in its own order again. */
function firstOf<Item extends Ranked>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items];
  const ranked = items.filter(({ rank }) => rank >= 0).slice(0, max);
  const others = items.filter(({ rank }) => rank < 0).slice(0, max - ranked.length);
  const chosen = new Set([...ranked, ...others]);
  return items.filter((item) => chosen.has(item));
}

/** What is about the finding, and of the rest each so many-th: no stretch of time is left empty. */
function evenlyOf<Item extends Ranked>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items];
  const step = Math.ceil(items.length / max);
  return items.filter(({ rank }, place) => rank >= 0 || place % step === 0);
}

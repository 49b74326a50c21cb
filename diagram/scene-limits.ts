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
  /** The most arrows of the ordering's own messages about other multicasts than the finding's; of more, none. */
  readonly controlArrowsMax: number;
  /** How many repeated sendings of one message are drawn: where it was lost, and where it came. */
  readonly attemptsMax: number;
  readonly marksMax: number;
  readonly holdsMax: number;
  /** Whether the ordering's own messages about other multicasts than the finding's are wanted at all. */
  readonly control: boolean;
  /** Whether acknowledgements and heartbeats of the links are drawn. */
  readonly routine: boolean;
  /** Chooses among too many. */
  readonly choose: <Item extends Ranked>(items: readonly Item[], max: number) => Item[];
}

/** The limits of a picture that is looked at as a whole. */
export const PICTURE_LIMITS: SceneLimits = {
  arrowsMax: 300,
  arrowsNarrowMax: 120,
  controlArrowsMax: 80,
  attemptsMax: 1,
  marksMax: 600,
  holdsMax: 300,
  control: true,
  routine: false,
  choose: firstOf,
};

/** The limits of a picture that is moved under a window: a reader who wants more zooms in. */
export const STRIP_LIMITS: SceneLimits = {
  arrowsMax: 6_000,
  arrowsNarrowMax: 6_000,
  controlArrowsMax: Infinity,
  attemptsMax: Infinity,
  marksMax: 6_000,
  holdsMax: 3_000,
  control: true,
  routine: false,
  choose: evenlyOf,
};

const LANES_WIDE_MAX = 8;

/** The arrows that are drawn between `lanes` lines. */
export function limitArrows<Arrow extends Ranked & { readonly control: boolean }>(
  arrows: readonly Arrow[],
  lanes: number,
  limits: SceneLimits,
): Arrow[] {
  const extra = arrows.filter(isExtra);
  const chosen =
    extra.length > limits.controlArrowsMax ? arrows.filter((each) => !isExtra(each)) : arrows;
  return limits.choose(chosen, lanes > LANES_WIDE_MAX ? limits.arrowsNarrowMax : limits.arrowsMax);
}

/** Whether it is one of the ordering's own messages, about another multicast than the finding's. */
export function isExtra({ control, rank }: Ranked & { readonly control: boolean }): boolean {
  return control && rank < 0;
}

/** Keeps what is about the finding, then whatever comes first; the result is in the same order. */
function firstOf<Item extends Ranked>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items];
  const ranked = items.filter(({ rank }) => rank >= 0).slice(0, max);
  const others = items.filter(({ rank }) => rank < 0).slice(0, max - ranked.length);
  const chosen = new Set([...ranked, ...others]);
  return items.filter((item) => chosen.has(item));
}

/** Keeps what is about the finding, and the others at equal steps, so that no stretch of time is left empty. */
function evenlyOf<Item extends Ranked>(items: readonly Item[], max: number): Item[] {
  if (items.length <= max) return [...items];
  const step = Math.ceil(items.length / max);
  return items.filter(({ rank }, place) => rank >= 0 || place % step === 0);
}

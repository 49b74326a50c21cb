/** A stretch of time, in microseconds. */
export interface TimeSpan {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** A zoom as d3-zoom has it: a point at `p` without zoom is shown at `k * p + x`. */
export interface ZoomState {
  readonly k: number;
  readonly x: number;
}

/** A picture is wider than the window by this share of it on each side, so that it can be moved. */
const MARGIN_SHARE = 0.6;
/**
 * A new picture is drawn when the window comes nearer to the edge of the present one than this share of its
 * width.
 */
const NEAR_SHARE = 0.15;
/** A picture that is stretched by more than this factor is too coarse, and is drawn anew. */
const STRETCH_MAX = 1.02;
/** Nobody needs to see less than this many microseconds over the whole width. */
const SPAN_US_MIN = 200;
/** Nor less than this many places, where no time is known. */
const SPAN_PLACES_MIN = 10;

const EDGE_SHARE = 0.03;

/** The shortest stretch of a run that can be seen, whose times are times or else places in its order. */
export function leastSeen(isTimed: boolean): number {
  return isTimed ? SPAN_US_MIN : SPAN_PLACES_MIN;
}

/** How far one can zoom into a run of `endUs`, of which `leastUs` can be seen. */
export function zoomMax(endUs: number, leastUs: number): number {
  return Math.max(1, endUs / leastUs);
}

/** All that can be seen of a run of `endUs`: a little more than itself, so that its ends are not at the edge. */
export function wholeOf(endUs: number): TimeSpan {
  return { fromUs: -EDGE_SHARE * endUs, untilUs: (1 + EDGE_SHARE) * endUs };
}

/** The time that is seen of a run of `endUs`, in a window of `widthPx`. */
export function seenOf({ k, x }: ZoomState, endUs: number, widthPx: number): TimeSpan {
  const whole = wholeOf(endUs);
  const lengthUs = whole.untilUs - whole.fromUs;
  const fromUs = whole.fromUs - (x / k / widthPx) * lengthUs;
  return { fromUs, untilUs: fromUs + lengthUs / k };
}

/** The zoom by which `span` is seen, or as much of it as there is, and `leastUs` at least. */
export function zoomTo(
  { fromUs, untilUs }: TimeSpan,
  endUs: number,
  widthPx: number,
  leastUs: number,
): ZoomState {
  const whole = wholeOf(endUs);
  const wholeUs = whole.untilUs - whole.fromUs;
  const lengthUs = Math.min(wholeUs, Math.max(leastUs, untilUs - fromUs));
  const k = wholeUs / lengthUs;
  const middleUs = (fromUs + untilUs) / 2;
  const least = Math.max(whole.fromUs, Math.min(whole.untilUs - lengthUs, middleUs - lengthUs / 2));
  return { k, x: -((least - whole.fromUs) / wholeUs) * widthPx * k };
}

/** The time that is drawn, so that the window over `seen` can be moved to both sides. */
export function drawnAround({ fromUs, untilUs }: TimeSpan, endUs: number): TimeSpan {
  const lengthUs = untilUs - fromUs;
  const whole = wholeOf(endUs);
  return {
    fromUs: Math.max(whole.fromUs, fromUs - MARGIN_SHARE * lengthUs),
    untilUs: Math.min(whole.untilUs, untilUs + MARGIN_SHARE * lengthUs),
  };
}

/** How a picture of `drawn`, `drawnPx` wide, lies under a window of `widthPx` that shows `seen`. */
export function placeStrip(
  drawn: TimeSpan,
  drawnPx: number,
  seen: TimeSpan,
  widthPx: number,
): { readonly offsetPx: number; readonly stretch: number } {
  const density = widthPx / (seen.untilUs - seen.fromUs);
  const stretch = (density * (drawn.untilUs - drawn.fromUs)) / drawnPx;
  return { offsetPx: (drawn.fromUs - seen.fromUs) * density, stretch };
}

/** Whether the picture is too coarse, or ends too near to what is seen, so that another is wanted. */
export function isWorn(
  drawn: TimeSpan,
  drawnPx: number,
  seen: TimeSpan,
  widthPx: number,
  endUs: number,
): boolean {
  const { stretch } = placeStrip(drawn, drawnPx, seen, widthPx);
  if (stretch > STRETCH_MAX || stretch < 1 / STRETCH_MAX) return true;
  const nearUs = NEAR_SHARE * (seen.untilUs - seen.fromUs);
  const wanted = drawnAround(seen, endUs);
  return (
    (drawn.fromUs > wanted.fromUs && seen.fromUs - drawn.fromUs < nearUs) ||
    (drawn.untilUs < wanted.untilUs && drawn.untilUs - seen.untilUs < nearUs)
  );
}

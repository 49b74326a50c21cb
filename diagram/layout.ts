import type { Scene } from './scene.ts';
import { textWidth } from '../svg/text-width.ts';
import { TimeScale } from './time-scale.ts';

export const WIDTH = 1_160;
export const MARGIN = 24;
/** The names of the peers stand left of the lines, the order of their deliveries right of them. */
const NAMES_WIDTH = 158;
const ORDERS_WIDTH = 240;
const LANES_HEIGHT = 340;
const GAP_MIN = 27;
const GAP_MAX = 112;
/** The room above the first line, for two rows of labels. */
const ABOVE_LANES = 52;
/** The room left of the first event, and right of the last. */
const PADDING = 30;
/** Labels stand in rows; the first is far enough from the line that a mark fits between. */
const FIRST_ROW = 14;
const ROW = 15;
/** Rows in which labels are tried, and whether off the lines: near and crossed is better than far off. */
const PLACES_TRIED: readonly (readonly [row: number, isStrict: boolean])[] = [
  [0, true],
  [1, true],
  [0, false],
  [1, false],
  [2, true],
  [2, false],
];

/** A rectangle; `Segment` below is a line from one point to another. */
interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Segment {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Where times and peers are on the picture. */
export class Layout {
  readonly left: number;
  readonly right: number;
  readonly gap: number;
  /** The height of the first line. */
  readonly top: number;
  /** The height of the time axis. */
  readonly axis: number;
  readonly scale: TimeScale;
  readonly #rows: ReadonlyMap<number, number>;
  readonly #boxes: Box[] = [];
  readonly #segments: Segment[] = [];

  /**
   * `headerBottom`: everything above it is taken. `stripWidth`: the width of a picture without names and orders,
   * on which time goes evenly from edge to edge.
   */
  constructor(scene: Scene, headerBottom: number, stripWidth: number | null = null) {
    const count = scene.lanes.length;
    this.left = stripWidth === null ? MARGIN + NAMES_WIDTH : 0;
    this.right = stripWidth ?? WIDTH - MARGIN - ORDERS_WIDTH;
    this.scale =
      stripWidth === null
        ? new TimeScale(shownTimes(scene), this.left + PADDING, this.right - PADDING)
        : new TimeScale([scene.fromUs, scene.untilUs], 0, stripWidth);
    this.#rows = new Map(scene.lanes.map((peer, row) => [peer, row]));
    this.gap = Math.min(GAP_MAX, Math.max(GAP_MIN, LANES_HEIGHT / Math.max(1, count - 1)));
    this.top = headerBottom + ABOVE_LANES;
    this.axis = this.top + (count - 1) * this.gap + Math.max(40, this.gap / 2);
  }

  x(atUs: number): number {
    return this.scale.x(atUs);
  }

  /** The place of a time; at the edge for a time beyond it. */
  xInside(atUs: number): number {
    return Math.min(this.right, Math.max(this.left, this.x(atUs)));
  }

  /** Whether a time is on the picture. */
  shows(atUs: number): boolean {
    return this.xInside(atUs) === this.x(atUs);
  }

  y(peer: number): number {
    return this.top + (this.#rows.get(peer) ?? 0) * this.gap;
  }

  /** Whether a label may stand `row` rows away from the line without coming near the next one. */
  #reaches(row: number): boolean {
    return row === 0 || FIRST_ROW + row * ROW <= this.gap / 2 + 4;
  }

  /**
   * Finds a place for a label of `size` beside the point (`x`, line of `peer`), where nothing else
   * stands, and off the lines of the finding if possible; `null` where all near places are taken.
   * `below` is the distance under the line that other things take.
   */
  place(
    x: number,
    peer: number,
    text: string,
    size: number,
    below: number,
  ): { readonly x: number; readonly y: number } | null {
    const width = textWidth(text, size, 'bold');
    const y = this.y(peer);
    const under = Math.max(below, 9);
    for (const [row, isStrict] of PLACES_TRIED) {
      if (!this.#reaches(row)) continue;
      for (const baseline of [y - FIRST_ROW - row * ROW, y + under + size + 1 + row * ROW]) {
        for (const left of [x - width / 2, x - 6, x - width + 6, x + 12, x - width - 12]) {
          const box = { left, right: left + width, top: baseline - size, bottom: baseline + 3 };
          if (!this.#isFree(box, isStrict)) continue;
          this.#boxes.push(box);
          return { x: left, y: baseline };
        }
      }
    }
    return null;
  }

  /** Keeps labels away from a mark. */
  reserve(x: number, peer: number, radius: number): void {
    const y = this.y(peer);
    this.#boxes.push({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
  }

  /** Keeps labels off a line where there is room elsewhere. */
  avoid(from: readonly [number, number], to: readonly [number, number]): void {
    this.#segments.push({ from, to });
  }

  #isFree(box: Box, isStrict: boolean): boolean {
    const { left, right, top, bottom } = box;
    if (left < this.left - 10 || right > this.right + 14) return false;
    const isTaken = this.#boxes.some(
      (taken) =>
        taken.left < right + 4 &&
        taken.right > left - 4 &&
        taken.top < bottom &&
        taken.bottom > top,
    );
    return !isTaken && !(isStrict && this.#segments.some((segment) => crosses(segment, box)));
  }
}

/** When anything happens that is shown. */
function shownTimes({ fromUs, untilUs, arrows, marks, crashes, pauses }: Scene): number[] {
  const times = [
    ...arrows
      .filter(({ control, rank, lost }) => !lost && (rank >= 0 || !control))
      .flatMap(({ sentUs, arrivesUs }) => [sentUs, arrivesUs]),
    ...marks.map(({ atUs }) => atUs),
    ...crashes.values(),
    ...pauses.flatMap((pause) => [pause.fromUs, pause.untilUs]),
  ];
  return [fromUs, untilUs, ...times.filter((us) => us > fromUs && us < untilUs)];
}

/** Whether a line passes through a box (Liang and Barsky 1984). */
function crosses({ from, to }: Segment, { left, right, top, bottom }: Box): boolean {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  let [enter, leave] = [0, 1];
  const edges: readonly (readonly [number, number])[] = [
    [-dx, from[0] - left],
    [dx, right - from[0]],
    [-dy, from[1] - top],
    [dy, bottom - from[1]],
  ];
  for (const [slope, distance] of edges) {
    if (slope === 0) {
      if (distance < 0) return false;
      continue;
    }
    const share = distance / slope;
    if (slope < 0) enter = Math.max(enter, share);
    else leave = Math.min(leave, share);
  }
  return enter <= leave;
}

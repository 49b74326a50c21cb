import { type Layout, MARGIN } from './layout.ts';
import type { Scene, SceneSpan } from './scene.ts';
import type { Rank } from './scene-limits.ts';
import type { Gap } from './time-scale.ts';
import { shortenToWidth } from '../svg/wrap-text.ts';
import { SMALL_PX, TINY_PX } from './style.ts';
import { element, groupDigits, pathData, textElement } from './svg.ts';

/** What the label of a peer's line says. */
export interface DiagramPeer {
  /** Its name, where it has one besides its number: any text, of any length. */
  readonly name: string | null;
  readonly zone: string | null;
}

/** Where lines are closer than this, name and zone share a row. */
const TWO_ROWS_GAP_MIN = 36;
/** Where "peer 15" ends, from the margin on. */
const NUMBER_WIDTH = 60;
/** About how far apart ticks are. */
const TICK_WIDTH = 90;
const TICKS_MAX = 200;
const HOLD_HEIGHT = 5;
const HOLD_TRACKS_MAX = 4;
/** The least distance of lines for each track between them. */
const HOLD_TRACK_GAP = 27;

/**
 * Draws the time axis, and a line for each peer with its name, pauses and crash; without names where `peers`
 * is `null`.
 */
export function drawLanes(
  scene: Scene,
  layout: Layout,
  peers: readonly DiagramPeer[] | null,
  unit: 'ms' | 'position',
): string {
  const lines = scene.lanes.map((peer) => {
    const name = peers === null ? '' : drawName(layout, peer, peers[peer]!);
    return element('g', { class: `peer-${peer}` }, name + drawLane(scene, layout, peer));
  });
  const title = peers === null ? '' : drawUnit(layout, unit);
  return [drawAxis(scene, layout, unit, title), ...lines].join('\n');
}

function drawAxis(
  { fromUs }: Scene,
  layout: Layout,
  unit: 'ms' | 'position',
  title: string,
): string {
  const perUnit = unit === 'ms' ? 1_000 : 1;
  const step = stepOf(TICK_WIDTH / (layout.scale.density * perUnit), unit === 'ms' ? 0 : 1);
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  const parts: string[] = [];
  let lastX = -Infinity;
  for (const tick of ticksOf(layout, fromUs / perUnit, step, perUnit)) {
    const x = layout.x(tick * perUnit);
    // Beside a gap the first tick may come near the last one before it.
    if (x - lastX < TICK_WIDTH / 2) continue;
    lastX = x;
    const d = pathData(['M', x, layout.top - 14], ['L', x, layout.axis]);
    const label = groupDigits(tick, decimals);
    parts.push(element('path', { class: 'grid', d }));
    parts.push(textElement(x, layout.axis + 16, label, { class: 'soft', 'text-anchor': 'middle' }));
  }
  parts.push(title);
  parts.push(...layout.scale.gaps.map((gap) => drawGap(gap, layout)));
  return element('g', { class: 'axis' }, parts.join(''));
}

function drawUnit(layout: Layout, unit: 'ms' | 'position'): string {
  const title = unit === 'ms' ? 'time in ms' : 'position in the order';
  const at = [layout.left - 16, layout.axis + 16] as const;
  return textElement(...at, title, { class: 'soft', 'text-anchor': 'end' });
}

/**
 * The multiples of `step` that are neither outside the picture nor in a gap; the width bounds their
 * number.
 */
function ticksOf(layout: Layout, from: number, step: number, perUnit: number): number[] {
  const starts = [from, ...layout.scale.gaps.map(({ untilUs }) => untilUs / perUnit)];
  const ends = [...layout.scale.gaps.map(({ fromUs }) => fromUs / perUnit), Infinity];
  return starts.flatMap((start, index) => {
    const ticks: number[] = [];
    const first = Math.ceil(start / step - 1e-9);
    for (let count = 0; count < TICKS_MAX; count += 1) {
      const tick = (first + count) * step;
      if (tick > ends[index]! || layout.x(tick * perUnit) > layout.right) break;
      ticks.push(tick);
    }
    return ticks;
  });
}

/** Draws a sign on the axis that time is cut short, and by how much. */
function drawGap({ fromUs, untilUs }: Gap, layout: Layout): string {
  const [from, until] = [layout.x(fromUs), layout.x(untilUs)];
  const middle = (from + until) / 2;
  const [top, bottom] = [layout.top - 14, layout.axis];
  const ms = (untilUs - fromUs) / 1_000;
  const length = ms < 1_000 ? `${groupDigits(ms, 1)} ms` : `${groupDigits(ms / 1_000, 1)} s`;
  const attributes = { class: 'soft small', 'text-anchor': 'middle' };
  return (
    element('rect', {
      class: 'gap',
      x: from + 6,
      y: top,
      width: until - from - 12,
      height: bottom - top,
    }) + textElement(middle, layout.axis + 32, length, attributes)
  );
}

/** 1, 2 or 5 times a power of ten, not less than `rough` and `least`. */
function stepOf(rough: number, least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1e-3)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= rough) ?? 10;
  return Math.max(factor * power, least);
}

function drawName(layout: Layout, peer: number, { name, zone }: DiagramPeer): string {
  const y = layout.y(peer);
  const subtitle = [name, zone].filter((each) => each !== null).join(' in ');
  const widthMax = layout.left - MARGIN;
  const isWide = layout.gap >= TWO_ROWS_GAP_MIN;
  const nameY = isWide && subtitle !== '' ? y - 1 : y + 5;
  const title = textElement(MARGIN, nameY, `peer ${peer}`, { class: 'name' });
  if (isWide) {
    const text = shortenToWidth(subtitle, SMALL_PX, widthMax);
    return title + textElement(MARGIN, y + 13, text, { class: 'soft small' });
  }
  const text = shortenToWidth(subtitle, TINY_PX, widthMax - NUMBER_WIDTH);
  return title + textElement(MARGIN + NUMBER_WIDTH, y + 5, text, { class: 'soft tiny' });
}

function drawLane(scene: Scene, layout: Layout, peer: number): string {
  const y = layout.y(peer);
  const crashUs = scene.crashes.get(peer) ?? Infinity;
  const end = crashUs > scene.untilUs ? layout.right : layout.xInside(crashUs);
  const parts: string[] = [];
  if (end > layout.left) parts.push(line('lane', layout.left, end, y));
  if (end < layout.right) parts.push(line('lane dead', end, layout.right, y));
  for (const pause of scene.pauses) if (pause.peer === peer) parts.push(drawPause(layout, pause));
  return parts.join('');
}

function line(classes: string, from: number, to: number, y: number): string {
  return element('path', { class: classes, d: pathData(['M', from, y], ['L', to, y]) });
}

function drawPause(layout: Layout, { peer, fromUs, untilUs }: SceneSpan): string {
  const [x, end] = [layout.xInside(fromUs), layout.xInside(untilUs)];
  const y = layout.y(peer) - 9;
  return element('rect', { class: 'pause', x, y, width: Math.max(1, end - x), height: 18, rx: 3 });
}

/**
 * Draws bars under the lines for messages that were held back; returns how far down those of each peer
 * go.
 */
export function drawHolds({ holds }: Scene, layout: Layout, depths: Map<number, number>): string {
  const tracksMax = Math.min(HOLD_TRACKS_MAX, Math.max(1, Math.floor(layout.gap / HOLD_TRACK_GAP)));
  const ends = new Map<number, number[]>();
  const ordered = [...holds].sort(
    (one, other) => Number(other.rank >= 0) - Number(one.rank >= 0) || one.fromUs - other.fromUs,
  );
  const bars = ordered.map((hold) => {
    const [x, end] = [layout.xInside(hold.fromUs), layout.xInside(hold.untilUs)];
    const tracks = ends.get(hold.peer) ?? [];
    const free = tracks.findIndex((until) => until <= x);
    const track = free >= 0 ? free : Math.min(tracks.length, tracksMax - 1);
    tracks[track] = Math.max(end, tracks[track] ?? 0);
    ends.set(hold.peer, tracks);
    const y = layout.y(hold.peer) + 8 + track * (HOLD_HEIGHT + 1);
    const depth = 8 + (track + 1) * (HOLD_HEIGHT + 1);
    depths.set(hold.peer, Math.max(depth, depths.get(hold.peer) ?? 0));
    return element('rect', {
      class: holdClass(hold.rank),
      x,
      y,
      width: Math.max(1, end - x),
      height: HOLD_HEIGHT,
      rx: 1.5,
    });
  });
  // The finding's bars are placed first, and drawn last, so that nothing is on top of them.
  return element('g', { class: 'holds' }, bars.reverse().join(''));
}

function holdClass(rank: Rank): string {
  if (rank < 0) return 'hold';
  return rank === 0 ? 'af' : 'bf';
}

import { isSameMessage, messageName, type MessageId } from './finding.ts';
import type { Layout } from './layout.ts';
import type { Arrow, Mark, Scene } from './scene.ts';
import { element, pathData, textElement } from './svg.ts';

const HEAD = 7;
/** The share of its way after which the arrow of a lost message ends. */
const LOST_SHARE = 0.5;
const LABEL_SIZE = 12;
export const RADIUS = 6;
const LANES_TOLD_MAX = 8;

/** Draws the arrows, those of the finding on top. */
export function drawArrows({ arrows }: Scene, layout: Layout): string {
  const ordered = [...arrows].sort((one, other) => weight(one) - weight(other));
  const drawn = ordered.map((arrow) => drawArrow(arrow, layout));
  return element('g', { class: 'messages' }, drawn.join('\n'));
}

function weight({ rank, control }: Arrow): number {
  return (rank >= 0 ? 2 : 0) + (control ? 0 : 1);
}

export function arrowClass({ rank, control }: Pick<Arrow, 'rank' | 'control'>): string {
  if (rank < 0) return control ? 'control' : 'other';
  return `${rank === 0 ? 'a' : 'b'}${control ? ' about' : ''}`;
}

function drawArrow(arrow: Arrow, layout: Layout): string {
  const [x, y] = [layout.x(arrow.sentUs), layout.y(arrow.from)];
  const [endX, endY] = [layout.x(arrow.arrivesUs), layout.y(arrow.to)];
  const share = arrow.lost ? LOST_SHARE : 1;
  const tip = [x + (endX - x) * share, y + (endY - y) * share] as const;
  const [from, to] = [clip(tip, [x, y], layout), clip([x, y], tip, layout)];
  if (from === null || to === null) return '';
  if (arrow.rank >= 0) layout.avoid(from, to);
  const classes = arrowClass(arrow);
  const shaft = element('path', { class: classes, d: pathData(['M', ...from], ['L', ...to]) });
  // An arrow whose message arrives after the end of the picture has its head there.
  if (tip[0] > layout.right) return shaft;
  if (arrow.lost) return shaft + drawCross(...tip, arrow.rank < 0 ? 4 : 6, arrow.rank < 0);
  return shaft + drawHead([x, y], tip, arrow.rank < 0 ? HEAD - 2 : HEAD, classes);
}

type Point = readonly [number, number];

/** The end `to` of the line from `from`, moved to the edge of the picture if it is beyond. */
function clip(from: Point, to: Point, { left, right }: Layout): Point | null {
  const edge = Math.min(right, Math.max(left, to[0]));
  if (edge === to[0]) return to;
  if (from[0] === to[0]) return null;
  const share = (edge - from[0]) / (to[0] - from[0]);
  return share < 0 ? null : [edge, from[1] + (to[1] - from[1]) * share];
}

function drawHead([x, y]: Point, [tipX, tipY]: Point, head: number, classes: string): string {
  const length = Math.hypot(tipX - x, tipY - y);
  if (length < 1) return '';
  const [alongX, alongY] = [(tipX - x) / length, (tipY - y) / length];
  // The head ends at the rim of the mark that may stand at its tip.
  const [headX, headY] = [tipX - alongX * 3, tipY - alongY * 3];
  const [backX, backY] = [headX - alongX * head, headY - alongY * head];
  const d = pathData(
    ['M', backX - alongY * head * 0.5, backY + alongX * head * 0.5],
    ['L', headX, headY],
    ['L', backX + alongY * head * 0.5, backY - alongX * head * 0.5],
  );
  return element('path', { class: `${classes} head`, d });
}

/** Draws a cross where something ended for good. */
export function drawCross(x: number, y: number, size: number, faint = false): string {
  const d = pathData(
    ['M', x - size, y - size],
    ['L', x + size, y + size],
    ['M', x - size, y + size],
    ['L', x + size, y - size],
  );
  return element('path', { class: faint ? 'bad faint' : 'bad', d });
}

/** Draws a full circle or diamond, or an empty one, with `size` from its middle to its rim. */
export function drawMessageSymbol(
  rank: 0 | 1,
  x: number,
  y: number,
  size: number,
  full: boolean,
): string {
  const classes = `${rank === 0 ? 'a' : 'b'}${full ? 'f' : 'r'}`;
  if (rank === 0) return element('circle', { class: classes, cx: x, cy: y, r: size });
  const reach = size * 1.25;
  const d = pathData(
    ['M', x - reach, y],
    ['L', x, y - reach],
    ['L', x + reach, y],
    ['L', x, y + reach],
  );
  return element('path', { class: classes, d: `${d}Z` });
}

/** Draws the multicasts and deliveries that the finding is not about. */
export function drawFaintMarks({ marks }: Scene, layout: Layout): string {
  const drawn = marks
    .filter(({ rank, atUs }) => rank < 0 && layout.shows(atUs))
    .map(({ what, peer, atUs }) => {
      const [x, y] = [layout.x(atUs), layout.y(peer)];
      if (what === 'multicast') return element('circle', { class: 'dot', cx: x, cy: y, r: 3.2 });
      const reach = Math.min(7, layout.gap / 4);
      return element('path', {
        class: 'tick',
        d: pathData(['M', x, y - reach], ['L', x, y + reach]),
      });
    });
  return element('g', { class: 'marks' }, drawn.join(''));
}

/** Writes at each mark which message it is of, where there is room. */
export function drawFaintNames({ marks }: Scene, layout: Layout): string {
  const names = marks
    .filter(({ rank }) => rank < 0)
    .map(({ peer, atUs, message }) => {
      const text = messageName(message);
      const place = layout.place(layout.x(atUs), peer, text, LABEL_SIZE, 0);
      return place === null ? '' : textElement(place.x, place.y, text, { class: 'soft' });
    });
  return element('g', { class: 'names' }, names.join(''));
}

/** A mark of the finding, where it is drawn. */
interface PlacedMark extends Mark {
  readonly x: number;
  readonly rank: 0 | 1;
}

/** Draws the marks of the finding's messages, with what happens in words beside each. */
export function drawRankedMarks(
  scene: Scene,
  layout: Layout,
  depths: ReadonlyMap<number, number>,
): string {
  const placed = placeMarks(scene, layout);
  const symbols = placed.map(({ what, peer, x, rank }) => {
    layout.reserve(x, peer, RADIUS + 2);
    const isRing = what === 'multicast';
    return drawMessageSymbol(rank, x, layout.y(peer), isRing ? RADIUS + 4 : RADIUS - 0.5, !isRing);
  });
  const labels = captionsOf(placed, scene).map(({ peer, x, rank, text }) => {
    const place = layout.place(x, peer, text, LABEL_SIZE, depths.get(peer) ?? 0);
    if (place === null) return '';
    const classes = `${rank === 0 ? 'af' : 'bf'} strong halo`;
    return textElement(place.x, place.y, text, { class: classes });
  });
  const nevers = scene.nevers.map((never) => drawNever(never, layout, depths));
  const crashes = drawCrashes(scene, layout, depths);
  return element('g', { class: 'finding' }, [...symbols, ...labels, ...nevers, crashes].join('\n'));
}

function drawNever(
  { peer, atUs, message }: Mark,
  layout: Layout,
  depths: ReadonlyMap<number, number>,
): string {
  const text = `never delivers ${messageName(message)}`;
  const place = layout.place(layout.xInside(atUs), peer, text, LABEL_SIZE, depths.get(peer) ?? 0);
  if (place === null) return '';
  return textElement(place.x, place.y, text, { class: 'badtext strong halo' });
}

/** Marks of one peer at the same time, or nearly, stand beside each other in their order. */
function placeMarks({ marks }: Scene, layout: Layout): PlacedMark[] {
  const last = new Map<number, PlacedMark>();
  const placed: PlacedMark[] = [];
  for (const mark of marks) {
    const { rank, peer, what, atUs } = mark;
    if (rank < 0 || !layout.shows(atUs)) continue;
    const before = last.get(peer);
    const isOwn = before?.rank === rank && before.what === 'multicast' && what === 'deliver';
    const least = before === undefined ? -Infinity : before.x + (isOwn ? 0 : 2 * RADIUS + 1);
    const next = { ...mark, rank: rank as 0 | 1, x: Math.max(layout.x(atUs), least) };
    last.set(peer, next);
    placed.push(next);
  }
  return placed;
}

interface Caption {
  readonly peer: number;
  readonly x: number;
  readonly rank: 0 | 1;
  readonly text: string;
}

/**
 * The captions, one for each mark; a multicast and the delivery of the same message at the same time
 * share one.
 */
function captionsOf(marks: readonly PlacedMark[], { orders, lanes, told }: Scene): Caption[] {
  const shared = new Set<PlacedMark>();
  return marks.flatMap((mark) => {
    const { peer, x, rank, what, message, atUs } = mark;
    // Where the lines are many, only those that matter are told in words.
    if (shared.has(mark) || (lanes.length > LANES_TOLD_MAX && !told.has(peer))) return [];
    const name = messageName(message);
    const ordinal = ordinalOf(mark, marks, orders[peer] ?? []);
    if (what === 'deliver') return [{ peer, x, rank, text: `delivers ${name}${ordinal}` }];
    const own = marks.find(
      (other) =>
        other.what === 'deliver' &&
        other.peer === peer &&
        other.rank === rank &&
        other.atUs === atUs,
    );
    if (own === undefined) return [{ peer, x, rank, text: `multicasts ${name}` }];
    shared.add(own);
    return [{ peer, x, rank, text: `multicasts ${name}, delivers it${ordinal}` }];
  });
}

/** Which of the finding's two messages the peer of a mark delivered first, if it delivered both. */
function ordinalOf(
  { message, rank }: PlacedMark,
  marks: readonly PlacedMark[],
  order: readonly MessageId[],
): string {
  const other = marks.find((each) => each.rank !== rank)?.message;
  if (other === undefined) return '';
  const own = order.findIndex((each) => isSameMessage(each, message));
  const its = order.findIndex((each) => isSameMessage(each, other));
  if (own < 0 || its < 0) return '';
  return own < its ? ' first' : ' second';
}

function drawCrashes(
  { crashes, lanes, fromUs, untilUs }: Scene,
  layout: Layout,
  depths: ReadonlyMap<number, number>,
): string {
  const drawn = lanes.map((peer) => {
    const atUs = crashes.get(peer);
    if (atUs === undefined || atUs > untilUs) return '';
    const x = layout.xInside(atUs);
    const text = atUs < fromUs ? 'crashed before' : 'crashes';
    const place = layout.place(x, peer, text, LABEL_SIZE, depths.get(peer) ?? 0);
    const label =
      place === null ? '' : textElement(place.x, place.y, text, { class: 'badtext strong halo' });
    return drawCross(x, layout.y(peer), 8) + label;
  });
  return drawn.join('');
}

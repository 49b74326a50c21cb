import { arrowClass, drawCross, drawSymbol } from './draw-messages.ts';
import { messageName, type Finding } from './finding.ts';
import { MARGIN, WIDTH } from './layout.ts';
import type { Scene } from './scene.ts';
import { element, pathData, textElement, textWidth } from './svg.ts';

const SYMBOL_WIDTH = 34;
const ROW_HEIGHT = 22;

interface Item {
  readonly text: string;
  /** Draws its sample between `x` and `x` + SYMBOL_WIDTH. */
  readonly draw: (x: number, y: number) => string;
}

/** What the signs mean that this picture has; gives also where it ends. */
export function drawLegend(
  scene: Scene,
  isCut: boolean,
  finding: Finding,
  top: number,
): { readonly svg: string; readonly bottom: number } {
  let [x, y] = [MARGIN, top];
  const parts: string[] = [];
  for (const { text, draw } of itemsOf(scene, finding, isCut)) {
    const width = SYMBOL_WIDTH + 6 + textWidth(text, 12) + 18;
    if (x > MARGIN && x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + ROW_HEIGHT];
    parts.push(draw(x, y - 4) + textElement(x + SYMBOL_WIDTH + 6, y, text));
    x += width;
  }
  return { svg: element('g', { class: 'legend' }, parts.join('\n')), bottom: y + 10 };
}

function itemsOf(scene: Scene, finding: Finding, isCut: boolean): Item[] {
  const { arrows, marks, holds, crashes, pauses, lanes } = scene;
  const has = (condition: boolean, text: string, draw: Item['draw']): Item[] =>
    condition ? [{ text, draw }] : [];
  const faint = marks.filter(({ rank }) => rank < 0);
  const control = arrows.filter((arrow) => arrow.control);
  return [
    ...finding.messages.map((message, rank): Item => ({
      text: `message ${messageName(message)}`,
      draw: (x, y) =>
        sampleShaft(x, y, arrowClass({ rank: rank as 0 | 1, control: false })) +
        drawSymbol(rank as 0 | 1, x + 28, y, 5, true),
    })),
    ...has(
      marks.some(({ rank, what }) => rank >= 0 && what === 'multicast'),
      'multicast',
      (x, y) =>
        drawSymbol(0, x + (finding.messages.length > 1 ? 9 : 17), y, 7, false) +
        (finding.messages.length > 1 ? drawSymbol(1, x + 26, y, 6, false) : ''),
    ),
    ...has(
      marks.some(({ rank, what }) => rank >= 0 && what === 'deliver'),
      'delivery',
      (x, y) =>
        drawSymbol(0, x + (finding.messages.length > 1 ? 9 : 17), y, 5.5, true) +
        (finding.messages.length > 1 ? drawSymbol(1, x + 26, y, 5.5, true) : ''),
    ),
    ...has(holds.length > 0, 'held back until it is delivered', (x, y) =>
      element('rect', { class: 'hold', x: x + 2, y: y - 3, width: 30, height: 5, rx: 1.5 }),
    ),
    ...has(
      control.some(({ rank }) => rank >= 0),
      'what the ordering says of it',
      (x, y) => sampleArrow(x, y, 'a about'),
    ),
    ...has(
      arrows.some(({ rank, control: own }) => rank < 0 && !own),
      'another message',
      (x, y) => sampleArrow(x, y, 'other'),
    ),
    ...has(
      faint.some(({ what }) => what === 'multicast'),
      'another multicast',
      (x, y) => element('circle', { class: 'dot', cx: x + 17, cy: y, r: 3.2 }),
    ),
    ...has(
      faint.some(({ what }) => what === 'deliver'),
      'another delivery',
      (x, y) =>
        element('path', { class: 'tick', d: pathData(['M', x + 17, y - 7], ['L', x + 17, y + 7]) }),
    ),
    ...has(
      control.some(({ rank }) => rank < 0),
      "the ordering's own messages",
      (x, y) => sampleArrow(x, y, 'control'),
    ),
    ...has(
      arrows.some(({ lost }) => lost),
      'lost on the way',
      (x, y) => sampleShaft(x, y, 'other') + drawCross(x + 26, y, 5),
    ),
    ...has(
      lanes.some((peer) => (crashes.get(peer) ?? Infinity) <= scene.untilUs),
      'crash',
      (x, y) => drawCross(x + 17, y, 7),
    ),
    ...has(isCut, 'time cut short', (x, y) =>
      element('rect', { class: 'gap', x: x + 4, y: y - 7, width: 26, height: 14 }),
    ),
    ...has(pauses.length > 0, 'paused', (x, y) =>
      element('rect', { class: 'pause', x: x + 4, y: y - 7, width: 26, height: 14, rx: 3 }),
    ),
  ];
}

function sampleShaft(x: number, y: number, classes: string): string {
  return element('path', { class: classes, d: pathData(['M', x + 2, y], ['L', x + 26, y]) });
}

function sampleArrow(x: number, y: number, classes: string): string {
  const d = pathData(['M', x + 20, y - 3.5], ['L', x + 26, y], ['L', x + 20, y + 3.5]);
  return sampleShaft(x, y, classes) + element('path', { class: `${classes} head`, d });
}

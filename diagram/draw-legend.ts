import { arrowClass, drawCross, drawMessageSymbol } from './draw-messages.ts';
import { messageName, type DiagramFinding } from './finding.ts';
import { MARGIN, WIDTH } from './layout.ts';
import type { Scene } from './scene.ts';
import { LEGEND_PX } from './style.ts';
import { textWidth } from '../svg/text-width.ts';
import { element, pathData, textElement } from './svg.ts';

const SYMBOL_WIDTH = 34;
const ROW_HEIGHT = 22;

interface Item {
  readonly text: string;
  /** Draws its sample between `x` and `x` + SYMBOL_WIDTH. */
  readonly draw: (x: number, y: number) => string;
}

/** Draws what the signs of this picture mean; also returns where the legend ends. */
export function drawLegend(
  scene: Scene,
  isCut: boolean,
  finding: DiagramFinding,
  top: number,
): { readonly svg: string; readonly bottom: number } {
  let [x, y] = [MARGIN, top];
  const parts: string[] = [];
  for (const { text, draw } of itemsOf(scene, finding, isCut)) {
    const width = SYMBOL_WIDTH + 6 + textWidth(text, LEGEND_PX) + 18;
    if (x > MARGIN && x + width > WIDTH - MARGIN) [x, y] = [MARGIN, y + ROW_HEIGHT];
    parts.push(draw(x, y - 4) + textElement(x + SYMBOL_WIDTH + 6, y, text));
    x += width;
  }
  return { svg: element('g', { class: 'legend' }, parts.join('\n')), bottom: y + 10 };
}

function itemsOf(scene: Scene, finding: DiagramFinding, isCut: boolean): Item[] {
  return [
    ...messageItems(scene, finding),
    ...otherItems(scene, finding.messages.length > 0 ? 'another ' : ''),
    ...troubleItems(scene, isCut),
  ];
}

function item(condition: boolean, text: string, draw: Item['draw']): Item[] {
  return condition ? [{ text, draw }] : [];
}

/** The entries for the messages that the finding is about. */
function messageItems({ arrows, marks, holds }: Scene, { messages }: DiagramFinding): Item[] {
  const isRanked = (what: 'multicast' | 'deliver'): boolean =>
    marks.some((mark) => mark.rank >= 0 && mark.what === what);
  const both = (x: number, y: number, full: boolean): string =>
    messages.length > 1
      ? drawMessageSymbol(0, x + 9, y, full ? 5.5 : 7, full) +
        drawMessageSymbol(1, x + 26, y, 5.5, full)
      : drawMessageSymbol(0, x + 17, y, full ? 5.5 : 7, full);
  return [
    ...messages.map((message, index): Item => {
      const rank = index as 0 | 1;
      const line = arrowClass({ rank, control: false });
      return {
        text: `message ${messageName(message)}`,
        draw: (x, y) => sampleShaft(x, y, line) + drawMessageSymbol(rank, x + 28, y, 5, true),
      };
    }),
    ...item(isRanked('multicast'), 'multicast', (x, y) => both(x, y, false)),
    ...item(isRanked('deliver'), 'delivery', (x, y) => both(x, y, true)),
    ...item(holds.length > 0, 'held back until it is delivered', (x, y) =>
      element('rect', { class: 'hold', x: x + 2, y: y - 3, width: 30, height: 5, rx: 1.5 }),
    ),
    ...item(
      arrows.some(({ rank, control }) => rank >= 0 && control),
      'what the ordering says of it',
      (x, y) => sampleArrow(x, y, 'a about'),
    ),
  ];
}

function otherItems({ arrows, marks }: Scene, another: string): Item[] {
  const faint = marks.filter(({ rank }) => rank < 0);
  const others = arrows.filter(({ rank }) => rank < 0);
  return [
    ...item(
      others.some(({ control }) => !control),
      `${another}message`,
      (x, y) => sampleArrow(x, y, 'other'),
    ),
    ...item(
      faint.some(({ what }) => what === 'multicast'),
      `${another}multicast`,
      (x, y) => element('circle', { class: 'dot', cx: x + 17, cy: y, r: 3.2 }),
    ),
    ...item(
      faint.some(({ what }) => what === 'deliver'),
      `${another}delivery`,
      (x, y) =>
        element('path', { class: 'tick', d: pathData(['M', x + 17, y - 7], ['L', x + 17, y + 7]) }),
    ),
    ...item(
      others.some(({ control }) => control),
      "the ordering's own messages",
      (x, y) => sampleArrow(x, y, 'control'),
    ),
  ];
}

function troubleItems(scene: Scene, isCut: boolean): Item[] {
  const { arrows, crashes, pauses, lanes, untilUs } = scene;
  return [
    ...item(
      arrows.some(({ lost }) => lost),
      'lost on the way',
      (x, y) => sampleShaft(x, y, 'other') + drawCross(x + 26, y, 5),
    ),
    ...item(
      lanes.some((peer) => (crashes.get(peer) ?? Infinity) <= untilUs),
      'crash',
      (x, y) => drawCross(x + 17, y, 7),
    ),
    ...item(isCut, 'time cut short', (x, y) =>
      element('rect', { class: 'gap', x: x + 4, y: y - 7, width: 26, height: 14 }),
    ),
    ...item(pauses.length > 0, 'paused', (x, y) =>
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

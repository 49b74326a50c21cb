import { drawMessageSymbol } from './draw-messages.ts';
import { isSameMessage, messageName, type DiagramFinding, type MessageId } from './finding.ts';
import type { Layout } from './layout.ts';
import type { Scene } from './scene.ts';
import { element, groupDigits, textElement } from './svg.ts';

const CELL_WIDTH = 64;
const CELL_HEIGHT = 22;
const GAP_WIDTH = 34;
const ROW_WIDTH_MAX = 220;
const CELLS_MAX = 3;

/** What stands in the row of one peer: a message that it delivered, or how many it delivered between. */
type Cell =
  | { readonly message: MessageId; readonly rank: -1 | 0 | 1; readonly position: number | null }
  | { readonly between: number };

/** Beside each line, what its peer delivered, in its order: where two peers differ is seen at once. */
export function drawOrders(scene: Scene, layout: Layout, finding: DiagramFinding): string {
  const left = layout.right + 22;
  const title = textElement(left, layout.top - 30, 'delivered, in this order', { class: 'strong' });
  const rows = scene.lanes.map((peer) => {
    const cells = chooseCells(scene.orders[peer] ?? [], finding, finding.peers.includes(peer));
    return drawRow(cells, left, layout.y(peer));
  });
  return element('g', { class: 'orders' }, [title, ...rows].join('\n'));
}

function chooseCells(
  order: readonly MessageId[],
  finding: DiagramFinding,
  isConcerned: boolean,
): Cell[] {
  const rankOf = (message: MessageId): -1 | 0 | 1 =>
    finding.messages.findIndex((each) => isSameMessage(each, message)) as -1 | 0 | 1;
  const all = order.map((message, position) => ({ message, rank: rankOf(message), position }));
  const ranked = all.filter(({ rank }) => rank >= 0);
  // For a finding about one peer alone, its repeated deliveries; otherwise each message once.
  const chosen =
    all.length <= CELLS_MAX
      ? all
      : finding.messages.length === 0
        ? all.slice(0, CELLS_MAX)
        : ranked.slice(0, 2);
  const cells: Cell[] = [];
  for (const [index, cell] of chosen.entries()) {
    const between = cell.position - (chosen[index - 1]?.position ?? -1) - 1;
    if (between > 0) cells.push({ between });
    cells.push(cell);
  }
  const never = finding.messages.flatMap((message, rank) =>
    isConcerned && !order.some((seen) => isSameMessage(seen, message))
      ? [{ message, rank: rank as 0 | 1, position: null }]
      : [],
  );
  const after = order.length - 1 - (chosen.at(-1)?.position ?? -1);
  if (after > 0) cells.push({ between: after });
  return [...cells, ...never];
}

function drawRow(cells: readonly Cell[], left: number, y: number): string {
  let x = left;
  const drawn = cells.map((cell) => {
    const at = x;
    if (x + ('between' in cell ? GAP_WIDTH : CELL_WIDTH) > left + ROW_WIDTH_MAX) return '';
    if ('between' in cell) {
      x += GAP_WIDTH;
      const text = `+${groupDigits(cell.between)}`;
      return textElement(at + GAP_WIDTH / 2 - 2, y + 4, text, {
        class: 'soft small',
        'text-anchor': 'middle',
      });
    }
    x += CELL_WIDTH + 4;
    return drawCell(cell, at, y);
  });
  if (cells.length === 0) return textElement(left, y + 4, 'nothing', { class: 'soft' });
  return drawn.join('');
}

function drawCell(
  { message, rank, position }: Exclude<Cell, { between: number }>,
  x: number,
  y: number,
): string {
  const box = { x, y: y - CELL_HEIGHT / 2, width: CELL_WIDTH, height: CELL_HEIGHT, rx: 4 };
  const text = messageName(message).slice(0, 12);
  const middle = { 'text-anchor': 'middle' };
  if (position === null) {
    return (
      element('rect', { class: 'never', ...box }) +
      textElement(x + CELL_WIDTH / 2, y + 4, `no ${text}`, {
        class: 'badtext small strong',
        ...middle,
      })
    );
  }
  if (rank < 0) {
    return (
      element('rect', { class: 'cell', ...box }) +
      textElement(x + CELL_WIDTH / 2, y + 4, text, { class: 'soft', ...middle })
    );
  }
  const classes = rank === 0 ? 'af' : 'bf';
  return (
    element('rect', { class: rank === 0 ? 'ar' : 'br', ...box }) +
    drawMessageSymbol(rank as 0 | 1, x + 13, y, 4.5, true) +
    textElement(x + CELL_WIDTH / 2 + 8, y + 4, text, { class: `${classes} strong`, ...middle })
  );
}

import type { EventLog } from '../core/records/event-log.ts';
import { type DiagramPeer, drawHolds, drawLanes } from './draw-lanes.ts';
import { drawLegend } from './draw-legend.ts';
import { drawArrows, drawFaintMarks, drawFaintNames, drawRankedMarks } from './draw-messages.ts';
import { drawOrders } from './draw-orders.ts';
import type { DiagramFinding } from './finding.ts';
import { Layout, MARGIN, WIDTH } from './layout.ts';
import { composeScene, type Scene } from './scene.ts';
import { DIAGRAM_FONTS, FACTS_PX, HEADLINE_PX, SMALL_PX, styleSheet, type Theme } from './style.ts';
import { escapeXml } from '../svg/escape-xml.ts';
import { wrapText } from '../svg/wrap-text.ts';
import { element, groupDigits, textElement } from './svg.ts';
import { buildTimeline, type Timeline } from './timeline.ts';

export interface DiagramInput {
  /** The log of each peer. */
  readonly logs: readonly EventLog[];
  readonly peers: readonly DiagramPeer[];
  /**
   * What the times are. `one`: readings of one clock. `own`: readings of each peer's own clock. `none`:
   * no times but places in the order, because the run was not recorded.
   */
  readonly clocks: 'one' | 'own' | 'none';
  readonly finding: DiagramFinding;
  /** What was run, such as `unordered` and `seed 7`: shown in one line, separated. */
  readonly facts: readonly string[];
  /** Further sentences below the picture. */
  readonly notes?: readonly string[];
  readonly theme?: Theme;
}

/** The least number of places of the order that a picture without times shows. */
const POSITIONS_MIN = 12;
const TEXT_WIDTH = WIDTH - 2 * MARGIN;
const HEADLINE_LINES_MAX = 3;
const NOTE_LINES_MAX = 3;

/** A space-time diagram (Lamport 1978) as one SVG document: a line a peer, time from left to right. */
export function renderDiagram(input: DiagramInput): string {
  const { finding, facts } = input;
  const timeline = buildTimeline(input.logs, input.clocks === 'own' ? 'own' : 'one');
  const isTimed = input.clocks !== 'none';
  const scene = composeScene(timeline, finding, isTimed ? 0 : POSITIONS_MIN);
  const header = drawHeader(finding, facts);
  const layout = new Layout(scene, header.bottom);
  const depths = new Map<number, number>();
  const holds = drawHolds(scene, layout, depths);
  const unit = isTimed ? 'ms' : 'position';
  const body = [
    drawLanes(scene, layout, input.peers, unit),
    holds,
    drawArrows(scene, layout),
    drawFaintMarks(scene, layout),
    drawRankedMarks(scene, layout, depths),
    ...(isTimed ? [] : [drawFaintNames(scene, layout)]),
    drawOrders(scene, layout, finding),
  ];
  const legend = drawLegend(scene, layout.scale.gaps.length > 0, finding, layout.axis + 50);
  const notes = drawNotes(describeNotes(input, timeline, scene), legend.bottom + 14);
  return frame(input, scene, notes.bottom, [header.svg, ...body, legend.svg, notes.svg]);
}

interface Part {
  readonly svg: string;
  readonly bottom: number;
}

function drawHeader(finding: DiagramFinding, facts: readonly string[]): Part {
  const lines = wrapText(finding.sentence, HEADLINE_PX, TEXT_WIDTH, {
    weight: 'bold',
    linesMax: HEADLINE_LINES_MAX,
  });
  let y = 12;
  const parts = lines.map((line) => textElement(MARGIN, (y += 25), line, { class: 'h' }));
  for (const line of wrapText(facts.join(' · '), FACTS_PX, TEXT_WIDTH, { linesMax: 2 })) {
    parts.push(textElement(MARGIN, (y += 21), line, { class: 'facts soft' }));
  }
  return { svg: element('g', { class: 'header' }, parts.join('\n')), bottom: y + 8 };
}

function drawNotes(notes: readonly string[], top: number): Part {
  let y = top;
  const lines = notes.flatMap((note) =>
    wrapText(note, SMALL_PX, TEXT_WIDTH, { linesMax: NOTE_LINES_MAX }),
  );
  const parts = lines.map((line) => {
    const drawn = textElement(MARGIN, y, line, { class: 'soft small' });
    y += 16;
    return drawn;
  });
  return { svg: element('g', { class: 'notes' }, parts.join('\n')), bottom: y };
}

function describeNotes(input: DiagramInput, timeline: Timeline, scene: Scene): string[] {
  const { clocks, notes = [] } = input;
  const hidden = input.peers.length - scene.lanes.length;
  return [
    '(s,k) is message k of peer s; peers, messages and positions are counted from 0. ' +
      describePart(scene, clocks),
    ...describeLeftOut(scene, timeline),
    ...(hidden > 0 ? [`${groupDigits(hidden)} further peers are not drawn.`] : []),
    ...(clocks === 'own'
      ? [
          'The clocks of the peers were aligned by the messages that they exchanged; none was believed.',
        ]
      : []),
    ...notes,
  ];
}

function describePart(
  { fromUs, untilUs, endUs, whole, positions }: Scene,
  clocks: DiagramInput['clocks'],
): string {
  if (whole && positions !== null && positions.first === 0 && positions.last === positions.of - 1) {
    return 'Shown is the whole run.';
  }
  const place =
    positions === null
      ? 'no delivery'
      : `positions ${groupDigits(positions.first)} to ${groupDigits(positions.last)} of ${groupDigits(positions.of)}`;
  if (clocks === 'none') return `Shown: ${place}.`;
  const ms = (us: number): string => groupDigits(us / 1_000);
  return `Shown: ${place}, ${ms(fromUs)} to ${ms(untilUs)} ms of ${ms(endUs)} ms.`;
}

function describeLeftOut(scene: Scene, timeline: Timeline): string[] {
  const left = [
    ...counted(
      scene.routineLeftOut,
      'acknowledgement or heartbeat',
      'acknowledgements and heartbeats',
    ),
    ...counted(scene.arrowsLeftOut, 'other or repeated message', 'other and repeated messages'),
    ...counted(scene.marksLeftOut, 'multicast or delivery', 'multicasts and deliveries'),
  ];
  const notes = left.length > 0 ? [`Not drawn: ${left.join(', ')}.`] : [];
  if (timeline.leftOut > 0) {
    notes.push(
      `Recording was cut: ${groupDigits(timeline.leftOut)} later events were counted and not kept.`,
    );
  }
  return notes;
}

function counted(amount: number, one: string, many: string): string[] {
  return amount === 0 ? [] : [`${groupDigits(amount)} ${amount === 1 ? one : many}`];
}

function frame(
  input: DiagramInput,
  scene: Scene,
  bottom: number,
  parts: readonly string[],
): string {
  const height = Math.ceil(bottom + 8);
  const { finding, facts, theme = 'auto' } = input;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    role: 'img',
    'font-family': DIAGRAM_FONTS,
  };
  const content = [
    `<title>${escapeXml(finding.sentence)}</title>`,
    `<desc>${escapeXml(describe(facts, scene))}</desc>`,
    `<style>${styleSheet(theme)}</style>`,
    element('rect', { class: 'bg', width: WIDTH, height, rx: 8 }),
    ...parts,
  ];
  return `${element('svg', attributes, `\n${content.join('\n')}\n`)}\n`;
}

/** The picture in words, for people who cannot see it. */
function describe(facts: readonly string[], { orders, lanes, marks }: Scene): string {
  const told = lanes.slice(0, 8).map((peer) => {
    const order = (orders[peer] ?? [])
      .slice(0, 12)
      .map(({ sender, sequence }) => `(${sender},${sequence})`);
    return `Peer ${peer} delivered ${order.length === 0 ? 'nothing' : order.join(' ')}.`;
  });
  return (
    `Space-time diagram: a line a peer, time from left to right, an arrow a message. ` +
    `${facts.join(', ')}. ${marks.length} multicasts and deliveries are shown. ${told.join(' ')}`
  );
}

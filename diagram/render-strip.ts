import { drawHolds, drawLanes } from './draw-lanes.ts';
import { drawArrows, drawFaintMarks, drawFaintNames, drawRankedMarks } from './draw-messages.ts';
import type { DiagramFinding } from './finding.ts';
import { Layout } from './layout.ts';
import { composeWindow } from './scene.ts';
import { STRIP_LIMITS } from './scene-limits.ts';
import { DIAGRAM_FONTS, styleSheet } from './style.ts';
import { escapeXml } from '../svg/escape-xml.ts';
import { element } from './svg.ts';
import type { Timeline } from './timeline.ts';

/** One stretch of a run, as a reader moves over it. */
export interface StripView {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly widthPx: number;
  /** The peers that have a line, in the order of their lines. */
  readonly lanes: readonly number[];
  /** Messages in colour, two at most, and what is said of them. */
  readonly finding: DiagramFinding;
  /** Whether the ordering's own messages are drawn. */
  readonly control: boolean;
  /** Whether acknowledgements and heartbeats are drawn. */
  readonly routine: boolean;
  /** Whether times are times, and not places in the order. */
  readonly isTimed: boolean;
}

/** A picture of a stretch of time and nothing else: names and legend stand still beside it. */
export interface Strip {
  readonly svg: string;
  readonly heightPx: number;
  /** How far from the top the line of each lane is. */
  readonly lanesPx: readonly number[];
  /** Messages and marks that were too many to be drawn at this width. */
  readonly leftOut: number;
}

const TOP_PX = 4;
const BELOW_AXIS_PX = 26;
/** Where marks stand closer on average, their names would only be in each other's way. */
const NAMED_MARK_PX_MIN = 26;

/** Draws what happened from `fromUs` to `untilUs`, evenly over the width: beside each other, strips continue. */
export function renderStrip(timeline: Timeline, view: StripView): Strip {
  const { fromUs, untilUs, widthPx, lanes, finding, isTimed } = view;
  const endUs = timeline.events.at(-1)?.atUs ?? 0;
  const window = { fromUs, untilUs, endUs, whole: false, positions: null };
  const limits = { ...STRIP_LIMITS, routine: view.routine, control: view.control };
  const scene = composeWindow(timeline, finding, window, lanes, limits);
  const layout = new Layout(scene, TOP_PX, widthPx);
  const depths = new Map<number, number>();
  const holds = drawHolds(scene, layout, depths);
  const isRoomy = (scene.marks.length / Math.max(1, lanes.length)) * NAMED_MARK_PX_MIN < widthPx;
  const body = [
    drawLanes(scene, layout, null, isTimed ? 'ms' : 'position'),
    holds,
    drawArrows(scene, layout),
    drawFaintMarks(scene, layout),
    drawRankedMarks(scene, layout, depths),
    isRoomy ? drawFaintNames(scene, layout) : '',
  ];
  const heightPx = Math.ceil(layout.axis + BELOW_AXIS_PX);
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${widthPx} ${heightPx}`,
    width: widthPx,
    height: heightPx,
    'font-family': DIAGRAM_FONTS,
  };
  const content = [
    `<title>${escapeXml(finding.sentence)}</title>`,
    `<style>${styleSheet('auto')}</style>`,
    ...body,
  ];
  return {
    svg: element('svg', attributes, content.join('\n')),
    heightPx,
    lanesPx: lanes.map((peer) => layout.y(peer)),
    leftOut: scene.arrowsLeftOut + scene.marksLeftOut,
  };
}

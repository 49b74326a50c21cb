import { assert } from '../core/base/assert.ts';
import { type ColourRole, paint, seriesStyle, themeSheet } from './palette.ts';
import { coordinate } from '../svg/coordinate.ts';
import { escapeXml } from '../svg/escape-xml.ts';
import { textWidth } from '../svg/text-width.ts';
import { wrapText } from '../svg/wrap-text.ts';

/** Width of every chart in pixels; what it draws inside the frame is `BODY_WIDTH` wide. */
export const CHART_WIDTH = 820;
const PADDING = 24;
export const BODY_WIDTH = CHART_WIDTH - 2 * PADDING;

/** The sizes of texts, at which a chart can still be read at half its size, on a slide or in a column. */
export const TEXT_PX = { title: 21, subtitle: 15, body: 14, source: 12.5 } as const;
const LINE_HEIGHT = 1.35;
/** A font of one width on most machines, so that lines end where they were meant to. */
export const FONT = 'Helvetica, Arial, "Liberation Sans", sans-serif';

/** The drawing between the frame's words: SVG elements, their origin at the top left. */
export interface ChartBody {
  readonly content: string;
  /** The height in pixels. */
  readonly width: number;
  readonly height: number;
}

/** One entry of the legend: series 0 to 7 (see `seriesStyle`), drawn as the chart draws it. */
export interface LegendEntry {
  readonly label: string;
  readonly series: number;
  readonly mark: 'dot' | 'line' | 'line-and-dot' | 'bar' | 'tick';
}

export interface ChartWords {
  /** What the chart shows, as a statement if there is one. */
  readonly title: string;
  /** What is measured, its unit, and n: how many runs each mark stands for. */
  readonly subtitle: string;
  /** Where the data comes from, and what must not be read into it. */
  readonly source: string;
  readonly legend?: readonly LegendEntry[];
}

/**
 * A whole chart as an SVG file: title, subtitle, legend, drawing and source line, so that the picture
 * says what it shows wherever it is copied to. It follows the reader's light or dark theme on a paper of
 * its own, and is black on white in print. The same arguments give the same bytes.
 */
export function frameChart(words: ChartWords, body: ChartBody): string {
  assert(words.title !== '' && words.subtitle !== '' && words.source !== '', 'a chart has words');
  const column = new Column();
  column.text(words.title, TEXT_PX.title, 'ink', 700);
  column.text(words.subtitle, TEXT_PX.subtitle, 'muted', 400);
  if (words.legend !== undefined && words.legend.length > 0) column.legend(words.legend);
  column.body(body);
  column.text(words.source, TEXT_PX.source, 'muted', 400);
  return wrapFile(words, column.content, Math.ceil(column.bottom + PADDING - 8));
}

function wrapFile({ title, subtitle }: ChartWords, content: readonly string[], height: number) {
  const size = `viewBox="0 0 ${CHART_WIDTH} ${height}" width="${CHART_WIDTH}" height="${height}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="mpcomm-chart" role="img" ` +
      `aria-label="${escapeXml(`${title}. ${subtitle}`)}" ${size} ` +
      `font-family="${escapeXml(FONT)}" ${paint({ color: 'ink' })}>`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${themeSheet('.mpcomm-chart')}</style>`,
    `<rect width="${CHART_WIDTH}" height="${height}" ${paint({ fill: 'paper' })}/>`,
    ...content,
    '</svg>',
    '',
  ].join('\n');
}

/** Stacks the parts of a chart from top to bottom. */
class Column {
  readonly content: string[] = [];
  bottom = PADDING - 6;

  text(text: string, sizePx: number, role: ColourRole, weight: number): void {
    const face = weight > 400 ? 'bold' : 'regular';
    for (const line of wrapText(text, sizePx, BODY_WIDTH, { weight: face })) {
      this.bottom += sizePx * LINE_HEIGHT;
      const at = `x="${PADDING}" y="${coordinate(this.bottom - sizePx * 0.25)}"`;
      const look = `font-size="${sizePx}" font-weight="${weight}" ${paint({ fill: role })}`;
      this.content.push(`<text ${at} ${look}>${escapeXml(line)}</text>`);
    }
    this.bottom += 4;
  }

  legend(entries: readonly LegendEntry[]): void {
    const sizePx = TEXT_PX.body;
    const rowPx = sizePx * 1.6;
    let x = PADDING;
    this.bottom += rowPx;
    for (const { label, series, mark } of entries) {
      const widthPx = 34 + textWidth(label, sizePx) + 18;
      if (x > PADDING && x + widthPx > PADDING + BODY_WIDTH) {
        x = PADDING;
        this.bottom += rowPx;
      }
      const y = this.bottom - sizePx * 0.6;
      this.content.push(
        drawSwatch(x, y, series, mark),
        `<text x="${coordinate(x + 34)}" y="${coordinate(y + sizePx * 0.35)}" font-size="${sizePx}" ` +
          `${paint({ fill: 'ink' })}>${escapeXml(label)}</text>`,
      );
      x += widthPx;
    }
    this.bottom += 4;
  }

  body({ content, width, height }: ChartBody): void {
    assert(width <= BODY_WIDTH && height > 0, 'the drawing fits into its frame');
    this.bottom += 8;
    const at = `translate(${PADDING},${coordinate(this.bottom)})`;
    this.content.push(`<g transform="${at}">\n${content}\n</g>`);
    this.bottom += height + 8;
  }
}

function drawSwatch(x: number, y: number, series: number, mark: LegendEntry['mark']): string {
  const { role, dash } = seriesStyle(series);
  if (mark === 'bar') {
    const box = `x="${coordinate(x)}" y="${coordinate(y - 6)}" width="26" height="12"`;
    return `<rect ${box} ${paint({ fill: role })}/>`;
  }
  if (mark === 'tick') {
    const [at, top] = [coordinate(x + 13), coordinate(y - 8)];
    const look = `stroke-width="3" ${paint({ stroke: role })}`;
    return `<line x1="${at}" x2="${at}" y1="${top}" y2="${coordinate(y + 8)}" ${look}/>`;
  }
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  const ends = `x1="${coordinate(x)}" x2="${coordinate(x + 26)}" y1="${coordinate(y)}" y2="${coordinate(y)}"`;
  const line = `<line ${ends} stroke-width="2"${dashes} ${paint({ stroke: role })}/>`;
  const dot = drawSymbol(x + 13, y, series);
  if (mark === 'line') return line;
  return mark === 'dot' ? dot : line + dot;
}

/** The symbol of a series around a point, as charts draw it: about 9 pixels wide. */
export function drawSymbol(x: number, y: number, series: number): string {
  const { role, symbol, hollow } = seriesStyle(series);
  const look = `stroke-width="1.8" ${paint({ fill: hollow ? 'paper' : role, stroke: role })}`;
  const [cx, cy] = [coordinate(x), coordinate(y)];
  switch (symbol) {
    case 'circle':
      return `<circle cx="${cx}" cy="${cy}" r="4.2" ${look}/>`;
    case 'square':
      return `<rect x="${coordinate(x - 3.8)}" y="${coordinate(y - 3.8)}" width="7.6" height="7.6" ${look}/>`;
    case 'triangle':
      return `<path d="M${cx},${coordinate(y - 5)}l4.8,8.4h-9.6z" ${look}/>`;
    case 'diamond':
      return `<path d="M${cx},${coordinate(y - 5.4)}l4.4,5.4l-4.4,5.4l-4.4,-5.4z" ${look}/>`;
  }
}

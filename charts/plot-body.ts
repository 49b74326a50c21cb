import type * as Plot from '@observablehq/plot';
import { BODY_WIDTH, TEXT_PX, type ChartBody } from './frame.ts';
import { fallbackOf } from './palette.ts';
import { roundCoordinates } from '../svg/coordinate.ts';
import { escapeXml } from '../svg/escape-xml.ts';

export type PlotModule = typeof Plot;

/** The part of a DOM node that is written out. */
interface SvgNode {
  readonly nodeType: number;
  /** The name of an element. It is not taken from `nodeName`, which an HTML document gives in capitals. */
  readonly localName: string;
  readonly nodeValue: string | null;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly childNodes: Iterable<SvgNode>;
}

/** Its own types name those of a browser, which are not there; nor is more of it needed. */
interface Linkedom {
  readonly parseHTML: (html: string) => { readonly document: object };
}

const ELEMENT = 1;
const TEXT = 3;

/** Attributes of lengths and places. Others keep their digits, and so does every text. */
const PLACES =
  /^(?:d|transform|points|x|y|x1|x2|y1|y2|cx|cy|r|rx|ry|dx|dy|width|height|stroke-width)$/;

/** The room for ticks and labels of this text's size, unless a chart sets its own. */
const MARGINS = { marginTop: 30, marginRight: 20, marginBottom: 48, marginLeft: 56 };

/** Plot marks axes so for readers of a page; a picture is read as a whole, by its title. */
const DROPPED = /^(?:class|aria-hidden|aria-label)$/;

/**
 * Draws the inside of a chart with Observable Plot. `build` gets the module, which is loaded only when a
 * chart is drawn (a fifth of a second), and gives Plot's options; size, document and font are set here.
 * Colours are `variable(role)` or a series' `colour` from palette.ts.
 */
export async function plotBody(
  heightPx: number,
  build: (plot: PlotModule) => Plot.PlotOptions,
): Promise<ChartBody> {
  const [plot, { parseHTML }] = await Promise.all([
    import('@observablehq/plot'),
    import('linkedom') as Promise<Linkedom>,
  ]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const fixed = { width: BODY_WIDTH, height: heightPx, document };
  const drawn = plot.plot({ ...MARGINS, ...build(plot), ...fixed }) as SvgNode;
  return { content: writeRoot(drawn), width: BODY_WIDTH, height: heightPx };
}

// Writes a group instead of Plot's own svg element: one file has one root, one size and one style sheet.
function writeRoot(svg: SvgNode): string {
  const children = [...svg.childNodes].filter(({ localName }) => localName !== 'style');
  const look = `font-size="${TEXT_PX.body}" text-anchor="middle" fill="currentColor"`;
  return `<g ${look}>${children.map(write).join('')}</g>`;
}

function write(node: SvgNode): string {
  if (node.nodeType === TEXT) return escapeXml(node.nodeValue ?? '');
  if (node.nodeType !== ELEMENT) return '';
  const attributes = [...node.attributes]
    .filter(({ name }) => !DROPPED.test(name))
    .map(({ name, value }) => ({
      name,
      value: PLACES.test(name) ? roundCoordinates(value) : value,
    }));
  const children = [...node.childNodes].map(write).join('');
  const opening = `<${node.localName}${writeAttributes(attributes)}`;
  return children === '' ? `${opening}/>` : `${opening}>${children}</${node.localName}>`;
}

/** A themed colour becomes an attribute with its light value, and a style that follows the theme. */
function writeAttributes(attributes: readonly { name: string; value: string }[]): string {
  const styles = attributes.flatMap(({ name, value }) => {
    if (name === 'style') return [value];
    return fallbackOf(value) === null ? [] : [`${name}:${value}`];
  });
  const plain = attributes
    .filter(({ name }) => name !== 'style')
    .map(({ name, value }) => ` ${name}="${escapeXml(fallbackOf(value) ?? value)}"`);
  return plain.join('') + (styles.length > 0 ? ` style="${escapeXml(styles.join(';'))}"` : '');
}

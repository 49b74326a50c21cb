import { assert } from '../core/base/assert.ts';

export type Attributes = Readonly<Record<string, string | number>>;

/** Characters that XML 1.0 does not allow at all, also not as references; halves of surrogate pairs. */
const FORBIDDEN =
  // eslint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|\p{Surrogate}/gu;

/** Text as content or attribute of XML, whoever wrote it. */
export function escapeText(text: string): string {
  return text
    .replaceAll(FORBIDDEN, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A coordinate to a tenth of a pixel: finite, or it is a defect. */
export function diagramCoordinate(value: number): string {
  assert(Number.isFinite(value), 'a coordinate is a finite number');
  const rounded = Math.round(value * 10) / 10;
  return String(rounded === 0 ? 0 : rounded);
}

/** One element; numbers among its attributes are coordinates, `content` is XML already. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => {
      const text = typeof value === 'number' ? diagramCoordinate(value) : escapeText(value);
      return ` ${key}="${text}"`;
    })
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export function textElement(
  x: number,
  y: number,
  text: string,
  attributes: Attributes = {},
): string {
  return element('text', { x, y, ...attributes }, escapeText(text));
}

/** Straight lines through points, each `M` or `L` with x and y. */
export function pathData(...steps: readonly (readonly ['M' | 'L', number, number])[]): string {
  return steps
    .map(([command, x, y]) => `${command}${diagramCoordinate(x)} ${diagramCoordinate(y)}`)
    .join('');
}

/** About how wide a text is: no font is known here, so this errs on the wide side. */
export function averageWidth(text: string, size: number, bold = false): number {
  return text.length * size * (bold ? 0.6 : 0.55);
}

/** A name of any length as one that fits; its end goes. */
export function shorten(text: string, charactersMax: number): string {
  // By code points, so that no pair of surrogates is cut in two.
  const characters = Array.from(text);
  return characters.length <= charactersMax
    ? text
    : `${characters.slice(0, charactersMax - 1).join('')}…`;
}

/** Lines of at most `charactersMax` characters, at most `linesMax` of them. */
export function wrapCharacters(text: string, charactersMax: number, linesMax: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).map((each) => shorten(each, charactersMax))) {
    if (line !== '' && line.length + 1 + word.length > charactersMax) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  if (lines.length <= linesMax) return lines;
  return [...lines.slice(0, linesMax - 1), shorten(`${lines[linesMax - 1]} …`, charactersMax)];
}

/** 12345 as 12,345; decimals as many as asked for at most. */
export function groupDigits(value: number, decimals = 0): string {
  const [whole, fraction] = String(Number(value.toFixed(decimals))).split('.');
  const grouped = whole!.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

import { coordinate } from '../svg/coordinate.ts';
import { escapeXml } from '../svg/escape-xml.ts';

export type Attributes = Readonly<Record<string, string | number>>;

/** A diagram has thousands of coordinates, of which nobody sees a tenth of a pixel. */
const DECIMALS = 1;

/** One element; numbers among its attributes are coordinates, `content` is XML already. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => {
      const text = typeof value === 'number' ? coordinate(value, DECIMALS) : escapeXml(value);
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
  return element('text', { x, y, ...attributes }, escapeXml(text));
}

/** The path of straight lines through points, each `M` or `L` with x and y. */
export function pathData(...steps: readonly (readonly ['M' | 'L', number, number])[]): string {
  return steps
    .map(([command, x, y]) => `${command}${coordinate(x, DECIMALS)} ${coordinate(y, DECIMALS)}`)
    .join('');
}

/** 12345 as 12,345; decimals as many as asked for at most. */
export function groupDigits(value: number, decimals = 0): string {
  const [whole, fraction] = String(Number(value.toFixed(decimals))).split('.');
  const grouped = whole!.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

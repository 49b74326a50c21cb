import { textWidth, type Weight } from './text-width.ts';

export interface WrapOptions {
  readonly weight?: Weight;
  /** Lines beyond are left out, and the last one ends in an ellipsis; default: all are kept. */
  readonly linesMax?: number;
}

/**
 * Breaks a text at spaces, but not at no-break spaces, into lines of at most `widthPx` pixels; a word that is
 * wider alone loses its end.
 */
export function wrapText(
  text: string,
  sizePx: number,
  widthPx: number,
  { weight = 'regular', linesMax = Infinity }: WrapOptions = {},
): string[] {
  const fits = (line: string): boolean => textWidth(line, sizePx, weight) <= widthPx;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\r\n]+/).filter((each) => each !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && !fits(longer)) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  if (line !== '') lines.push(line);
  const isCut = lines.length > linesMax;
  return lines
    .slice(0, linesMax)
    .map((each, place) => (isCut && place === linesMax - 1 ? `${each} …` : each))
    .map((each) => shortenToWidth(each, sizePx, widthPx, weight));
}

/** `text` where it fits into `widthPx` pixels; else its beginning, and an ellipsis. */
export function shortenToWidth(
  text: string,
  sizePx: number,
  widthPx: number,
  weight: Weight = 'regular',
): string {
  if (textWidth(text, sizePx, weight) <= widthPx) return text;
  // By code points, so that no pair of surrogates is cut in two.
  const characters = Array.from(text.replace(/ ?…$/, ''));
  const isTooWide = (): boolean =>
    textWidth(`${characters.join('')}…`, sizePx, weight) > widthPx && characters.length > 0;
  while (isTooWide()) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

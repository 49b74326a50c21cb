/**
 * Widths of characters in ems, with the characters that have them: of DejaVu Sans 2.37, the widest of the
 * sans serifs that readers are likely to have (Debian shows it where a page asks for Helvetica or Arial).
 */
const REGULAR: readonly (readonly [number, string])[] = [
  [0.27, "'"],
  [0.28, 'ijl'],
  [0.29, 'IJ'],
  [0.32, ' ,.'],
  [0.34, '/:;\\|'],
  [0.35, 'f'],
  [0.36, '-'],
  [0.39, '()[]t'],
  [0.4, '!'],
  [0.41, 'r'],
  [0.46, '"'],
  [0.5, '*_`'],
  [0.52, 'sz'],
  [0.53, '?'],
  [0.55, 'c'],
  [0.56, 'L'],
  [0.58, 'Fk'],
  [0.59, 'vxy'],
  [0.6, 'P'],
  [0.61, 'TYao'],
  [0.62, 'e'],
  [0.63, 'ESbdghnpqu'],
  [0.64, '$0123456789{}'],
  [0.66, 'K'],
  [0.68, 'AV'],
  [0.69, 'BRXZ'],
  [0.7, 'C'],
  [0.73, 'U'],
  [0.75, 'HN'],
  [0.77, 'DG'],
  [0.78, '&'],
  [0.79, 'OQ'],
  [0.82, 'w'],
  [0.84, '#+<=>^~'],
  [0.86, 'M'],
  [0.95, '%'],
  [0.97, 'm'],
  [0.99, 'W'],
  [1.0, '@'],
];

/** The same of DejaVu Sans Bold. */
const BOLD: readonly (readonly [number, string])[] = [
  [0.31, "'"],
  [0.34, 'ijl'],
  [0.35, ' '],
  [0.37, '/IJ\\|'],
  [0.38, ',.'],
  [0.4, ':;'],
  [0.42, '-'],
  [0.44, 'f'],
  [0.46, '!()[]'],
  [0.48, 't'],
  [0.49, 'r'],
  [0.5, '_`'],
  [0.52, '"*'],
  [0.58, '?z'],
  [0.59, 'c'],
  [0.6, 's'],
  [0.64, 'L'],
  [0.65, 'vxy'],
  [0.67, 'ak'],
  [0.68, 'EFTe'],
  [0.69, 'o'],
  [0.7, '$0123456789'],
  [0.71, 'hnu{}'],
  [0.72, 'SYbdgpq'],
  [0.73, 'CPZ'],
  [0.76, 'B'],
  [0.77, 'AKRVX'],
  [0.81, 'U'],
  [0.82, 'G'],
  [0.83, 'D'],
  [0.84, '#+<=>HN^~'],
  [0.85, 'OQ'],
  [0.87, '&'],
  [0.92, 'w'],
  [1.0, '%@M'],
  [1.04, 'm'],
  [1.1, 'W'],
];

/**
 * The width of any other character, taken as that of the widest letters: beyond ASCII there are mostly
 * dashes, dots and arrows.
 */
const OTHER = 1;

const WIDTHS = { regular: byCharacter(REGULAR), bold: byCharacter(BOLD) } as const;

export type Weight = keyof typeof WIDTHS;

/**
 * How wide a text is at most, in pixels. No font can be measured where a picture is drawn, and which one the
 * reader has is not known; in most of them the text is a tenth narrower.
 */
export function textWidth(text: string, sizePx: number, weight: Weight = 'regular'): number {
  let ems = 0;
  for (const character of text) ems += WIDTHS[weight].get(character) ?? OTHER;
  return ems * sizePx;
}

function byCharacter(groups: typeof REGULAR): ReadonlyMap<string, number> {
  return new Map(
    groups.flatMap(([ems, characters]) =>
      Array.from(characters).map((each) => [each, ems] as const),
    ),
  );
}

import { assert } from '../core/base/assert.ts';

/** A colour as it is in each theme, as #rrggbb. */
export interface ThemedColour {
  readonly light: string;
  readonly dark: string;
}

/**
 * What charts are drawn with. A chart names a role, never a colour, so that one file reads on a white
 * page, on a dark one and in print. The series follow Okabe and Ito's palette, which most colour-blind
 * readers tell apart, darkened or lightened until each stands out from its paper by 3 to 1 at least.
 */
export const COLOURS = {
  paper: { light: '#ffffff', dark: '#0d1117' },
  ink: { light: '#1f2328', dark: '#e6edf3' },
  muted: { light: '#57606a', dark: '#a3adb8' },
  faint: { light: '#d0d7de', dark: '#3a424c' },
  'series-0': { light: '#0072b2', dark: '#56b4e9' },
  'series-1': { light: '#c44e00', dark: '#ff9e4a' },
  'series-2': { light: '#007d5c', dark: '#3fd1a3' },
  'series-3': { light: '#a8478a', dark: '#e79ccb' },
  'series-4': { light: '#5b5b5b', dark: '#c4c4c4' },
  'series-5': { light: '#8a6d00', dark: '#e8d44d' },
  'series-6': { light: '#3d2f8f', dark: '#a99bff' },
  'series-7': { light: '#8c2d19', dark: '#ff8a73' },
} as const satisfies Record<string, ThemedColour>;

/** A role that a colour plays in a chart. */
export type ColourRole = keyof typeof COLOURS;

/** How one series looks, so that it is told apart without its colour as well. */
export interface SeriesStyle {
  readonly role: ColourRole;
  /** The colour for Plot's `fill` and `stroke`; plot-body.ts adds what renderers without variables need. */
  readonly colour: string;
  readonly symbol: 'circle' | 'square' | 'triangle' | 'diamond';
  /** The second four series have the same symbols as the first, drawn in outline. */
  readonly hollow: boolean;
  /** `stroke-dasharray`; empty for an unbroken line. */
  readonly dash: string;
}

export const SERIES_MAX = 8;
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond'] as const;
const DASHES = ['', '7 3', '2 3', '9 3 2 3', '12 4', '4 2', '1 2', '9 3 2 3 2 3'] as const;

/** The style of series `index`, 0 to 7: a chart with more of them wants small multiples instead. */
export function seriesStyle(index: number): SeriesStyle {
  assert(Number.isInteger(index) && index >= 0 && index < SERIES_MAX, 'there are eight series');
  const role = `series-${index}` as ColourRole;
  return {
    role,
    colour: variable(role),
    symbol: SYMBOLS[index % SYMBOLS.length]!,
    hollow: index >= SYMBOLS.length,
    dash: DASHES[index]!,
  };
}

/** The CSS value of a role, for Plot's `fill` and `stroke`. */
export function variable(role: ColourRole): string {
  return `var(--${role})`;
}

/** The light colour of a role that `value` names as a CSS variable; `null` for any other value. */
export function fallbackOf(value: string): string | null {
  const role = /^var\(--([a-z0-9-]+)\)$/.exec(value)?.[1];
  return role !== undefined && role in COLOURS ? COLOURS[role as ColourRole].light : null;
}

/**
 * Attributes that paint by role. The attribute is what a renderer without CSS variables shows (many
 * converters to PDF); the style, which wins where it is understood, follows the theme.
 */
export function paint(roles: Readonly<Partial<Record<'fill' | 'stroke' | 'color', ColourRole>>>) {
  const entries = Object.entries(roles);
  const attributes = entries.map(([name, role]) => `${name}="${COLOURS[role].light}"`);
  const styles = entries.map(([name, role]) => `${name}:${variable(role)}`);
  return `${attributes.join(' ')} style="${styles.join(';')}"`;
}

/** The style sheet of a chart: variables by theme, and paper that is white whenever it is printed. */
export function themeSheet(selector: string): string {
  const declarations = (theme: keyof ThemedColour): string =>
    Object.entries(COLOURS)
      .map(([role, colour]) => `--${role}:${colour[theme]}`)
      .join(';');
  const light = `${selector}{${declarations('light')}}`;
  const dark = `@media (prefers-color-scheme:dark){${selector}{${declarations('dark')}}}`;
  return `${light}\n${dark}\n@media print{${light}}`;
}

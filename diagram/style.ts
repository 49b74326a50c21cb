/** The font of every text in a diagram. */
export const DIAGRAM_FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/** Which colours: those that the reader's system asks for, or always the same. */
export type Theme = 'auto' | 'light' | 'dark';

/**
 * Classes rather than colours in the elements, and no custom properties, which print and drawing
 * programs often do not know. Blue and orange are told apart by colour-blind readers; circle and diamond,
 * solid and dashed say the same without colour.
 */
const LIGHT = {
  '.bg': 'fill:#ffffff',
  text: 'fill:#1f2328',
  '.soft': 'fill:#59636e',
  '.halo': 'stroke:#ffffff',
  '.lane': 'stroke:#59636e',
  '.grid': 'stroke:#e4e8ec',
  '.gap': 'fill:#f1f3f5',
  '.other': 'stroke:#b3bcc6',
  '.control': 'stroke:#97a1ac',
  '.dot': 'fill:#ffffff;stroke:#818b98',
  '.tick': 'stroke:#818b98',
  '.hold': 'fill:#ccd3da',
  '.a': 'stroke:#0757b4',
  '.af': 'fill:#0757b4',
  '.ar': 'fill:#ffffff;stroke:#0757b4',
  '.b': 'stroke:#c24400',
  '.bf': 'fill:#c24400',
  '.br': 'fill:#ffffff;stroke:#c24400',
  '.cell': 'fill:#f6f8fa;stroke:#b3bcc6',
  '.never': 'fill:none;stroke:#818b98',
  '.bad': 'stroke:#cf222e',
  '.badtext': 'fill:#cf222e',
  '.pause': 'fill:#fff4d6;stroke:#9a6700',
  '.ontop': 'fill:#ffffff',
};

const DARK: Partial<Record<keyof typeof LIGHT, string>> = {
  '.bg': 'fill:#0d1117',
  text: 'fill:#e6edf3',
  '.soft': 'fill:#9da7b3',
  '.halo': 'stroke:#0d1117',
  '.lane': 'stroke:#9da7b3',
  '.grid': 'stroke:#21272f',
  '.gap': 'fill:#161b22',
  '.other': 'stroke:#4b545e',
  '.control': 'stroke:#66707b',
  '.dot': 'fill:#0d1117;stroke:#7d8793',
  '.tick': 'stroke:#7d8793',
  '.hold': 'fill:#39424c',
  '.a': 'stroke:#6cb6ff',
  '.af': 'fill:#6cb6ff',
  '.ar': 'fill:#0d1117;stroke:#6cb6ff',
  '.b': 'stroke:#ffa04d',
  '.bf': 'fill:#ffa04d',
  '.br': 'fill:#0d1117;stroke:#ffa04d',
  '.cell': 'fill:#161b22;stroke:#4b545e',
  '.never': 'fill:none;stroke:#7d8793',
  '.bad': 'stroke:#ff7b72',
  '.badtext': 'fill:#ff7b72',
  '.pause': 'fill:#332701;stroke:#d4a72c',
  '.ontop': 'fill:#0d1117',
};

/** Sizes of text that is cut or wrapped to its place, in pixels. */
export const HEADLINE_PX = 19;
export const FACTS_PX = 13;
export const LEGEND_PX = 12;
export const SMALL_PX = 11;
export const TINY_PX = 9.5;

const SHAPES =
  `text{font-size:${LEGEND_PX}px}.h{font-size:${HEADLINE_PX}px;font-weight:700}.facts{font-size:${FACTS_PX}px}` +
  '.name{font-size:14px;font-weight:700}.strong{font-weight:700}' +
  `.small{font-size:${SMALL_PX}px}.tiny{font-size:${TINY_PX}px}` +
  '.halo{paint-order:stroke;' +
  'stroke-width:4px;stroke-linejoin:round}.lane{stroke-width:1.5}.dead{stroke-dasharray:1 5}.other{stroke-width:1;' +
  'fill:none}.control{stroke-width:1;fill:none;stroke-dasharray:1.5 3}.tick{stroke-width:1.6}.a,.b{' +
  'stroke-width:2;fill:none}.b{stroke-dasharray:7 3}.head{stroke-dasharray:none}.about{stroke-width:1.3;stroke-dasharray:2 3}' +
  '.ar,.br{stroke-width:2.2}.bad{stroke-width:2.2;fill:none}.never{stroke-dasharray:3 3}' +
  '.pause{stroke-dasharray:4 3}.faint{opacity:.45}';

export function styleSheet(theme: Theme): string {
  const light = rules(LIGHT);
  const dark = rules(DARK);
  if (theme === 'light') return light + SHAPES;
  if (theme === 'dark') return light + dark + SHAPES;
  // Paper is white, whatever the screen is.
  return `${light}@media screen and (prefers-color-scheme:dark){${dark}}${SHAPES}`;
}

function rules(colours: Readonly<Record<string, string>>): string {
  return Object.entries(colours)
    .map(([selector, declarations]) => `${selector}{${declarations}}`)
    .join('');
}

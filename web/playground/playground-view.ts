import { readPlayground, writePlayground } from './playground-settings.ts';

/** How somebody looks at a run of the playground: what a link holds beside the settings. */
export interface PlaygroundView {
  /** Where the film stands, in milliseconds; `null`: it plays from its beginning. */
  readonly atMs: number | null;
  /** Whether the space-time diagram is open. */
  readonly hasDiagram: boolean;
}

/** No film is as long as this. */
const AT_MS_MAX = 1_000_000;

/** The view that a link holds; what it holds wrongly is as by default. */
export function readPlaygroundView(query: ReadonlyMap<string, string>): PlaygroundView {
  const at = query.get('at') ?? '';
  const atMs = /^\d{1,7}$/.test(at) ? Math.min(Number(at), AT_MS_MAX) : null;
  return { atMs, hasDiagram: query.get('show') === 'diagram' };
}

/** What a link has to hold so that `readPlaygroundView` gives this view again. */
export function writePlaygroundView({ atMs, hasDiagram }: PlaygroundView): Record<string, string> {
  return { at: atMs === null ? '' : String(atMs), show: hasDiagram ? 'diagram' : '' };
}

/**
 * What an address holds once the view is changed. The settings stay those that it holds: they are what was asked for,
 * while what is shown may still be the run before.
 */
export function withView(
  query: ReadonlyMap<string, string>,
  changed: Partial<PlaygroundView>,
): Record<string, string> {
  const view = { ...readPlaygroundView(query), ...changed };
  return { ...writePlayground(readPlayground(query)), ...writePlaygroundView(view) };
}

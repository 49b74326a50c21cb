import { basename, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toError } from '../core/base/to-error.ts';
import { hintFor } from './throw-hints.ts';

/** Frames of a stack that are shown: those in the ordering's own file first, then the others. */
const OWN_FRAMES_MAX = 4;
const OTHER_FRAMES_MAX = 2;

/**
 * What an ordering threw, as its author wants to read it: the error, then where in the ordering's own
 * file, then where else; and what helps, where that is known. `file` is the ordering's file, absolute.
 * In one line stands the first of these places only.
 */
export function explainThrow(thrown: unknown, file: string, inOneLine = false): string {
  const error = toError(thrown);
  const hint = hintFor(error.message);
  const hints = hint === null ? [] : [`Hint: ${hint}.`];
  const frames = framesOf(error);
  const own = frames.filter((frame) => frame.includes(file)).slice(0, OWN_FRAMES_MAX);
  if (inOneLine) {
    const places = own.slice(0, 1).map((frame) => frame.replace(file, basename(file)));
    const thrownAt = [String(error).replaceAll('\n', ' '), ...places].join(', ');
    return [thrownAt, ...hints].join('. ');
  }
  const others = frames.filter((frame) => !frame.includes(file)).slice(0, OTHER_FRAMES_MAX);
  return [
    ...placeInStack(error, file),
    String(error),
    ...[...own, ...others].map((frame) => `  ${frame}`),
    ...hints,
  ].join('\n');
}

/** The line that could not be read, which the stack of a file that does not parse begins with. */
export function placeInStack({ stack = '' }: Error, file: string): string[] {
  const [where = '', ...rest] = stack.split('\n');
  if (!where.includes(`${file}:`) || where.startsWith('at ')) return [];
  const end = rest.findIndex((line) => line.trim() !== '' && /^\s*\^+$/.test(line));
  return [where.replace(/^file:\/\//, ''), ...rest.slice(0, end + 1)].filter(
    (line) => line.trim() !== '',
  );
}

/** The folders of what loads an ordering and stands around it, of which a stack tells its author nothing. */
const LOADING = ['custom', 'cli'].map((folder) => resolve(import.meta.dirname, '..', folder));

/** `at receive (best.ts:17:23)`, without the frames of Node itself and of what loads the ordering. */
function framesOf({ stack = '' }: Error): string[] {
  return stack
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at ') && !line.includes('node:'))
    .map((line) => line.replace(/file:\/\/[^\s)]+?(?=:\d+:\d+)/, (url) => pathOf(url)))
    .filter((line) => !LOADING.some((folder) => line.includes(`${folder}${sep}`)));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch {
    return url;
  }
}

import { relative } from 'node:path';

/** A path as somebody in this folder would type it: relative to it where it lies below, else as it is. */
export function fromHere(path: string): string {
  const shorter = relative(process.cwd(), path);
  return shorter.startsWith('..') || shorter === '' ? path : shorter;
}

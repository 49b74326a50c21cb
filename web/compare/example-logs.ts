import type { DroppedFile } from './compare-files.ts';

/** Logs of three peers of which the last one delivered two messages in another order. */
const TEXTS: Readonly<Record<string, string>> = {
  'logfile0.log': '[(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]',
  'logfile1.log': '[(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1)]',
  'logfile2.log': '[(0, 0), (2, 0), (1, 0), (0, 1), (1, 1), (2, 1)]',
};

export const EXAMPLE_LOGS: readonly DroppedFile[] = Object.entries(TEXTS).map(([name, text]) => ({
  name,
  bytes: new TextEncoder().encode(text),
}));

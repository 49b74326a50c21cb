import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { ORDERING_DEFAULT } from '../../core/orderings/registry.ts';
import { Failure } from '../shell/failure.ts';
import type { GridData, GridDirectory } from './grid-directory.ts';
import { summarise } from './summarise.ts';
import { BESIDE_CHART, drawBeside, type OtherGrid } from './write-beside.ts';

const PUBLISHED = new URL('../../results/published/published.json', import.meta.url);

const publishedSchema = z.object({
  source: z.string(),
  cells: z.array(
    z.object({ peers: z.int(), messages: z.int(), unorderedRounds: z.array(z.int()) }),
  ),
});

/** Makes every file that is derived from a grid's raw data, as texts by file name. */
export async function renderSummaries(
  directory: GridDirectory,
  data: GridData,
): Promise<Map<string, string>> {
  const published = publishedSchema.parse(JSON.parse(await readFile(PUBLISHED, 'utf8')));
  // Drawn once, with another grid's data, it stays a part of this one.
  const others = existsSync(join(directory.path, BESIDE_CHART)) ? [BESIDE_CHART] : [];
  return summarise(basename(resolve(directory.path)), data, published, others);
}

/**
 * Writes those files, and the picture beside `other` where that is wanted; gives the summary for a person. Throws
 * `Failure` where the two grids have nothing in common: by then everything else is written.
 */
export async function writeSummaries(
  directory: GridDirectory,
  data: GridData,
  other: OtherGrid | null,
): Promise<string> {
  const svg = other === null ? null : await drawBeside(directory, data, other);
  if (svg !== null) await directory.write(BESIDE_CHART, svg);
  const files = await renderSummaries(directory, data);
  for (const [name, text] of files) await directory.write(name, text);
  if (other === null || svg !== null) return files.get('summary.md')!;
  throw new Failure(
    `${directory.path} has its summary, but no ${BESIDE_CHART}: it and ${other.path} have no cell of ` +
      `"${ORDERING_DEFAULT}" in common that both have measured`,
  );
}

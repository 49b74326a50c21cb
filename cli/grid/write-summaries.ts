import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import type { GridData, GridDirectory } from './grid-directory.ts';
import { summarise } from './summarise.ts';
import { BESIDE_CHART } from './write-beside.ts';

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

/** Writes those files, and gives the summary for a person. */
export async function writeSummaries(directory: GridDirectory, data: GridData): Promise<string> {
  const files = await renderSummaries(directory, data);
  for (const [name, text] of files) await directory.write(name, text);
  return files.get('summary.md')!;
}

/**
 * Makes summary.csv, summary.md and the charts of results folders again from their raw data, byte for
 * byte: the same as `mpcomm grid --summarise`.
 *
 *   node scripts/summarise-results.ts                       every grid under results/
 *   node scripts/summarise-results.ts results/FOLDER ...    only those
 *   node scripts/summarise-results.ts --check [FOLDER ...]  writes nothing; status 1, with the names of
 *                                                           the files, where one would change
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GridDirectory } from '../cli/grid/grid-directory.ts';
import { renderSummaries } from '../cli/grid/write-summaries.ts';

const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

const words = process.argv.slice(2);
const isCheck = words.includes('--check');
const given = words.filter((word) => word !== '--check');
const folders = given.length > 0 ? given : gridsIn(RESULTS);

for (const folder of folders) {
  const directory = new GridDirectory(folder);
  const data = await directory.read();
  if (data === null) {
    process.stderr.write(`${folder} has no parameters.json of a grid\n`);
    process.exit(2);
  }
  const files = await renderSummaries(directory, data);
  for (const [name, text] of files) {
    const file = join(folder, name);
    const isSame = existsSync(file) && readFileSync(file, 'utf8') === text;
    if (isSame) continue;
    process.stdout.write(`${file} ${isCheck ? 'would change' : 'was written'}\n`);
    if (isCheck) process.exitCode = 1;
    else await directory.write(name, text);
  }
  const left = readdirSync(folder).filter((name) => name.endsWith('.svg') && !files.has(name));
  for (const name of left) {
    process.stdout.write(`${join(folder, name)} is not made from this data\n`);
    process.exitCode = 1;
  }
}
process.stdout.write(`${folders.length} folders looked at\n`);

function gridsIn(results: string): string[] {
  return readdirSync(results)
    .map((name) => join(results, name))
    .filter((folder) => existsSync(join(folder, 'parameters.json')))
    .sort();
}

/**
 * Builds the page of web/ into a folder that any web host serves as it is:
 *
 *   npm run build:web -- --out dist/web
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { buildWeb } from '../../cli/dashboard/build-web.ts';

const root = resolve(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/web' } } });
const out = resolve(root, values.out);
const files = await buildWeb(root);
await rm(join(out, 'assets'), { recursive: true, force: true });
await mkdir(join(out, 'assets'), { recursive: true });
for (const { name, content } of files) {
  await writeFile(join(out, name), content);
  console.log(`${String(gzipSync(content).length).padStart(8)} bytes gzipped  ${name}`);
}

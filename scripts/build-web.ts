/**
 * Builds the page of web/ into a folder that any web host serves as it is:
 *
 *   npm run build:web -- --out dist/web
 *
 * The names of scripts and styles hold a hash of their content, so that a browser may keep them for ever.
 */
import { build, type BuildOptions, type OutputFile } from 'esbuild';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

/** A file of the built page, not yet written. */
export interface PageFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Workers by the names of worker-files.ts. */
const WORKERS = ['simulation', 'compare'] as const;
const ASSETS = 'assets';
/** What the editor begins with. */
const OWN_TEMPLATE = 'examples/my-ordering.ts';

/** The files of the page, whose sources lie in web/ of the project at `root`. */
export async function buildWeb(root: string): Promise<PageFile[]> {
  const workers = await bundle(root, {
    entryPoints: WORKERS.map((name) => `web/workers/${name}-worker.ts`),
  });
  const workerFiles = Object.fromEntries(
    WORKERS.map((name) => [name, nameOf(workers, `${name}-worker`, '.js')]),
  );
  const page = await bundle(root, {
    entryPoints: ['web/main.tsx', 'web/page.css'],
    splitting: true,
    define: {
      WORKER_FILES: JSON.stringify(workerFiles),
      OWN_TEMPLATE_TEXT: JSON.stringify(await readFile(join(root, OWN_TEMPLATE), 'utf8')),
    },
  });
  const template = await readFile(join(root, 'web/index.html'), 'utf8');
  const html = template
    .replace('{{STYLE}}', nameOf(page, 'page', '.css'))
    .replace('{{SCRIPT}}', nameOf(page, 'main', '.js'));
  return [{ name: 'index.html', content: Buffer.from(html) }, ...workers, ...page];
}

/** Bytes after gzip of what somebody loads who opens nothing but `names`. */
export function zippedBytes(files: readonly PageFile[]): number {
  return files.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
}

async function bundle(root: string, options: BuildOptions): Promise<PageFile[]> {
  const { outputFiles } = await build({
    bundle: true,
    format: 'esm',
    target: 'es2023',
    minify: true,
    write: false,
    absWorkingDir: root,
    outdir: ASSETS,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    legalComments: 'none',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    ...options,
  });
  return (outputFiles as OutputFile[]).map(({ path, contents }) => ({
    name: `${ASSETS}/${path.slice(path.lastIndexOf('/') + 1)}`,
    content: contents,
  }));
}

function nameOf(files: readonly PageFile[], entry: string, extension: string): string {
  const found = files.find(
    ({ name }) => name.startsWith(`${ASSETS}/${entry}-`) && name.endsWith(extension),
  );
  if (found === undefined) throw new Error(`the build made no ${entry}${extension}`);
  return found.name;
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '..');
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/web' } } });
  const out = resolve(root, values.out);
  const files = await buildWeb(root);
  await rm(join(out, ASSETS), { recursive: true, force: true });
  await mkdir(join(out, ASSETS), { recursive: true });
  for (const { name, content } of files) {
    await writeFile(join(out, name), content);
    console.log(`${String(gzipSync(content).length).padStart(8)} bytes gzipped  ${name}`);
  }
}

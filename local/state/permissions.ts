import { chmod, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StateDirectory } from '../state-directory.ts';

/** Bits of a file's mode (inode(7)). */
const OTHERS_WRITE = 0o002;
const GROUP_OR_OTHERS_WRITE = 0o022;
const GROUP_OR_OTHERS = 0o077;
const STICKY = 0o1000;
const PERMISSIONS = 0o777;

/** What about the rights to a path is not as it should be, and how it is mended. */
export interface Exposure {
  readonly path: string;
  /** A clause, such as "every user of this machine may write there (mode 777)". */
  readonly problem: string;
  /** The mode that mends it; `null` where this program should not: such a folder is not the user's alone. */
  readonly mode: number | null;
}

/** Who may do what with `path`, as far as the system tells. */
interface Rights {
  readonly mode: number;
  readonly uid: number;
}

/**
 * What other users of this machine could do to a laboratory: whoever may write into its folders may
 * replace its files, whoever reads its secret may send datagrams as any of its peers, and whoever writes
 * its store may write any result. Empty when all is well, and on systems that have no such rights.
 */
export async function findExposed(directory: StateDirectory): Promise<Exposure[]> {
  const { path, stateFile, secretFile } = directory;
  const own = process.getuid?.();
  if (own === undefined) return [];
  const folders = [
    path,
    dirname(directory.logFile('any')),
    dirname(directory.comparisonFile('any')),
  ];
  const files = [secretFile, stateFile, `${stateFile}-wal`, `${stateFile}-shm`];
  const found = await Promise.all([
    ...folders.map(async (each) => exposedFolder(each, await rightsTo(each), own)),
    ...files.map(async (each) => exposedFile(each, await rightsTo(each))),
  ]);
  return found.filter((exposure) => exposure !== null);
}

/** The exposure of a folder into which everybody may write; `null` where there is none. */
export function exposedFolder(
  path: string,
  rights: Rights | null,
  ownUid: number,
): Exposure | null {
  if (rights === null || (rights.mode & OTHERS_WRITE) === 0) return null;
  // A folder like /tmp is everybody's on purpose, and of somebody else's folder we change nothing.
  const isOurs = (rights.mode & STICKY) === 0 && (rights.uid === ownUid || ownUid === 0);
  const mode = isOurs ? rights.mode & PERMISSIONS & ~GROUP_OR_OTHERS_WRITE : null;
  return { path, problem: `every user of this machine may write there (${modeOf(rights)})`, mode };
}

/** The exposure of a file that is not its owner's alone; `null` where there is none. */
export function exposedFile(path: string, rights: Rights | null): Exposure | null {
  if (rights === null || (rights.mode & GROUP_OR_OTHERS) === 0) return null;
  return {
    path,
    problem: `it is not readable by its owner alone (${modeOf(rights)})`,
    mode: 0o600,
  };
}

/**
 * Takes from others what they should not have, and says so; all but the secret, which is replaced where
 * it is read (secret.ts). Throws where a folder is everybody's on purpose. A file system that keeps no
 * rights is only told of: there is no better one at hand.
 */
export async function closeToOthers(
  directory: StateDirectory,
  onNote: (note: string) => void,
): Promise<void> {
  for (const { path, problem, mode } of await findExposed(directory)) {
    if (path === directory.secretFile) continue;
    if (mode === null) {
      throw new Error(
        `${path} cannot be the state directory: ${problem}; name a folder of its own with --state`,
      );
    }
    await chmod(path, mode).catch(() => undefined);
    const rights = await rightsTo(path);
    const isMended = rights !== null && (rights.mode & PERMISSIONS) === mode;
    const outcome = isMended
      ? `that was ended (mode ${mode.toString(8)})`
      : 'that cannot be changed here';
    onNote(`${path}: ${problem}; ${outcome}`);
  }
}

async function rightsTo(path: string): Promise<Rights | null> {
  return stat(path).catch(() => null);
}

function modeOf({ mode }: Rights): string {
  return `mode ${(mode & PERMISSIONS).toString(8)}`;
}

import { constants, createReadStream, fstatSync, openSync, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isatty, ReadStream } from 'node:tty';
import { spellUnprintable } from '../../control/printable.ts';
import { messageOf } from '../shell/failure.ts';

/** What stands for standard input, as in other commands. */
const STANDARD_INPUT = '-';

/** The bytes that are asked for at once. */
const CHUNK_BYTES = 1_048_576;

/** Something to read a log from, which is there, though it was not opened yet. */
export interface LogSource {
  /** What sentences call it: on one line, whatever its path has in it. */
  readonly name: string;
  /** The same for two paths to one file; `null` where a file can be read from again, as a device can. */
  readonly identity: string | null;
  /** How large it is; `null` for what is no plain file. */
  readonly bytes: number | null;
  readonly open: () => Readable;
}

/** A word of the command line that is nothing to read a log from, and why. */
export interface NoSource {
  readonly name: string;
  readonly reason: string;
  readonly isMissing: boolean;
}

/** Finds out what a word of the command line names. Throws nothing. */
export async function findSource(word: string): Promise<LogSource | NoSource> {
  if (word === STANDARD_INPUT) return standardInput();
  const name = spellUnprintable(word);
  try {
    const found = await stat(word, { bigint: true });
    if (found.isDirectory()) {
      return { name, reason: `it is a folder; ${giveFiles(name)}`, isMissing: false };
    }
    return { name, ...describeFile(found), open: () => openFile(word, found) };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { name, reason: reasonOf(name, error), isMissing };
  }
}

function standardInput(): LogSource | NoSource {
  const name = 'standard input';
  try {
    const found = fstatSync(0, { bigint: true });
    const { identity, bytes } = describeFile(found);
    return { name, identity: identity ?? name, bytes, open: () => process.stdin };
  } catch {
    return { name, reason: 'it is closed', isMissing: false };
  }
}

function describeFile(found: BigIntStats): Pick<LogSource, 'identity' | 'bytes'> {
  return {
    identity: found.isFile() || found.isFIFO() ? `${found.dev}:${found.ino}` : null,
    bytes: found.isFile() ? Number(found.size) : null,
  };
}

/**
 * A stream that can be given up at any time. An opening of a pipe that nobody writes, and a reading from a
 * terminal, hold a thread, and with it the end of this process; neither does so where the system tells when
 * there is something to read.
 */
function openFile(path: string, found: BigIntStats): Readable {
  if (found.isFIFO()) {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return new Socket({ fd, readable: true, writable: false });
  }
  if (found.isCharacterDevice()) {
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOCTTY);
    return isatty(fd) ? new ReadStream(fd) : createReadStream(path, { fd });
  }
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

/** Why a file cannot be read, in words where there are some. */
export function reasonOf(name: string, error: unknown): string {
  switch ((error as NodeJS.ErrnoException | null)?.code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return /[*?[\]{}]/.test(name)
        ? `there is no such file, and in quotes no shell makes files of a pattern; ${giveFiles('.')}`
        : 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'this user may not read it';
    default:
      return messageOf(error);
  }
}

function giveFiles(folder: string): string {
  return `give its files, such as ${folder.replace(/\/+$/, '')}/*.csv`;
}

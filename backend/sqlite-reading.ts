import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { SqliteCode, sqliteCodeOf } from './state-file-error.ts';

/** A connection that only reads, and what is to be done once it is closed. */
export interface ReadingConnection {
  readonly connection: DatabaseSync;
  readonly close: () => void;
}

/**
 * Opens an SQLite file to be read, wherever it lies. A file in WAL mode needs to be accompanied by a
 * file of shared memory, which even a reader creates where there is none; so on a read-only medium
 * SQLite refuses to open it (https://www.sqlite.org/wal.html#readonly). Without a log beside it, it may be
 * declared immutable; with one, what the log holds would be missed, and a copy of both is opened.
 */
export function openForReading(path: string): ReadingConnection {
  try {
    return { connection: probed(new DatabaseSync(path, { readOnly: true })), close: nothing };
  } catch (error) {
    const code = sqliteCodeOf(error);
    if (code !== SqliteCode.cannotOpen && code !== SqliteCode.readOnly) throw error;
    if (!existsSync(path)) throw error;
  }
  return hasLog(path) ? openCopy(path) : openImmutable(path);
}

function openImmutable(path: string): ReadingConnection {
  const url = pathToFileURL(path);
  url.search = '?immutable=1';
  return { connection: probed(new DatabaseSync(url, { readOnly: true })), close: nothing };
}

function openCopy(path: string): ReadingConnection {
  const folder = mkdtempSync(join(tmpdir(), 'mpcomm-read-'));
  const close = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    copyFileSync(`${path}-wal`, `${copy}-wal`);
    const connection = probed(new DatabaseSync(copy));
    // What is written here would be lost with the copy.
    connection.exec('PRAGMA query_only = ON');
    return { connection, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** Whether there is a write-ahead log with something in it. */
function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** SQLite opens a file only when it is first read. */
function probed(connection: DatabaseSync): DatabaseSync {
  try {
    connection.prepare('SELECT count(*) FROM sqlite_schema').get();
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
}

function nothing(): void {
  // The connection leaves nothing behind.
}

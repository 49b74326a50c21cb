import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureSchema } from './sqlite-schema.ts';

/** How long a call tries again while other processes hold the file, before it fails. */
const BUSY_MS_MAX = 10_000;

/**
 * How long SQLite itself waits for a lock. It blocks the whole process, and a peer has datagrams to
 * receive; so it is short, and longer waits are timers of ours.
 */
const BLOCKING_MS = 5;
const RETRY_MS_MAX = 40;

/** A commit is fast enough for a laboratory to be polled this often; the check takes about 5 us. */
export const POLL_MS = 15;

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_NOTADB = 26;

/**
 * One connection to the laboratory's SQLite file, which several processes share.
 *
 * The file is in WAL mode with `synchronous = NORMAL`: what was committed survives the death of any
 * process (kill -9 included), because it is in the operating system's hands; a power failure may
 * take the last moments, never the file's consistency.
 */
export class SqliteDatabase {
  readonly file: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(file: string, connection: DatabaseSync) {
    this.file = file;
    this.#connection = connection;
  }

  /**
   * Opens `file`, or creates it (its directory too) for its owner alone. Rejects with an error that
   * says what is wrong when it is no SQLite file, or not of this program and version.
   */
  static async open(file: string): Promise<SqliteDatabase> {
    const path = resolve(file);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
    const connection = new DatabaseSync(path, { timeout: BLOCKING_MS });
    const database = new SqliteDatabase(path, connection);
    try {
      await retryWhileBusy(path, () => connection.exec('PRAGMA journal_mode = WAL'));
      connection.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      connection.exec('PRAGMA journal_size_limit = 67108864');
      await database.write(() => ensureSchema(connection, path));
    } catch (error) {
      connection.close();
      throw isSqliteError(error, SQLITE_NOTADB)
        ? new Error(`${path} is not an SQLite file: name another in MPCOMM_STATE_FILE`)
        : error;
    }
    return database;
  }

  /** A prepared statement, kept for as long as the connection. */
  prepare(sql: string): StatementSync {
    if (!this.#connection.isOpen) throw new Error(`${this.file} was closed`);
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /**
   * Runs `work` in one write transaction, all or nothing. `work` is synchronous, so that no other
   * call of this process can come between; it may run again when the file was busy.
   */
  write<Result>(work: () => Result): Promise<Result> {
    return retryWhileBusy(this.file, () => {
      this.prepare('BEGIN IMMEDIATE').run();
      try {
        const result = work();
        this.prepare('COMMIT').run();
        return result;
      } catch (error) {
        if (this.#connection.isTransaction) this.#connection.exec('ROLLBACK');
        throw error;
      }
    });
  }

  /** Runs `read`, again while the file is busy (as when it is recovered after a crash). */
  read<Result>(read: () => Result): Promise<Result> {
    return retryWhileBusy(this.file, read);
  }

  /** A number that changes whenever another connection has committed. */
  dataVersion(): number {
    return Number(this.prepare('PRAGMA data_version').get()!['data_version']);
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }
}

async function retryWhileBusy<Result>(file: string, attempt: () => Result): Promise<Result> {
  const deadline = performance.now() + BUSY_MS_MAX;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isSqliteError(error, SQLITE_BUSY) && !isSqliteError(error, SQLITE_LOCKED)) throw error;
      if (performance.now() >= deadline) {
        throw new Error(`${file} was held by another process for ${BUSY_MS_MAX / 1000} s`, {
          cause: error,
        });
      }
    }
    await sleep(1 + Math.random() * RETRY_MS_MAX);
  }
}

/** Whether `error` carries SQLite's primary result `code`; extended codes have it in the low byte. */
function isSqliteError(error: unknown, code: number): boolean {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return false;
  return (Number(error.errcode) & 0xff) === code;
}

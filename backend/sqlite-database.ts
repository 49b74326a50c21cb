import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { openForReading } from './sqlite-reading.ts';
import { checkSchema, ensureSchema, refuseForeign } from './sqlite-schema.ts';
import { explainStateFile, SqliteCode, sqliteCodeOf } from './state-file-error.ts';

/** How long a call tries again while other processes hold the file, before it fails. */
const BUSY_MS_MAX = 10_000;

/**
 * How long SQLite itself waits for a lock. This wait blocks the whole process, and a peer has datagrams
 * to receive; so it is short, and longer waits are timers of ours.
 */
const BLOCKING_MS = 5;
const RETRY_MS_MAX = 40;

/**
 * The interval at which the file is polled, which is fast enough for a laboratory; the check takes
 * about 5 us.
 */
export const POLL_MS = 15;

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

  readonly #onClosed: () => void;

  private constructor(
    file: string,
    connection: DatabaseSync,
    onClosed: () => void = () => undefined,
  ) {
    this.file = file;
    this.#connection = connection;
    this.#onClosed = onClosed;
  }

  /**
   * Opens `file`, or creates it (its directory too) for its owner alone. Rejects with a `StateFileError`
   * when it cannot be used, and with an error that says so when it is not of this program and version.
   */
  static async open(file: string): Promise<SqliteDatabase> {
    const path = resolve(file);
    const connection = explained(path, () => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      closeSync(openSync(path, 'a', 0o600));
      return new DatabaseSync(path, { timeout: BLOCKING_MS });
    });
    const database = new SqliteDatabase(path, connection);
    try {
      // The mode of a file stays with it: it is set for no file of anybody else's.
      await database.read(() => refuseForeign(connection, path));
      await retryWhileBusy(path, () => connection.exec('PRAGMA journal_mode = WAL'));
      connection.exec('PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON');
      connection.exec('PRAGMA journal_size_limit = 67108864');
      await database.write(() => ensureSchema(connection, path));
    } catch (error) {
      connection.close();
      throw explainStateFile(path, error);
    }
    return database;
  }

  /**
   * Opens `file` to be read only, also where nothing may be written: on a read-only medium, or in another
   * user's folder. Rejects as `open` does.
   */
  static async openToRead(file: string): Promise<SqliteDatabase> {
    const path = resolve(file);
    const { connection, close } = explained(path, () => openForReading(path));
    const database = new SqliteDatabase(path, connection, close);
    try {
      await database.read(() => checkSchema(connection, path));
    } catch (error) {
      database.close();
      throw error;
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

  /** Reads as `read` does, but at once: throws while the file is busy. */
  readNow<Result>(read: () => Result): Result {
    return explained(this.file, read);
  }

  /** A number that changes whenever another connection has committed. */
  dataVersion(): number {
    return this.readNow(() => {
      return Number(this.prepare('PRAGMA data_version').get()!['data_version']);
    });
  }

  close(): void {
    this.#statements.clear();
    if (!this.#connection.isOpen) return;
    this.#connection.close();
    this.#onClosed();
  }
}

async function retryWhileBusy<Result>(file: string, attempt: () => Result): Promise<Result> {
  const deadline = performance.now() + BUSY_MS_MAX;
  for (;;) {
    try {
      return attempt();
    } catch (error) {
      if (!isBusy(error)) throw explainStateFile(file, error);
      if (performance.now() >= deadline) {
        throw new Error(`${file} was held by another process for ${BUSY_MS_MAX / 1000} s`, {
          cause: error,
        });
      }
    }
    await sleep(1 + Math.random() * RETRY_MS_MAX);
  }
}

function explained<Result>(file: string, attempt: () => Result): Result {
  try {
    return attempt();
  } catch (error) {
    throw explainStateFile(file, error);
  }
}

function isBusy(error: unknown): boolean {
  const code = sqliteCodeOf(error);
  return code === SqliteCode.busy || code === SqliteCode.locked;
}

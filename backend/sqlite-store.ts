import { setTimeout as sleep } from 'node:timers/promises';
import {
  AlreadyExistsError,
  type WallClock,
  type Document,
  type DocumentFields,
  type ListOptions,
  type Store,
  type Transaction,
} from '../control/ports.ts';
import {
  checkCollectionPath,
  checkDocument,
  parseDocumentPath,
} from '../control/document-rules.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import { StateFileError } from './state-file-error.ts';

/** How long a transaction is tried again while others change what it read. */
const TRANSACTION_MS_MAX = 10_000;

const NO_BYTES = new Uint8Array(0);

/** The greatest character with which an id may go on. */
const GREATEST = '\u{10ffff}';

/** Documents in one SQLite file that several processes share. */
export class SqliteStore implements Store {
  readonly #database: SqliteDatabase;
  readonly #clock: WallClock;

  private constructor(database: SqliteDatabase, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Opens the store in `file`, which is created if absent; documents bear the time of `clock`. */
  static async open(file: string, clock: WallClock = Date.now): Promise<SqliteStore> {
    return new SqliteStore(await SqliteDatabase.open(file), clock);
  }

  /** Opens the store in `file` to be read only, also on a medium that cannot be written. */
  static async openToRead(file: string, clock: WallClock = Date.now): Promise<SqliteStore> {
    return new SqliteStore(await SqliteDatabase.openToRead(file), clock);
  }

  async create(path: string, fields: DocumentFields, bytes = NO_BYTES): Promise<boolean> {
    checkDocument(path, fields, bytes);
    const nowMs = this.#clock();
    return this.#database.write(() => insert(this.#database, path, fields, bytes, nowMs));
  }

  async replace(path: string, fields: DocumentFields): Promise<void> {
    checkDocument(path, fields);
    const nowMs = this.#clock();
    await this.#database.write(() => upsert(this.#database, path, fields, nowMs));
  }

  async read(path: string): Promise<Document | undefined> {
    parseDocumentPath(path);
    return this.#database.read(() => select(this.#database, path)?.document);
  }

  async list(collection: string, options: ListOptions = {}): Promise<Document[]> {
    checkCollectionPath(collection);
    const { prefix = '', after = '', first = -1, last } = options;
    const bytes = options.bytes === false ? `x''` : 'bytes';
    const columns = `path, fields, created_at_us, revision, ${bytes} AS bytes`;
    const range = 'collection = ? AND id >= ? AND id < ? AND id > ?';
    const order = last === undefined ? 'ASC' : 'DESC';
    const statement = `SELECT ${columns} FROM documents WHERE ${range} ORDER BY id ${order} LIMIT ?`;
    const values = [collection, prefix, `${prefix}${GREATEST}`, after, last ?? first];
    const rows = await this.#database.read(() => this.#database.prepare(statement).all(...values));
    return (last === undefined ? rows : rows.reverse()).map((row) => {
      return documentOf(this.#database, row);
    });
  }

  /**
   * Runs an optimistic transaction: `work` reads without a lock and its writes are kept; then one short
   * write transaction checks that nothing it read has changed, and applies the writes. So a slow `work`
   * (or a process that dies in it) holds up nobody.
   */
  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const deadline = performance.now() + TRANSACTION_MS_MAX;
    for (let attempt = 0; performance.now() < deadline; attempt += 1) {
      const transaction = new SqliteTransaction(this.#database, this.#clock);
      const result = await work(transaction);
      if (await transaction.commit()) return result;
      await sleep(Math.random() * Math.min(50, attempt));
    }
    throw new Error(
      `A transaction met changes by others for ${TRANSACTION_MS_MAX / 1000} s and gave up`,
    );
  }

  close(): Promise<void> {
    this.#database.close();
    return Promise.resolve();
  }
}

class SqliteTransaction implements Transaction {
  readonly #database: SqliteDatabase;
  readonly #clock: WallClock;
  /** Revision of each document that was read; 0 where there was none. */
  readonly #readRevisions = new Map<string, number>();
  readonly #writes: { path: string; fields: DocumentFields; create: boolean }[] = [];

  constructor(database: SqliteDatabase, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  async read(path: string): Promise<Document | undefined> {
    if (this.#writes.length > 0) throw new Error('A transaction reads before its first write');
    parseDocumentPath(path);
    const found = await this.#database.read(() => select(this.#database, path));
    this.#readRevisions.set(path, found?.revision ?? 0);
    return found?.document;
  }

  create(path: string, fields: DocumentFields): void {
    checkDocument(path, fields);
    this.#writes.push({ path, fields, create: true });
  }

  replace(path: string, fields: DocumentFields): void {
    checkDocument(path, fields);
    this.#writes.push({ path, fields, create: false });
  }

  /** Commits; false when something that was read has changed since, and then nothing was written. */
  commit(): Promise<boolean> {
    const nowMs = this.#clock();
    return this.#database.write(() => {
      for (const [path, revision] of this.#readRevisions) {
        if ((select(this.#database, path)?.revision ?? 0) !== revision) return false;
      }
      for (const { path, fields, create } of this.#writes) {
        if (!create) upsert(this.#database, path, fields, nowMs);
        else if (!insert(this.#database, path, fields, NO_BYTES, nowMs)) {
          throw new AlreadyExistsError(`${path} exists already`);
        }
      }
      return true;
    });
  }
}

/** Creates the document inside a write transaction; false where one exists. */
function insert(
  db: SqliteDatabase,
  path: string,
  fields: DocumentFields,
  bytes: Uint8Array,
  nowMs: number,
): boolean {
  const { collection, id } = parseDocumentPath(path);
  const statement = db.prepare(
    `INSERT INTO documents (path, collection, id, created_at_us, revision, fields, bytes)
     VALUES (?, ?, ?, max(?, (SELECT coalesce(max(created_at_us), 0) + 1 FROM documents)), 1, ?, ?)
     ON CONFLICT (path) DO NOTHING`,
  );
  const json = JSON.stringify(fields);
  return statement.run(path, collection, id, nowMs * 1000, json, bytes).changes === 1;
}

/** Replaces all fields inside a write transaction (and drops the bytes), or creates the document. */
function upsert(db: SqliteDatabase, path: string, fields: DocumentFields, nowMs: number): void {
  const statement = db.prepare(
    `UPDATE documents SET fields = ?, bytes = x'', revision = revision + 1 WHERE path = ?`,
  );
  if (statement.run(JSON.stringify(fields), path).changes > 0) return;
  insert(db, path, fields, NO_BYTES, nowMs);
}

function select(db: SqliteDatabase, path: string) {
  const row = db.prepare('SELECT * FROM documents WHERE path = ?').get(path);
  return row && { document: documentOf(db, row), revision: Number(row['revision']) };
}

function documentOf({ file }: SqliteDatabase, row: Record<string, unknown>): Document {
  const path = String(row['path']);
  return {
    path,
    fields: parseFields(file, path, String(row['fields'])),
    bytes: row['bytes'] as Uint8Array,
    createdAtUs: Number(row['created_at_us']),
  };
}

/** Parses stored fields: a text that was written as JSON and is none any more was damaged on the disk. */
function parseFields(file: string, path: string, text: string): DocumentFields {
  try {
    return JSON.parse(text) as DocumentFields;
  } catch (error) {
    const reason = `is damaged: document ${path} cannot be read`;
    throw new StateFileError(file, 'damaged', reason, error);
  }
}

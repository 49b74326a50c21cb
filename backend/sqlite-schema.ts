import type { DatabaseSync } from 'node:sqlite';

/** "MPCM" as the file's application id: another program's file is never taken for ours. */
const APPLICATION_ID = 0x4d50_434d;
const SCHEMA_VERSION = 1;

/**
 * `created_at_us` orders all documents of the file: it is unique, and each new one is greater than
 * all before it, even where the clock stood still or went back. Deliveries are one row for each
 * subscription that existed when its command was published, as Pub/Sub keeps them; the row goes
 * when the subscriber has acknowledged. Events are the same for a trigger.
 */
const SCHEMA = `
  CREATE TABLE documents (
    path TEXT PRIMARY KEY,
    collection TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at_us INTEGER NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    fields TEXT NOT NULL,
    bytes BLOB NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX documents_by_id ON documents (collection, id);
  CREATE TABLE commands (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    published_at_ms INTEGER NOT NULL,
    body TEXT NOT NULL
  ) STRICT;
  CREATE TABLE subscriptions (subscriber TEXT PRIMARY KEY) STRICT;
  CREATE TABLE deliveries (
    subscriber TEXT NOT NULL REFERENCES subscriptions ON DELETE CASCADE,
    number INTEGER NOT NULL REFERENCES commands ON DELETE CASCADE,
    PRIMARY KEY (subscriber, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX deliveries_by_number ON deliveries (number);
  CREATE TABLE triggers (name TEXT PRIMARY KEY, cursor_us INTEGER NOT NULL) STRICT;
  CREATE TABLE events (
    trigger TEXT NOT NULL REFERENCES triggers ON DELETE CASCADE,
    created_at_us INTEGER NOT NULL,
    path TEXT NOT NULL,
    PRIMARY KEY (trigger, created_at_us)
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Lays out a new file, or throws an error that names `file` when it belongs to another program or to
 * another version of this one. Runs inside a write transaction: several processes may open a new
 * file at once, and one of them lays it out.
 */
export function ensureSchema(connection: DatabaseSync, file: string): void {
  if (isLaidOut(connection, file)) return;
  connection.exec(SCHEMA);
}

/** Does what `ensureSchema` does for a connection that may not write: it throws for a new file as well. */
export function checkSchema(connection: DatabaseSync, file: string): void {
  if (!isLaidOut(connection, file)) throw new Error(`${file} holds nothing yet`);
}

/** Throws as `ensureSchema` does, and changes nothing. */
export function refuseForeign(connection: DatabaseSync, file: string): void {
  isLaidOut(connection, file);
}

function isLaidOut(connection: DatabaseSync, file: string): boolean {
  const version = readPragma(connection, 'user_version');
  const application = readPragma(connection, 'application_id');
  if (application === APPLICATION_ID && version === SCHEMA_VERSION) return true;
  if (application === APPLICATION_ID) {
    throw new Error(
      `${file} has schema version ${version} and this program reads version ${SCHEMA_VERSION}: ` +
        'move the file away, or name another folder with --state',
    );
  }
  const tables = connection.prepare('SELECT count(*) AS count FROM sqlite_schema').get()!;
  if (tables['count'] !== 0 || version !== 0 || application !== 0) {
    throw new Error(`${file} is another program's SQLite file: name another folder with --state`);
  }
  return false;
}

function readPragma(connection: DatabaseSync, name: string): number {
  return Number(connection.prepare(`PRAGMA ${name}`).get()![name]);
}

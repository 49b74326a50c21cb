import { SqliteDatabase } from './sqlite-database.ts';
import { StateFileError } from './state-file-error.ts';

/** The most findings about a damaged file: a few tell as much as all. */
const FINDINGS_MAX = 3;

/**
 * Looks through the whole of an SQLite file of ours: its pages, and whether every document can be read.
 * Takes about a second a gigabyte, during which nothing else happens in this process. Rejects with a
 * `StateFileError` that says what is wrong; changes nothing.
 */
export async function checkStateFile(file: string): Promise<void> {
  const database = await SqliteDatabase.openToRead(file);
  try {
    const pages = await database.read(() =>
      database.prepare(`PRAGMA quick_check(${FINDINGS_MAX})`).all(),
    );
    const found = pages.map((row) => String(row['quick_check'])).filter((text) => text !== 'ok');
    const statement = `SELECT path FROM documents WHERE NOT json_valid(fields) LIMIT ${FINDINGS_MAX}`;
    const documents = await database.read(() => database.prepare(statement).all());
    found.push(...documents.map((row) => `document ${String(row['path'])} cannot be read`));
    if (found.length === 0) return;
    const reason = `is damaged (${found.slice(0, FINDINGS_MAX).join('; ').replaceAll('\n', ' ')})`;
    throw new StateFileError(database.file, 'damaged', reason);
  } finally {
    database.close();
  }
}

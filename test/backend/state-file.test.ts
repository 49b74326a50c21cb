import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openBackend, openToRead } from '../../backend/open-backend.ts';
import { checkStateFile } from '../../backend/sqlite-check.ts';
import { SqliteDatabase } from '../../backend/sqlite-database.ts';
import { explainStateFile, StateFileError } from '../../backend/state-file-error.ts';
import { SmallDisk } from '../support/small-disk.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const directory = temporaryDirectory();
const NOTES = 200;
let file: string;
let count = 0;

beforeEach(() => {
  count += 1;
  file = join(directory, `${count}`, 'state.sqlite');
  mkdirSync(join(directory, `${count}`));
});

function open() {
  return openBackend({ MPCOMM_STATE_FILE: file });
}

/** A store with documents on many pages, closed, so that all of it is in the one file. */
async function writeStore(): Promise<void> {
  const { store, close } = await open();
  for (let note = 0; note < NOTES; note += 1) {
    await store.create(`notes/n${String(note).padStart(3, '0')}`, { text: 'x'.repeat(500) });
  }
  await close();
}

/** Overwrites a part of the file, given in shares of its length. */
function overwrite(from: number, to: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0xab, Math.floor(bytes.length * from), Math.floor(bytes.length * to));
  writeFileSync(file, bytes);
}

async function troubleOf(work: () => Promise<unknown>): Promise<StateFileError> {
  const error = await work().then(
    () => new Error('it went well'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StateFileError);
  return error as StateFileError;
}

describe('a damaged store', () => {
  beforeEach(writeStore);

  test.each<[string, () => void]>([
    ['at its beginning', () => overwrite(0, 0.01)],
    ['everywhere', () => overwrite(0, 1)],
    [
      'behind its header',
      () =>
        writeFileSync(
          file,
          Buffer.concat([readFileSync(file).subarray(0, 100), Buffer.alloc(50_000, 7)]),
        ),
    ],
    [
      'because it is something else',
      () => writeFileSync(file, 'a text of some length, which is no database'.repeat(50)),
    ],
  ])('%s is refused by its name, with the cure, and left as it is', async (_where, damage) => {
    damage();
    const before = readFileSync(file);
    for (const work of [
      open,
      () => openToRead({ MPCOMM_STATE_FILE: file }),
      () => checkStateFile(file),
    ]) {
      const error = await troubleOf(work);
      expect(error.trouble).toBe('damaged');
      expect(error.message).toMatch(/state\.sqlite .*; move it away .*--state/);
    }
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('in the middle is found by whoever reads there, and by whoever looks through it', async () => {
    overwrite(0.3, 0.9);
    const { store, close } = await open();
    expect((await troubleOf(() => store.list('notes'))).message).toContain(`${file} is damaged`);
    await close();
    expect((await troubleOf(() => checkStateFile(file))).trouble).toBe('damaged');
  });

  test('that was cut short is found by whoever looks through it', async () => {
    truncateSync(file, Math.floor(readFileSync(file).length / 2 / 4_096) * 4_096);
    expect((await troubleOf(() => checkStateFile(file))).trouble).toBe('damaged');
  });

  test('of which one document is no JSON names the document', async () => {
    const database = await SqliteDatabase.open(file);
    await database.write(() =>
      database.prepare(`UPDATE documents SET fields = '{"te' WHERE path = 'notes/n007'`).run(),
    );
    database.close();
    const { store, close } = await open();
    const error = await troubleOf(() => store.read('notes/n007'));
    expect(error.message).toContain('document notes/n007 cannot be read');
    expect(await store.read('notes/n008')).toBeDefined();
    await close();
    expect((await troubleOf(() => checkStateFile(file))).message).toContain('notes/n007');
  });

  test('is not one that is whole', async () => {
    await expect(checkStateFile(file)).resolves.toBeUndefined();
  });
});

describe('a store on a disk that is full', () => {
  test('names the file and the cure, loses nothing, and goes on once there is room', async () => {
    await writeStore();
    const database = await SqliteDatabase.open(file);
    const pages = Number(database.prepare('PRAGMA page_count').get()!['page_count']);
    database.prepare(`PRAGMA max_page_count = ${pages}`).get();
    const insert = (): Promise<unknown> =>
      database.write(() =>
        database.prepare('INSERT INTO triggers VALUES (?, 1)').run('x'.repeat(9_000)),
      );
    const error = await troubleOf(insert);
    expect(error.trouble).toBe('full');
    expect(error.message).toMatch(
      /state\.sqlite cannot be written: the file system is full; make room/,
    );
    database.prepare(`PRAGMA max_page_count = ${pages + 100}`).get();
    await insert();
    database.close();
    await checkStateFile(file);
  });

  test.each(['ENOSPC', 'EROFS', 'EACCES', 'EDQUOT', 'EISDIR'])(
    'or that says %s is explained',
    (code) => {
      const said = Object.assign(new Error(`${code}: said the system`), { code });
      expect(explainStateFile('/a/state.sqlite', said)).toMatchObject({
        // The command line does not read MPCOMM_STATE_FILE: advice that names it does not help.
        message: expect.stringMatching(/^\/a\/state\.sqlite .*; .*--state$/),
        cause: said,
      });
    },
  );

  test('is not blamed for any other error', () => {
    const other = new TypeError('a defect');
    expect(explainStateFile('/a/state.sqlite', other)).toBe(other);
  });
});

test('a file of another program is refused, and not a byte of it is changed', async () => {
  const others = new DatabaseSync(file);
  others.exec('CREATE TABLE cats (name TEXT)');
  others.close();
  const before = readFileSync(file);
  await expect(open()).rejects.toThrow(/another program's SQLite file/);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(dirname(file))).toEqual(['state.sqlite']);
});

describe('a store that can only be read', () => {
  async function readNotes(path: string): Promise<number> {
    const { store, close } = await openToRead({ MPCOMM_STATE_FILE: path });
    const found = await store.list('notes');
    await expect(store.create('notes/new', {})).rejects.toThrow(/read-?only/i);
    await close();
    return found.length;
  }

  test('may lie anywhere: it is read as it is, and no copy is left behind', async () => {
    await writeStore();
    expect(await readNotes(file)).toBe(NOTES);
  });

  test('is not laid out where there is nothing', async () => {
    await expect(openToRead({ MPCOMM_STATE_FILE: file })).rejects.toThrow(/cannot be opened/);
    expect(existsSync(file)).toBe(false);
  });

  const disk = SmallDisk.mount(8);
  afterAll(() => disk?.unmount());
  (disk === null ? test.skip : test)(
    'is read on a read-only medium, with what a killed process left in its log (skipped where nothing may be mounted)',
    async () => {
      const { store, close } = await open();
      for (let note = 0; note < 5; note += 1) await store.create(`notes/n${note}`, {});
      const [calm, killed] = [join(disk!.path, 'calm.sqlite'), join(disk!.path, 'killed.sqlite')];
      copyFileSync(file, killed);
      copyFileSync(`${file}-wal`, `${killed}-wal`);
      await close();
      copyFileSync(file, calm);
      disk!.makeReadOnly();
      const before = readdirSync(tmpdir()).filter((name) => name.startsWith('mpcomm-read-'));
      expect(await readNotes(calm)).toBe(5);
      expect(await readNotes(killed)).toBe(5);
      const after = readdirSync(tmpdir()).filter((name) => name.startsWith('mpcomm-read-'));
      expect(after).toEqual(before);
      const error = await troubleOf(() => openBackend({ MPCOMM_STATE_FILE: calm }));
      expect(error.message).toContain('calm.sqlite cannot be');
    },
  );
});

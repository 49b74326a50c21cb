import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { SqliteBus } from '../../backend/sqlite-bus.ts';
import { SqliteStore } from '../../backend/sqlite-store.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { uniqueName } from '../support/unique-name.ts';

const directory = temporaryDirectory();
const worker = fileURLToPath(new URL('../support/state-file-worker.ts', import.meta.url));

describe('one state file, several processes', () => {
  test('commands of another process arrive', async () => {
    const file = join(directory, 'commands.sqlite');
    const bus = await SqliteBus.open(file);
    const heard: unknown[] = [];
    const hear = (message: unknown) => Promise.resolve(void heard.push(message));
    const subscription = await bus.subscribe('peer-a', hear, fail);
    await exited(start('publish', file, '20'));
    await eventually('twenty commands', () => heard.length === 20);
    await subscription.close();
    await bus.close();
  });

  test('four processes write at once, and each write is kept', async () => {
    const file = join(directory, 'shared.sqlite');
    const runs = [1, 2, 3, 4].map(() => uniqueName());
    const writers = runs.map((run) => writerOf(file, run));
    await eventually('all have written', () => writers.every(({ stored }) => stored() >= 20));
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(writers.map(({ child }) => exited(child)));
    const store = await SqliteStore.open(file);
    for (const [index, run] of runs.entries()) await expectStored(store, run, writers[index]!);
    await store.close();
  });

  test('kill -9 of a writer loses nothing that it was told is stored', async () => {
    const file = join(directory, 'killed.sqlite');
    for (let round = 0; round < 3; round += 1) {
      const run = uniqueName();
      const writer = writerOf(file, run);
      await eventually('it has written', () => writer.stored() >= 10 * (round + 1));
      writer.child.kill('SIGKILL');
      await exited(writer.child);
      const store = await SqliteStore.open(file);
      await expectStored(store, run, writer);
      await store.close();
    }
    const check = new DatabaseSync(file);
    expect(check.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    check.close();
  });
});

describe('the state file', () => {
  test('is for its owner alone', async () => {
    const file = join(directory, 'made', 'here', 'state.sqlite');
    const store = await SqliteStore.open(file);
    await store.create('runs/r', {});
    for (const suffix of ['', '-wal']) expect(statSync(file + suffix).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'made')).mode & 0o777).toBe(0o700);
    await store.close();
  });

  test('keeps the order of creation when the clock goes back', async () => {
    const file = join(directory, 'clock.sqlite');
    const store = await SqliteStore.open(file);
    await store.create('runs/z', {});
    await store.close();
    const future = (Date.now() + 3_600_000) * 1_000;
    change(file, `UPDATE documents SET created_at_us = ${future}`);
    const again = await SqliteStore.open(file);
    await again.create('runs/a', {});
    expect((await again.read('runs/a'))!.createdAtUs).toBe(future + 1);
    await again.close();
  });

  test('forgets commands that nobody took for ten minutes', async () => {
    const file = join(directory, 'old.sqlite');
    const bus = await SqliteBus.open(file);
    await (await bus.subscribe('absent', () => Promise.resolve(), fail)).close();
    for (const issuedAtMs of [1, 2]) {
      await bus.publish({ command: 'exit', issuedAtMs, expiresAtMs: 3 });
      if (issuedAtMs === 1) {
        change(file, 'UPDATE commands SET published_at_ms = published_at_ms - 600001');
      }
    }
    const heard: unknown[] = [];
    await bus.subscribe('absent', (message) => Promise.resolve(void heard.push(message)), fail);
    await eventually('the younger command', () => heard.length > 0);
    expect(heard).toEqual([{ command: 'exit', issuedAtMs: 2, expiresAtMs: 3 }]);
    await bus.close();
  });

  test('of another version, another program or no program at all is refused by name', async () => {
    const file = join(directory, 'state.sqlite');
    await (await SqliteStore.open(file)).close();
    change(file, 'PRAGMA user_version = 7');
    await expect(SqliteStore.open(file)).rejects.toThrow(/state\.sqlite has schema version 7/);
    const foreign = join(directory, 'foreign.sqlite');
    change(foreign, 'CREATE TABLE theirs (x)');
    await expect(SqliteStore.open(foreign)).rejects.toThrow(/foreign\.sqlite is another program's/);
    const text = join(directory, 'text.sqlite');
    writeFileSync(
      text,
      'not a database, but a sentence that is long enough to be looked at\n'.repeat(20),
    );
    await expect(SqliteBus.open(text)).rejects.toThrow(/text\.sqlite is not an SQLite file/);
    expect(readFileSync(text, 'utf8')).toMatch(/^not a database/);
  });
});

function start(...options: string[]): ChildProcess {
  return spawn(process.execPath, [worker, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** A process that writes for ever, and how many documents it has said are stored. */
function writerOf(file: string, run: string) {
  const child = start('write', file, run);
  let text = '';
  child.stdout!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return { child, stored: () => text.split('\n').length - 1 };
}

async function expectStored(
  store: SqliteStore,
  run: string,
  writer: { stored(): number },
): Promise<void> {
  const chunks = await store.list(`runs/${run}/chunks`);
  expect(chunks.length).toBeGreaterThanOrEqual(writer.stored());
  for (const [index, { fields, bytes }] of chunks.entries()) {
    expect(fields).toEqual({ index });
    expect([bytes.length, bytes.every((byte) => byte === (index & 0xff))]).toEqual([8_192, true]);
  }
}

async function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
}

function change(file: string, sql: string): void {
  const connection = new DatabaseSync(file);
  connection.exec(sql);
  connection.close();
}

function fail(error: Error): void {
  throw error;
}

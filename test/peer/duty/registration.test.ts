import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { paths } from '../../../control/documents.ts';
import type { DocumentFields } from '../../../control/ports.ts';
import { Registration, ReplacedError } from '../../../peer/duty/registration.ts';
import { NOW_MS, registryEntry } from '../../support/control-fixtures.ts';

const INTERVAL_MS = 5_000;
const { heartbeatAtMs: _beat, ...entry } = registryEntry(1);

/** A store of one entry, whose reads and writes take as long as is said. */
class SlowStore {
  takesMs = 0;
  fails = false;
  /** What was written, with when it was there. */
  readonly written: { readonly atMs: number; readonly fields: DocumentFields }[] = [];

  async read(path: string) {
    await this.#take();
    const fields = this.written.at(-1)?.fields;
    return fields && { path, fields, bytes: new Uint8Array(), createdAtUs: 1 };
  }

  async replace(_path: string, fields: DocumentFields) {
    await this.#take();
    this.written.push({ atMs: Date.now() - NOW_MS, fields });
  }

  async #take(): Promise<void> {
    if (this.takesMs > 0) await new Promise((resolve) => setTimeout(resolve, this.takesMs));
    if (this.fails) throw new Error('no answer');
  }
}

let store: SlowStore;
let registration: Registration;
const replaced: ReplacedError[] = [];
const warned: string[] = [];

/** When each heartbeat was there and how it was dated, in seconds after the start. */
function beats(): (readonly [atS: number, datedS: number])[] {
  return store.written.map(({ atMs, fields }) => {
    return [atMs / 1_000, (Number(fields['heartbeatAtMs']) - NOW_MS) / 1_000] as const;
  });
}

beforeEach(() => {
  jest.useFakeTimers({ now: NOW_MS });
  store = new SlowStore();
  replaced.length = warned.length = 0;
  const log = { warn: (_error: unknown, message?: string) => void warned.push(message ?? '') };
  registration = new Registration(store, entry, INTERVAL_MS, Date.now, log as never);
});
afterEach(() => {
  jest.useRealTimers();
});

async function start(): Promise<void> {
  await registration.start((error) => void replaced.push(error));
}

describe('heartbeats', () => {
  test('are dated an interval apart', async () => {
    await start();
    await jest.advanceTimersByTimeAsync(11_000);
    expect(beats()).toEqual([
      [0, 0],
      [5, 5],
      [10, 10],
    ]);
  });

  test('are dated when their write begins, which a slow read may put off', async () => {
    await start();
    store.takesMs = 2_000;
    await jest.advanceTimersByTimeAsync(9_000);
    expect(beats()).toEqual([
      [0, 0],
      [9, 7],
    ]);
  });

  test('follow at once on one that an outage of the store delayed', async () => {
    await start();
    store.takesMs = 10_000;
    await jest.advanceTimersByTimeAsync(24_999);
    store.takesMs = 0;
    await jest.advanceTimersByTimeAsync(10);
    expect(beats().map(([atS, datedS]) => [Math.floor(atS), Math.floor(datedS)])).toEqual([
      [0, 0],
      [25, 15],
      [25, 25],
    ]);
  });

  test('that failed at once are tried again after an interval, and not without a pause', async () => {
    await start();
    store.fails = true;
    await jest.advanceTimersByTimeAsync(INTERVAL_MS * 4 - 1);
    expect(warned).toHaveLength(3);
    store.fails = false;
    await jest.advanceTimersByTimeAsync(1);
    expect(beats().at(-1)).toEqual([20, 20]);
  });

  test('go on at their interval when the clock was set back', async () => {
    await start();
    jest.setSystemTime(NOW_MS - 3_600_000);
    await jest.advanceTimersByTimeAsync(INTERVAL_MS * 2);
    expect(store.written).toHaveLength(3);
  });
});

test('a daemon that stops says that it is gone, and when', async () => {
  await start();
  await jest.advanceTimersByTimeAsync(1_000);
  await registration.stop();
  const fields = store.written.at(-1)!.fields;
  expect(fields).toEqual({ ...entry, heartbeatAtMs: 0, leftAtMs: NOW_MS + 1_000 });
  await jest.advanceTimersByTimeAsync(INTERVAL_MS * 2);
  expect(store.written).toHaveLength(2);
});

test('a daemon whose name a later one has taken is told so, and leaves the entry alone', async () => {
  await start();
  const later = { ...entry, incarnation: 'a later one', startedAtMs: entry.startedAtMs + 1 };
  await store.replace(paths.peer(entry.peerId), { ...later, heartbeatAtMs: NOW_MS });
  await jest.advanceTimersByTimeAsync(INTERVAL_MS);
  expect(replaced).toEqual([expect.any(ReplacedError)]);
  await registration.stop();
  expect(store.written).toHaveLength(2);
});

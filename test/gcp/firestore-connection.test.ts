import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import * as library from '@google-cloud/firestore';

/** Clients so far, in the order in which they were made. */
const clients: FakeFirestore[] = [];

/** Google's client as far as the store uses it: one whose connection is dead never answers. */
class FakeFirestore {
  isDead = false;
  isClosed = false;
  readonly settings: Readonly<Record<string, unknown>>;
  calls = 0;

  constructor(settings: Readonly<Record<string, unknown>>) {
    this.settings = settings;
    clients.push(this);
  }

  doc() {
    const answer = () => {
      this.calls += 1;
      return this.isDead ? new Promise(() => undefined) : Promise.resolve();
    };
    return { set: answer, create: answer };
  }

  async runTransaction() {
    return this.doc().set();
  }

  async terminate(): Promise<void> {
    this.isClosed = true;
  }
}

jest.unstable_mockModule('@google-cloud/firestore', () => ({
  ...library,
  Firestore: FakeFirestore,
}));
const { FirestoreStore } = await import('../../gcp/firestore-store.ts');

let store: InstanceType<typeof FirestoreStore>;

beforeEach(() => {
  jest.useFakeTimers();
  clients.length = 0;
  store = new FirestoreStore({ project: 'p', database: '(default)' });
});
afterEach(() => {
  jest.useRealTimers();
});

const write = () => store.replace('peers/peer-0', { zone: 'us-west1-b' });

describe('a connection that carries nothing any more', () => {
  test('is replaced after ten seconds, and the call made again over the new one', async () => {
    await write();
    clients[0]!.isDead = true;
    const written = write();
    await jest.advanceTimersByTimeAsync(9_999);
    expect(clients).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(200);
    await written;
    expect(clients.map(({ calls }) => calls)).toEqual([2, 1]);
  });

  test('is replaced once by all calls that it left without an answer', async () => {
    clients[0]!.isDead = true;
    const written = [write(), write(), store.create('runs/a', {})];
    await jest.advanceTimersByTimeAsync(10_200);
    await Promise.all(written);
    expect(clients.map(({ calls }) => calls)).toEqual([3, 3]);
  });

  test('is given up to the end of the calls that began over it', async () => {
    clients[0]!.isDead = true;
    const written = write();
    await jest.advanceTimersByTimeAsync(10_200);
    await written;
    expect(clients[0]!.isClosed).toBe(false);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });

  test('is no reason to begin a transaction anew that takes its time; the next call has another', async () => {
    clients[0]!.isDead = true;
    const failed = expect(store.transact(async () => 1)).rejects.toThrow(
      'A transaction in Firestore did not succeed within 30 s',
    );
    await jest.advanceTimersByTimeAsync(30_001);
    await failed;
    expect(clients.map(({ calls }) => calls)).toEqual([1, 0]);
    await write();
    expect(clients[1]!.calls).toBe(1);
  });

  test('shares nothing with the one that replaces it', () => {
    expect(clients[0]!.settings).toMatchObject({ 'grpc.use_local_subchannel_pool': 1 });
  });
});

test('a store that is closed closes the clients that were replaced, too', async () => {
  clients[0]!.isDead = true;
  const written = write();
  await jest.advanceTimersByTimeAsync(10_200);
  await written;
  await store.close();
  expect(clients.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  expect(jest.getTimerCount()).toBe(0);
});

import { expect, test } from '@jest/globals';
import type { Bus, Store } from '../../control/ports.ts';
import { LazyBus } from '../../gcp/lazy-bus.ts';
import { LazyStore } from '../../gcp/lazy-store.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

/** Opens `port`, but not at the first call. */
function failsOnce<Port>(port: Port): () => Promise<Port> {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls === 1) throw new Error('too many open files');
    return port;
  };
}

test('a store that could not be opened is opened by the next call', async () => {
  const store = new LazyStore(failsOnce<Store>(new MemoryBackend().store));
  await expect(store.read('runs/a')).rejects.toThrow('too many open files');
  expect(await store.read('runs/a')).toBeUndefined();
  await store.close();
});

test('a bus that could not be opened is opened by the next call', async () => {
  const { bus: opened } = new MemoryBackend();
  const bus = new LazyBus(failsOnce<Bus>(opened));
  const command = { command: 'ping', issuedAtMs: 1 } as const;
  await expect(bus.publish(command)).rejects.toThrow('too many open files');
  await bus.publish(command);
  expect(opened.published).toEqual([command]);
});

test('calls that come together share one opening, and closing what could not be opened is no error', async () => {
  const store = new LazyStore(failsOnce<Store>(new MemoryBackend().store));
  const both = Promise.allSettled([store.read('runs/a'), store.read('runs/b')]);
  await store.close();
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

import { describe, expect, test } from '@jest/globals';
import { paths } from '../../control/documents.ts';
import { readyMsMaxFor, waitUntilReady, type Awaited } from '../../local/readiness.ts';
import { registryEntry } from '../support/control-fixtures.ts';
import { MemoryBackend } from '../../bench/virtual-group/memory-backend.ts';

function awaited(backend: MemoryBackend, change: Partial<Awaited> = {}): Awaited {
  return {
    store: backend.store,
    before: new Map(),
    peerIds: ['peer-1', 'peer-2'],
    supervisors: [],
    url: () => null,
    signal: new AbortController().signal,
    readyMsMax: 100,
    ...change,
  };
}

describe('a laboratory that starts', () => {
  test('has more time the more peers it has: 32 took 20 s on two idle cores', () => {
    expect(readyMsMaxFor(32)).toBeGreaterThanOrEqual(5 * 20_500);
    expect(readyMsMaxFor(33) - readyMsMaxFor(32)).toBe(readyMsMaxFor(3) - readyMsMaxFor(2));
    expect(readyMsMaxFor(32)).toBeGreaterThan(readyMsMaxFor(2));
  });

  test('names who is missing when it takes too long, and not who is there', async () => {
    const backend = new MemoryBackend();
    await backend.store.replace(paths.peer('peer-1'), { ...registryEntry(1) });
    await expect(waitUntilReady(awaited(backend))).rejects.toThrow(
      /not ready after 0\.1 s; missing: functions, peer-2/,
    );
  });

  test('waits for nobody once it is told to stop', async () => {
    const reason = new Error('told to exit');
    const signal = AbortSignal.abort(reason);
    await expect(waitUntilReady(awaited(new MemoryBackend(), { signal }))).rejects.toThrow(reason);
  });
});

import { describe, expect, test } from '@jest/globals';
import { discoverLoopbackDatagram } from '../../../peer/transport/loopback-datagrams.ts';

const LARGE_BUFFER_BYTES = 8 * 1024 * 1024;

describe('the longest datagram that loopback carries', () => {
  test('is one that came back, and longer than every path carries', async () => {
    const found = await discoverLoopbackDatagram('127.0.0.1', LARGE_BUFFER_BYTES);
    // Linux carries the longest that is tried, and every system the shortest.
    expect([32_000, 16_000, 8_000, 4_000]).toContain(found);
    if (process.platform === 'linux') expect(found).toBe(32_000);
  });

  test('leaves room for those of a group in a small receive buffer', async () => {
    // What Linux grants where nobody raised net.core.rmem_max.
    expect(await discoverLoopbackDatagram('127.0.0.1', 2 * 212_992)).toBe(4_000);
    expect(await discoverLoopbackDatagram('127.0.0.1', 100_000)).toBeNull();
  });

  test('is not known of any other path', async () => {
    expect(await discoverLoopbackDatagram('192.0.2.1', LARGE_BUFFER_BYTES)).toBeNull();
    expect(await discoverLoopbackDatagram('peer-1.example', LARGE_BUFFER_BYTES)).toBeNull();
  });

  test('is not known where nothing comes back', async () => {
    // An address of loopback that this machine cannot bind.
    expect(await discoverLoopbackDatagram('127.0.0.1.invalid', LARGE_BUFFER_BYTES)).toBeNull();
  });
});

import { expect, test } from '@jest/globals';
import { PING_MS, pingPeers } from '../../../control/runs/ping.ts';
import { UnavailableError } from '../../../control/unavailable.ts';
import { chooseCommand } from '../../../peer/duty/choose-command.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

const NOW_MS = 1_000_000;

test('peers are pinged once in a while, however often the schedule calls', async () => {
  const { bus } = new MemoryBackend();
  const record = { pingedAtMs: -Infinity };
  for (let nowMs = NOW_MS; nowMs < NOW_MS + 2 * PING_MS; nowMs += 1_000) {
    await pingPeers(bus, nowMs, record);
  }
  expect(bus.published).toEqual([
    { command: 'ping', issuedAtMs: NOW_MS },
    { command: 'ping', issuedAtMs: NOW_MS + PING_MS },
  ]);
});

test('a ping that was not published is due again', async () => {
  const backend = new MemoryBackend();
  const record = { pingedAtMs: -Infinity };
  backend.faults.order('publish');
  await expect(pingPeers(backend.bus, NOW_MS, record)).rejects.toThrow(UnavailableError);
  expect(await pingPeers(backend.bus, NOW_MS, record)).toBe(true);
});

test('a ping asks nothing of a peer', () => {
  const asker = { peerId: 'a', incarnation: 'i', startedAtMs: 0, joined: new Set<string>() };
  expect(chooseCommand({ command: 'ping', issuedAtMs: 1 }, asker, NOW_MS)).toEqual({
    action: 'none',
  });
});

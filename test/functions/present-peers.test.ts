import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { BeginRunOutcome } from '../../control/runs/begin-run.ts';
import { presentPeers } from '../../functions/present-peers.ts';
import { whilePeersReturn } from '../../functions/returning-peers.ts';
import { registryEntry } from '../support/control-fixtures.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
  delete process.env['MPCOMM_PEERS'];
});

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

describe('a peer with a recent heartbeat', () => {
  test('is there as long as its port has a socket, also one that nobody reads', async () => {
    const [live, dead] = [await openSocket(), await openSocket()];
    const peers = [live, dead].map((socket, index) => ({
      ...registryEntry(index),
      host: '127.0.0.1',
      port: socket.address().port,
    }));
    expect(await presentPeers(peers)).toEqual(peers);
    sockets.splice(1, 1);
    dead.close();
    await once(dead, 'close');
    for (let time = 0; time < 20; time += 1) {
      expect(await presentPeers(peers)).toEqual([peers[0]]);
    }
  });

  test('on another machine counts as there', async () => {
    const peers = [registryEntry(1), { ...registryEntry(2), host: 'peer-2.internal' }];
    expect(await presentPeers(peers)).toEqual(peers);
  });
});

describe('a laboratory with too few peers', () => {
  const tooFew = (live: number): BeginRunOutcome => {
    return { outcome: 'tooFewPeers', live, zones: [], missingZones: [], absent: [] };
  };
  const active: BeginRunOutcome = { outcome: 'active', runId: 'r', untilMs: 1 };

  /** Begins with each outcome in turn; gives the last one and how often it was tried. */
  async function beginWith(peers: number, outcomes: BeginRunOutcome[]) {
    let tried = 0;
    const outcome = await whilePeersReturn(peers, async () => outcomes[tried++]!);
    return { outcome, tried };
  }

  test('waits for one that crashed and comes back', async () => {
    process.env['MPCOMM_PEERS'] = '3';
    const begun = await beginWith(3, [tooFew(2), tooFew(2), active]);
    expect(begun).toEqual({ outcome: active, tried: 3 });
  });

  test.each([
    ['it never had so many', '3', 4, 3],
    ['all are there, in other zones', '3', 3, 3],
    ['nobody knows how many there should be', '', 3, 2],
  ])('says so at once when %s', async (_why, known, peers, live) => {
    process.env['MPCOMM_PEERS'] = known;
    expect(await beginWith(peers, [tooFew(live)])).toEqual({ outcome: tooFew(live), tried: 1 });
  });
});

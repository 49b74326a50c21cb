import { describe, expect, test } from '@jest/globals';
import { datagramBytesOf } from '../../../control/command.ts';
import { chooseMembers, livePeers } from '../../../control/runs/choose-members.ts';
import { LIVE_MS, PEER_AHEAD_MS_MAX } from '../../../control/limits.ts';
import type { Document } from '../../../control/ports.ts';
import { NOW_MS, registryEntry, ZONES } from '../../support/control-fixtures.ts';

function entry(peerId: string, fields: object = {}): Document {
  return {
    path: `peers/${peerId}`,
    fields: { ...registryEntry(1), peerId, ...fields },
    bytes: new Uint8Array(0),
    createdAtUs: 0,
  };
}

function idsOf(documents: Document[]): string[] {
  return livePeers(documents, NOW_MS).map(({ peerId }) => peerId);
}

describe('the live peers', () => {
  test('come by id, numbers as numbers', () => {
    const ids = ['peer-10', 'peer-2', 'peer-1', 'a', 'peer', 'peer-2b', 'peer-2-1', 'b1'];
    const expected = ['a', 'b1', 'peer', 'peer-1', 'peer-2', 'peer-2-1', 'peer-2b', 'peer-10'];
    expect(idsOf(ids.map((id) => entry(id)))).toEqual(expected);
  });

  test('are those with a recent heartbeat, whose clock leaves them time to join', () => {
    const heartbeats = [-LIVE_MS - 1, -LIVE_MS, 0, PEER_AHEAD_MS_MAX, PEER_AHEAD_MS_MAX + 1];
    const documents = heartbeats.map((offset, i) =>
      entry(`peer-${i}`, { heartbeatAtMs: NOW_MS + offset }),
    );
    expect(idsOf(documents)).toEqual(['peer-1', 'peer-2', 'peer-3']);
  });

  test('are none that do not parse or lie under another id', () => {
    const stolen = { ...entry('peer-1'), path: 'peers/peer-2' };
    const broken = [entry('peer-3', { port: 0 }), entry('peer-4', { zone: 'nowhere' })];
    expect(idsOf([stolen, ...broken, entry('peer-5')])).toEqual(['peer-5']);
  });
});

describe('the members of a run', () => {
  const live = [1, 2, 3, 4, 5, 6].map((number) => registryEntry(number));

  test('say what their paths carry, and a run takes the least of it', () => {
    const live = livePeers(
      [entry('a', { datagramBytes: 9_000 }), entry('b'), entry('c', { datagramBytes: 4_000 })],
      NOW_MS,
    );
    const bytesOf = (ids: string[]): number => {
      const chosen = chooseMembers(
        live.filter(({ peerId }) => ids.includes(peerId)),
        ids.length,
        null,
      );
      return datagramBytesOf({ members: [...chosen.members!] });
    };
    expect([bytesOf(['a', 'c']), bytesOf(['a', 'b'])]).toEqual([4_000, 1_200]);
  });

  test('are the first ones', () => {
    expect(chooseMembers(live, 2, null).members).toEqual([
      expect.objectContaining({ peerId: 'peer-1', port: 10_001 }),
      expect.objectContaining({ peerId: 'peer-2', incarnation: 'incarnation-2' }),
    ]);
  });

  test('are the first ones of their zones in the order asked for', () => {
    const zones = [ZONES[2]!, ZONES[1]!, ZONES[2]!];
    const { members } = chooseMembers(live, 3, zones);
    expect(members?.map(({ peerId }) => peerId)).toEqual(['peer-2', 'peer-1', 'peer-5']);
  });

  test('are none when a zone has too few', () => {
    const zones = [ZONES[1]!, ZONES[1]!, ZONES[1]!];
    expect(chooseMembers(live, 3, zones)).toEqual({
      members: null,
      live: 6,
      zones: live.map(({ zone }) => zone),
      missingZones: [ZONES[1]],
    });
  });
});

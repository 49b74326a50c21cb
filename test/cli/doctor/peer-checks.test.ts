import { describe, expect, test } from '@jest/globals';
import { checkPeers, type PeerCures } from '../../../cli/doctor/peer-checks.ts';
import { NOW_MS, registryEntry } from '../../support/control-fixtures.ts';

const CURES: PeerCures = {
  stale: (peerId) => `look at ${peerId}`,
  left: (peerId, zone) => `start ${peerId} in ${zone}`,
  none: 'start some',
  unheard: 'open the port',
  probe: 'probe',
};

const registry = [1, 2, 3].map((number) => registryEntry(number));

function fact<Fact>(value: Fact): { known: true; fact: Fact } {
  return { known: true, fact: value };
}

describe('peers', () => {
  test('that left are named with when they did, and what brings them back', () => {
    const left = { ...registryEntry(2, 0), leftAtMs: NOW_MS - 60_000 };
    const long = { ...registryEntry(3, 0), leftAtMs: NOW_MS - 8 * 24 * 3_600_000 };
    const facts = {
      nowMs: NOW_MS,
      registry: fact([registry[0]!, left, long]),
      lastRun: fact(null),
    };
    expect(checkPeers(facts, CURES)[0]).toMatchObject({
      detail: '1 of 3 registered peers live; peer-2 left 60 s ago',
      cure: `start peer-2 in ${left.zone}`,
    });
  });

  test('of another version are named with it', () => {
    const [first, second, third] = registry;
    const older = [first!, { ...second!, protocol: '0.1' }, { ...third!, protocol: undefined }];
    const facts = { nowMs: NOW_MS, registry: fact(older), lastRun: fact(null) };
    const found = checkPeers(facts, CURES).find(({ name }) => name === 'version of peers');
    expect(found?.detail).toMatch(
      /^peer-2 is of version 0\.1, not [\d.]+; peer-3 is of an older version, not [\d.]+$/,
    );
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigurationError, parseConfiguration, type Settings } from '../configuration.ts';
import { SETTINGS } from './graph.ts';

describe('the configuration', () => {
  test('needs a project, a billing account and people, and has defaults for the rest', () => {
    const configuration = parseConfiguration(SETTINGS);
    assert.equal(configuration.region, 'us-central1');
    assert.equal(configuration.machineType, 'e2-micro');
    assert.equal(configuration.spot, true);
    assert.deepEqual(configuration.invokers, ['alice@example.org', 'bob@example.org']);
    assert.deepEqual(configuration.peers.slice(0, 2), [
      { id: 'peer-0', zone: 'northamerica-northeast1-a', region: 'northamerica-northeast1' },
      { id: 'peer-1', zone: 'southamerica-east1-b', region: 'southamerica-east1' },
    ]);
    assert.equal(configuration.peers.length, 8);
  });

  test('takes zones in turn when there are more peers', () => {
    const { peers } = parseConfiguration({
      ...SETTINGS,
      zones: 'us-west1-b, asia-east1-b',
      peers: '5',
    });
    const zones = peers.map(({ zone }) => zone);
    assert.deepEqual(zones, [
      'us-west1-b',
      'asia-east1-b',
      'us-west1-b',
      'asia-east1-b',
      'us-west1-b',
    ]);
  });

  test('may have as many peers as a run', () => {
    assert.equal(parseConfiguration({ ...SETTINGS, peers: '64' }).peers.length, 64);
  });

  const refused: readonly (readonly [string, Settings, RegExp])[] = [
    ['no project', { project: undefined }, /^project is not set; it is the id of a project/],
    ['a project’s name', { project: 'My Laboratory' }, /^project is "My Laboratory"; it is the id/],
    [
      'no billing account',
      { billingAccount: undefined },
      /^billingAccount is not set; it is a bill/,
    ],
    ['a billing account’s name', { billingAccount: 'ours' }, /^billingAccount is "ours"; it is a/],
    ['nobody', { invokers: undefined }, /^invokers names nothing; it is a list of people/],
    ['everybody', { invokers: 'allUsers' }, /^invokers names "allUsers"; it is a list of people/],
    [
      'a service account',
      { invokers: 'robot@my-laboratory.iam.gserviceaccount.com' },
      /^invokers names robot@.*, a service account/,
    ],
    [
      'a region for a zone',
      { zones: 'us-west1,us-west1-b' },
      /^zones names "us-west1"; it is a list/,
    ],
    [
      'a zone of no form',
      { zones: 'US-West1-B' },
      /^zones names "US-West1-B"; it is a list of zones/,
    ],
    ['no zones', { zones: ' , ' }, /^zones names nothing; it is a list of zones/],
    ['a zone twice', { zones: 'us-west1-b,us-west1-b' }, /^zones names us-west1-b twice$/m],
    [
      'a person twice, once in capitals',
      { invokers: 'alice@example.org,Alice@Example.org' },
      /^invokers names Alice@Example\.org twice$/m,
    ],
    ['0 peers', { peers: '0' }, /^peers is "0"; it is a whole number in 2\.\.64$/],
    ['65 peers', { peers: '65' }, /^peers is "65"; it is a whole number in 2\.\.64$/],
    ['half a peer', { peers: '2.5' }, /^peers is "2\.5"; it is a whole number in 2\.\.64$/],
    ['one zone alone', { zones: 'us-west1-b' }, /^peers is "1"; it is a whole number in 2\.\.64$/],
    [
      'fewer peers than the zones that were chosen',
      { peers: '2', zones: 'us-west1-a,us-west1-b,me-west1-a' },
      /^peers is 2, which leaves zones without one/,
    ],
    [
      'a region of no form',
      { region: 'us' },
      /^region is "us"; it is a region such as us-central1$/,
    ],
    ['an Arm machine', { machineType: 't2a-standard-1' }, /^machineType is t2a-standard-1, an Arm/],
    ['another Arm machine', { machineType: 'c4a-standard-1' }, /^machineType is c4a.*, an Arm/],
    [
      'a machine that takes no balanced persistent disk',
      { machineType: 'n4-standard-2' },
      /^machineType is n4-standard-2, and peers boot from a pd-balanced disk; it is a type of the series e2, /,
    ],
    [
      'a machine of no form',
      { machineType: 'tiny' },
      /^machineType is "tiny"; it is a type such as/,
    ],
    ['perhaps Spot', { spot: 'maybe' }, /^spot is "maybe"; it is true or false$/],
    [
      'a budget of nothing',
      { budgetPerMonth: '0' },
      /^budgetPerMonth is "0"; it is a whole number/,
    ],
    [
      'a privileged port',
      { udpPort: '53' },
      /^udpPort is "53"; it is a whole number in 1024\.\.65535$/,
    ],
    ['a database of no form', { database: 'X' }, /^database is "X"; it is \(default\), or 4 to 63/],
    [
      'a slip in a name',
      { zone: 'us-west1-b' } as Settings,
      /^zone is no setting; there are project/,
    ],
  ];
  for (const [what, change, message] of refused) {
    test(`${what} is refused`, () => {
      const settings = Object.fromEntries(
        Object.entries({ ...SETTINGS, ...change }).filter(([, value]) => value !== undefined),
      ) as Settings;
      assert.throws(() => parseConfiguration(settings), { name: 'ConfigurationError', message });
    });
  }

  test('all that is wrong is said at once', () => {
    const settings = { project: 'X', zones: 'nowhere', spot: 'maybe' };
    assert.throws(
      () => parseConfiguration(settings),
      (error: unknown) => {
        assert.ok(error instanceof ConfigurationError);
        const named = error.message.split('\n').map((line) => line.split(' ')[0]);
        assert.deepEqual(named, ['project', 'zones', 'spot', 'invokers', 'billingAccount']);
        return true;
      },
    );
  });
});

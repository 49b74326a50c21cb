import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PEERS_MAX } from '../configuration.ts';
import { rangeOf } from '../network.ts';

describe('the range of a region', () => {
  /** Google's regions as of 2026, to see that no two of them meet. */
  const REGIONS = `africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2
    asia-northeast3 asia-south1 asia-south2 asia-southeast1 asia-southeast2 asia-southeast3
    australia-southeast1 australia-southeast2 europe-central2 europe-north1 europe-north2
    europe-southwest1 europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8
    europe-west9 europe-west10 europe-west12 me-central1 me-central2 me-west1
    northamerica-northeast1 northamerica-northeast2 northamerica-south1 southamerica-east1
    southamerica-west1 us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3
    us-west4`.split(/\s+/);

  test('is one of its own, whichever others there are', () => {
    const ranges = REGIONS.map(rangeOf);
    assert.equal(new Set(ranges).size, REGIONS.length);
    for (const range of ranges)
      assert.match(range, /^10\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.0\/25$/);
  });

  test('has an address for every peer, though Google keeps four of each subnetwork', () => {
    const [, prefix] = rangeOf('us-west1').split('/');
    assert.ok(2 ** (32 - Number(prefix)) - 4 >= PEERS_MAX);
  });
});

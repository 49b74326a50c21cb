import { describe, expect, test } from '@jest/globals';
import { findQuota, peersWanted } from '../../scripts/deployment/find-quota.ts';
import { judgeRegions, regionsIn, type Quota } from '../../scripts/deployment/regional-quota.ts';
import { FakeTools } from '../support/fake-tools.ts';

const PROJECT = 'my-laboratory';

function judge(
  settings: Record<string, string>,
  quotas: readonly Quota[],
  { region = 'us-west1', ownRegions = [] as readonly string[] } = {},
): string | null {
  const processors = { regions: new Map([[region, { quotas, zones: [] }]]), ownRegions, each: 2 };
  return judgeRegions(peersWanted(settings), processors, PROJECT)?.what ?? null;
}

describe('the quota of one region', () => {
  const SMALL = [{ metric: 'CPUS', limit: 6, usage: 0 }];

  test('is told before anything is made, where peers share their zones', () => {
    expect(judge({ peers: '32' }, SMALL)).toBe(
      '4 machines of type e2-micro in us-west1 are 8 vCPUs, and the quota CPUS of my-laboratory leaves 6 of 6 there',
    );
    expect(judge({ peers: '24' }, SMALL)).toBe(null);
  });

  test('counts machines of this laboratory that are there for what they are', () => {
    const used = [{ metric: 'CPUS', limit: 6, usage: 6 }];
    expect(judge({ peers: '24' }, used, { ownRegions: ['us-west1', 'us-west1', 'us-west1'] })).toBe(
      null,
    );
    expect(judge({ peers: '24' }, used)).toContain('leaves 0 of 6');
  });

  test('is that of Spot machines where the project has one, and of their series otherwise', () => {
    const spot = [...SMALL, { metric: 'PREEMPTIBLE_CPUS', limit: 4, usage: 0 }];
    expect(judge({ peers: '24' }, spot)).toContain('PREEMPTIBLE_CPUS');
    expect(judge({ peers: '24', spot: 'false' }, spot)).toBe(null);
    const none = [
      { metric: 'PREEMPTIBLE_CPUS', limit: 0 },
      { metric: 'N2_CPUS', limit: 2 },
    ];
    expect(judge({ peers: '24', machineType: 'n2-standard-2' }, none)).toContain('N2_CPUS');
  });

  test('stops nothing where nothing is told of it', () => {
    expect(judge({ peers: '32' }, [])).toBe(null);
    expect(judge({ zones: 'us-west1-b, us-west1-c' }, SMALL, { region: 'asia-east1' })).toBe(null);
    expect(regionsIn('')).toBe(null);
  });

  test('is that of machines and of their disks as well', () => {
    const disks = [...SMALL, { metric: 'SSD_TOTAL_GB', limit: 250, usage: 225 }];
    expect(judge({ peers: '24' }, disks)).toBe(
      '3 machines of type e2-micro in us-west1 are 30 GB of disks, and the quota SSD_TOTAL_GB of my-laboratory leaves 25 of 250 there',
    );
    expect(judge({ peers: '24' }, disks, { ownRegions: ['us-west1'] })).toBe(null);
    expect(judge({ peers: '24' }, [{ metric: 'INSTANCES', limit: 2 }])).toBe(
      '3 machines of type e2-micro in us-west1, and the quota INSTANCES of my-laboratory leaves 2 of 2 there',
    );
  });
});

describe('the zones', () => {
  const zones = ['a', 'b'].map(
    (letter) =>
      `https://www.googleapis.com/compute/v1/projects/${PROJECT}/zones/us-west1-${letter}`,
  );
  const tools = () =>
    new FakeTools({
      'gcloud compute regions list': { output: JSON.stringify([{ name: 'us-west1', zones }]) },
      // Of a machine type in a zone that is none, nothing is told.
      'gcloud compute machine-types': { status: 1, errors: 'NOT_FOUND' },
    });

  test.each([
    ['us-west1-z,us-west1-a', 'there is no zone us-west1-z; its region has us-west1-a, us-west1-b'],
    ['us-west1-a, us-wst1-b', 'there is no zone us-wst1-b'],
  ])('are looked for before anything is made: %s', async (named, what) => {
    const { missing } = await findQuota(tools(), PROJECT, peersWanted({ zones: named }));
    expect(missing?.what).toBe(what);
    expect(missing?.cure).toContain(`gcloud compute zones list --project=${PROJECT}`);
  });

  test('are none of anybody’s business where they are there', async () => {
    const wanted = peersWanted({ zones: 'us-west1-a,us-west1-b' });
    expect((await findQuota(tools(), PROJECT, wanted)).missing).toBe(null);
  });
});

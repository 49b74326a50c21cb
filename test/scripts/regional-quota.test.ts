import { describe, expect, test } from '@jest/globals';
import { peersWanted } from '../../scripts/deployment/find-quota.ts';
import {
  judgeRegions,
  regionalQuotas,
  type Quota,
} from '../../scripts/deployment/regional-quota.ts';

const PROJECT = 'my-laboratory';

function judge(
  settings: Record<string, string>,
  quotas: readonly Quota[],
  { region = 'us-west1', ownRegions = [] as readonly string[] } = {},
): string | null {
  const processors = { quotas: new Map([[region, quotas]]), ownRegions, each: 2 };
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
    expect(regionalQuotas('')).toBe(null);
  });
});

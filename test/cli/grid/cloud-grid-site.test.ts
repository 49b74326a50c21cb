import { describe, expect, test } from '@jest/globals';
import { costOf, describeCost } from '../../../cli/grid/cloud/cloud-cost.ts';
import { createCloudGridSite, findPreempted } from '../../../cli/grid/cloud/cloud-grid-site.ts';
import { openCloud } from '../../../cli/site/open-cloud.ts';
import { PUBLISHED_ZONES } from '../../../network/zones.ts';
import { PROJECT, useCloud } from '../../support/cloud-context.ts';
import { registerPeers } from '../../support/control-fixtures.ts';
import { apiError } from '../../support/fake-google.ts';

const cloud = useCloud();
const OPERATIONS = `compute.googleapis.com/compute/v1/projects/${PROJECT}/aggregated/operations`;

const preempted = (name: string, insertTime: string) => ({
  targetLink: `https://compute/zones/us-west1-b/instances/${name}`,
  insertTime,
});

describe('peers whose machine was taken away', () => {
  const find = async (sinceMs: number) => {
    const { api, backend } = await openCloud(cloud.context().context, cloud.options());
    await backend.close();
    return findPreempted(api, PROJECT, sinceMs);
  };

  test('are named, but not those of earlier, nor machines of others', async () => {
    const operations = [
      preempted('mpcomm-peer-3-x7kq', '2026-01-31T12:00:05Z'),
      preempted('mpcomm-peer-12-ab1c', '2026-01-31T12:00:09Z'),
      preempted('mpcomm-peer-3-x7kq', '2026-01-31T12:00:30Z'),
      preempted('mpcomm-peer-1-x7kq', '2026-01-31T11:59:00Z'),
      preempted('of-others', '2026-01-31T12:00:05Z'),
    ];
    cloud.google.on(OPERATIONS, {
      status: 200,
      body: { items: { 'zones/us-west1-b': { operations }, 'zones/me-west1-a': {} } },
    });
    expect(await find(Date.parse('2026-01-31T12:00:00Z'))).toBe(
      'Google took the Spot machines of peer-12, peer-3 away',
    );
    expect(await find(Date.parse('2026-01-31T13:00:00Z'))).toBeNull();
  });

  test('are not known to who may not look', async () => {
    cloud.google.on(OPERATIONS, apiError(403, 'PERMISSION_DENIED', 'denied'));
    expect(await find(0)).toBeNull();
  });
});

describe('a grid between real zones', () => {
  const site = async (notes: string[]) =>
    createCloudGridSite(await openCloud(cloud.context().context, cloud.options()), {
      signal: new AbortController().signal,
      note: (text) => notes.push(text),
      readyMsMax: 0,
      readyPollMs: 5,
    });

  test('begins a run once its zones have their peers, and names the ones that have none', async () => {
    const notes: string[] = [];
    const { ready } = await site(notes);
    await expect(ready!(['us-west1-b', 'me-west1-a'])).rejects.toThrow(
      /no live peer in us-west1-b, me-west1-a for 0 min.*mpcomm doctor/s,
    );
    await registerPeers(cloud.backend, 3, Date.now());
    const [first] = await cloud.backend.store.list('peers');
    await ready!([String(first!.fields['zone'])]);
  });

  test('says what it costs: the machines by the hour, the runs next to nothing', () => {
    const hour = costOf(PUBLISHED_ZONES, 3_600_000, 150);
    // The sum in docs/deploy.md: 0.027 for the machines, and 0.028 for disks, heartbeats and the schedule.
    expect(hour.spot).toBeCloseTo(0.0271 + 0.0286, 3);
    expect(hour.list).toBeCloseTo(0.0788 + 0.0286, 3);
    expect(describeCost(hour, 150)).toMatch(/^about 0\.06 dollars .*below 0\.15 for 150 runs/);
  });
});

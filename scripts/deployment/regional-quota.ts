import { regionOf } from '../../network/network-model.ts';
import type { Missing } from './find-missing.ts';

/** The disk of one machine, of a type that counts as SSD (infra/peers.ts); a test holds the two together. */
const DISK_GB = 10;

export interface Quota {
  readonly metric?: string;
  readonly limit?: number;
  readonly usage?: number;
}

/** A region of Google's, as it is told to one project. */
export interface Region {
  readonly quotas: readonly Quota[];
  readonly zones: readonly string[];
}

/** What one region's machines are counted against, besides the quota of all regions. */
export interface RegionalProcessors {
  /** All regions, by their names. */
  readonly regions: ReadonlyMap<string, Region>;
  /** The region of each machine of this laboratory that is there already. */
  readonly ownRegions: readonly string[];
  /** vCPUs of one machine, as quotas count them. */
  readonly each: number;
}

/** The regions in what gcloud tells of them; `null` where it is nothing of that form. */
export function regionsIn(json: string): Map<string, Region> | null {
  try {
    const told = JSON.parse(json) as readonly ({ name: string } & Partial<Region>)[];
    return new Map(
      told.map(({ name, quotas = [], zones = [] }) => {
        // A zone is told as its address, whose last part is its name.
        return [
          name,
          { quotas, zones: zones.map((zone) => zone.slice(zone.lastIndexOf('/') + 1)) },
        ];
      }),
    );
  } catch {
    return null;
  }
}

/**
 * The first zone that is none, as with a slip of the pen; `null` where all are there, or none was told of. Without this
 * look its group would be refused last of all, when everything else has been made.
 */
export function judgeZones(
  zones: readonly string[],
  regions: ReadonlyMap<string, Region>,
  project: string,
): Missing | null {
  const there = [...regions.values()].flatMap((region) => region.zones);
  const absent = zones.find((zone) => !there.includes(zone));
  if (there.length === 0 || absent === undefined) return null;
  const near = regions.get(regionOf(absent))?.zones ?? [];
  return {
    what: `there is no zone ${absent}${near.length === 0 ? '' : `; its region has ${near.join(', ')}`}`,
    cure: `--zones takes those that gcloud compute zones list --project=${project} tells`,
  };
}

/**
 * The first region in which the peers do not fit; `null` where all do, as far as it was told. Where peers share
 * their zones, a region's own quota may be used up long before that of all regions.
 */
export function judgeRegions(
  {
    machineType,
    zones,
    isSpot,
  }: { readonly machineType: string; readonly zones: readonly string[]; readonly isSpot: boolean },
  { regions, ownRegions, each }: RegionalProcessors,
  project: string,
): Missing | null {
  const wanted = zones.map(regionOf);
  for (const region of new Set(wanted)) {
    const quotas = regions.get(region)?.quotas ?? [];
    const peers = wanted.filter((name) => name === region).length;
    const own = ownRegions.filter((name) => name === region).length;
    const needs = [
      { metric: processorsFor(quotas, machineType, isSpot), needed: each, unit: ' vCPUs' },
      { metric: 'INSTANCES', needed: 1, unit: '' },
      { metric: 'SSD_TOTAL_GB', needed: DISK_GB, unit: ' GB of disks' },
    ];
    for (const { metric, needed, unit } of needs) {
      const quota = find(quotas, metric);
      if (quota === null) continue;
      const free = quota.limit - Math.max(0, quota.usage - own * needed);
      if (peers * needed <= free) continue;
      const are = unit === '' ? '' : ` are ${peers * needed}${unit}`;
      return {
        what: `${peers} machines of type ${machineType} in ${region}${are}, and the quota ${metric} of ${project} leaves ${free} of ${quota.limit} there`,
        cure:
          'fewer --peers, or --zones in more regions; or ask for more, which a free trial cannot: ' +
          `https://console.cloud.google.com/iam-admin/quotas?project=${project}`,
      };
    }
  }
  return null;
}

/** Spot machines count against a quota of their own only where the project has one. */
function processorsFor(quotas: readonly Quota[], machineType: string, isSpot: boolean): string {
  const [series = ''] = machineType.split('-', 1);
  const standard = ['e2', 'n1'].includes(series) ? 'CPUS' : `${series.toUpperCase()}_CPUS`;
  const preemptible = isSpot ? find(quotas, 'PREEMPTIBLE_CPUS') : null;
  return preemptible !== null && preemptible.limit > 0 ? 'PREEMPTIBLE_CPUS' : standard;
}

function find(quotas: readonly Quota[], metric: string): { limit: number; usage: number } | null {
  const found = quotas.find((quota) => quota.metric === metric);
  return found?.limit === undefined ? null : { limit: found.limit, usage: found.usage ?? 0 };
}

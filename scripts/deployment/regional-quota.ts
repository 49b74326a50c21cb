import { regionOf } from '../../network/network-model.ts';
import type { Missing } from './find-missing.ts';

export interface Quota {
  readonly metric?: string;
  readonly limit?: number;
  readonly usage?: number;
}

/** What one region's machines are counted against, besides the quota of all regions. */
export interface RegionalProcessors {
  /** The quotas of each region, by its name. */
  readonly quotas: ReadonlyMap<string, readonly Quota[]>;
  /** The region of each machine of this laboratory that is there already. */
  readonly ownRegions: readonly string[];
  /** vCPUs of one machine, as quotas count them. */
  readonly each: number;
}

/** The quotas in what gcloud tells of regions; `null` where it is nothing of that form. */
export function regionalQuotas(json: string): Map<string, readonly Quota[]> | null {
  try {
    const regions = JSON.parse(json) as readonly { name: string; quotas?: readonly Quota[] }[];
    return new Map(regions.map(({ name, quotas = [] }) => [name, quotas]));
  } catch {
    return null;
  }
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
  { quotas, ownRegions, each }: RegionalProcessors,
  project: string,
): Missing | null {
  const wanted = zones.map(regionOf);
  for (const region of new Set(wanted)) {
    const peers = wanted.filter((name) => name === region).length;
    const quota = quotaFor(quotas.get(region) ?? [], machineType, isSpot);
    if (quota === null) continue;
    const own = ownRegions.filter((name) => name === region).length;
    const free = quota.limit - Math.max(0, quota.usage - own * each);
    if (peers * each <= free) continue;
    return {
      what:
        `${peers} machines of type ${machineType} in ${region} are ${peers * each} vCPUs, and the quota ` +
        `${quota.metric} of ${project} leaves ${free} of ${quota.limit} there`,
      cure:
        'fewer --peers, or --zones in more regions; or ask for more, which a free trial cannot: ' +
        `https://console.cloud.google.com/iam-admin/quotas?project=${project}`,
    };
  }
  return null;
}

/** Spot machines count against a quota of their own only where the project has one. */
function quotaFor(
  quotas: readonly Quota[],
  machineType: string,
  isSpot: boolean,
): Required<Quota> | null {
  const [series = ''] = machineType.split('-', 1);
  const standard = ['e2', 'n1'].includes(series) ? 'CPUS' : `${series.toUpperCase()}_CPUS`;
  const find = (metric: string): Required<Quota> | null => {
    const found = quotas.find((quota) => quota.metric === metric);
    return found?.limit === undefined
      ? null
      : { metric, limit: found.limit, usage: found.usage ?? 0 };
  };
  const preemptible = isSpot ? find('PREEMPTIBLE_CPUS') : null;
  return preemptible !== null && preemptible.limit > 0 ? preemptible : find(standard);
}

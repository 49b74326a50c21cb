import type { Tools } from '../tools.ts';
import { PUBLISHED_ZONES, zonesForPeers } from '../../network/zones.ts';
import { regionOf } from '../../network/network-model.ts';
import type { Missing } from './find-missing.ts';
import { judgeRegions, judgeZones, regionsIn } from './regional-quota.ts';

/** The default that infra/configuration.ts has as well: a test holds the two together. */
const MACHINE_TYPE_DEFAULT = 'e2-micro';
const PEERS_MIN = 2;

/** What the quota is compared with. */
export interface PeersWanted {
  readonly peers: number;
  readonly machineType: string;
  /** The zone of each peer. */
  readonly zones: readonly string[];
  readonly isSpot: boolean;
}

/** What the settings ask for, with the defaults of the stack for what they leave out. */
export function peersWanted(settings: Readonly<Record<string, string>>): PeersWanted {
  const zones = settings['zones']?.split(',').map((zone) => zone.trim()) ?? null;
  const peers = Number(settings['peers'] ?? (zones ?? PUBLISHED_ZONES).length);
  return {
    peers,
    machineType: settings['machineType'] ?? MACHINE_TYPE_DEFAULT,
    zones: zonesForPeers(peers, zones),
    isSpot: settings['spot'] !== 'false',
  };
}

export interface Processors {
  /** vCPUs that the project may have in all regions together, and has in use. */
  readonly limit: number;
  readonly used: number;
  /** Machines of this laboratory among those in use. */
  readonly own: number;
  /** vCPUs of one machine, as quotas count them. */
  readonly each: number;
}

/** The part of the quota that the peers lack; `null` where they fit. */
export function judgeQuota(
  { peers, machineType }: PeersWanted,
  { limit, used, own, each }: Processors,
  project: string,
): Missing | null {
  const free = limit - Math.max(0, used - own * each);
  if (peers * each <= free) return null;
  const fits = Math.floor(free / each);
  const fewer =
    fits >= PEERS_MIN
      ? `--peers ${fits} fits (with as many --zones, where they are named); or`
      : '';
  return {
    what:
      `${peers} machines of type ${machineType} are ${peers * each} vCPUs, and the quota CPUS_ALL_REGIONS ` +
      `of ${project} leaves ${free} of ${limit}`,
    cure:
      `${fewer} ask for more, which a free trial cannot: ` +
      `https://console.cloud.google.com/iam-admin/quotas?project=${project}`.trimStart(),
  };
}

/**
 * Asks Google for the quota that is scarce in a new project: CPUS_ALL_REGIONS is often 12 there, and 8 in a
 * free trial, which may not ask for more. Peers beyond it would never come, and nothing would say so. Looks as well
 * whether the zones exist. Gives what is missing, or `unknown` with the reason where it could not be found out.
 */
export async function findQuota(
  tools: Tools,
  project: string,
  wanted: PeersWanted,
): Promise<{ readonly missing: Missing | null; readonly unknown: string | null }> {
  const [info, type, instances, regions] = await Promise.all([
    tools.ask('gcloud', [
      ...['compute', 'project-info', 'describe', `--project=${project}`, '--format=json(quotas)'],
    ]),
    tools.ask('gcloud', [
      ...['compute', 'machine-types', 'describe', wanted.machineType, `--zone=${wanted.zones[0]}`],
      ...[`--project=${project}`, '--format=value(guestCpus)'],
    ]),
    tools.ask('gcloud', [
      ...['compute', 'instances', 'list', `--project=${project}`],
      ...['--filter=name~^mpcomm-peer-', '--format=value(name,zone.basename())'],
    ]),
    tools.ask('gcloud', [
      ...['compute', 'regions', 'list', `--project=${project}`, '--format=json(name,quotas,zones)'],
    ]),
  ]);
  const quota = quotaIn(info.output);
  const each = Number(type.output.trim());
  const all = regionsIn(regions.output);
  const noZone = all === null ? null : judgeZones(wanted.zones, all, project);
  if (noZone !== null) return { missing: noZone, unknown: null };
  if (quota === null || !(each > 0) || instances.status !== 0 || all === null) {
    const errors = [info, type, instances, regions]
      .map(({ errors: text }) => text.trim())
      .find(Boolean);
    return { missing: null, unknown: errors?.split('\n')[0] ?? 'Google did not tell it' };
  }
  const own = instances.output.split('\n').filter((line) => line.trim() !== '');
  const processors = { ...quota, own: own.length, each };
  const ownRegions = own.map((line) => regionOf(line.trim().split(/\s+/)[1] ?? ''));
  return {
    missing:
      judgeQuota(wanted, processors, project) ??
      judgeRegions(wanted, { regions: all, ownRegions, each }, project),
    unknown: null,
  };
}

function quotaIn(json: string): { limit: number; used: number } | null {
  try {
    const { quotas } = JSON.parse(json) as {
      quotas?: readonly { metric?: string; limit?: number; usage?: number }[];
    };
    const found = quotas?.find(({ metric }) => metric === 'CPUS_ALL_REGIONS');
    return found?.limit === undefined ? null : { limit: found.limit, used: found.usage ?? 0 };
  } catch {
    return null;
  }
}

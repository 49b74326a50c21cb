import { createHash } from 'node:crypto';
import * as gcp from '@pulumi/gcp';
import type { Identities } from './identities.ts';
import type { Project } from './project.ts';

/** TCP port of the daemon's health endpoint. */
export const HEALTH_PORT = 8_080;

/** Where Google's health checks come from, and where Identity-Aware Proxy forwards SSH from. */
export const HEALTH_CHECK_RANGES: readonly string[] = ['35.191.0.0/16', '130.211.0.0/22'];
export const IAP_RANGE = '35.235.240.0/20';

/**
 * The MTU, which is Google's default. A datagram has at most 1,200 bytes (core/wire/datagram.ts), with
 * the headers of UDP and IP 1,228: it fits this network and any other that carries IPv6 (1,280), so
 * that no datagram is sent in fragments, of which losing one would lose all. A larger unit would gain
 * nothing here.
 */
const MTU_BYTES = 1_460;

export interface Network {
  readonly network: gcp.compute.Network;
  /** The subnetworks, one for each region that has a peer. */
  readonly subnetworks: ReadonlyMap<string, gcp.compute.Subnetwork>;
}

/**
 * The range of a region's peers in 10.64.0.0/10, by a digest of the region's name. So a region keeps its range when
 * others come and go: changing it would replace the subnetwork under running machines. Four of its 128 addresses are
 * Google's own, and 64 peers may all be in one region (https://cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet).
 */
export function rangeOf(region: string): string {
  const digest = createHash('sha256').update(region).digest().readUInt16BE();
  return `10.${64 + ((digest >> 8) % 64)}.${digest & 0xff}.0/25`;
}

/**
 * One network for all regions, in which no machine has an address outside. The default route stays:
 * Private Google Access sends through it what is meant for Google's APIs, and for anything else an
 * internal address leads nowhere, as there is no NAT.
 */
export function createNetwork(project: Project, { peer }: Identities): Network {
  const { options, id, configuration } = project;
  const network = new gcp.compute.Network(
    'network',
    {
      project: id,
      name: 'mpcomm',
      description: 'Peers of MPComm, and nothing else',
      autoCreateSubnetworks: false,
      mtu: MTU_BYTES,
    },
    options,
  );
  const regions = [...new Set(configuration.peers.map(({ region }) => region))];
  const subnetworks = new Map(
    regions.map((region) => [region, createSubnetwork(project, network, region)]),
  );
  createFirewall(project, network, peer);
  return { network, subnetworks };
}

function createSubnetwork(
  { options, id }: Project,
  network: gcp.compute.Network,
  region: string,
): gcp.compute.Subnetwork {
  // No flow logs: they would note the datagrams that a run exists to produce, and cost more than it.
  return new gcp.compute.Subnetwork(
    `subnetwork-${region}`,
    {
      project: id,
      name: `mpcomm-${region}`,
      region,
      network: network.id,
      ipCidrRange: rangeOf(region),
      stackType: 'IPV4_ONLY',
      privateIpGoogleAccess: true,
    },
    options,
  );
}

/** What comes in, by the account of the machine: all else is refused, as in every such network. */
function createFirewall(
  { options, id, configuration }: Project,
  network: gcp.compute.Network,
  peer: gcp.serviceaccount.Account,
): void {
  const common = {
    project: id,
    network: network.id,
    direction: 'INGRESS',
    targetServiceAccounts: [peer.email],
  };
  new gcp.compute.Firewall(
    'firewall-datagrams',
    {
      ...common,
      name: 'mpcomm-datagrams',
      description: 'Datagrams from peer to peer, on one port',
      allows: [{ protocol: 'udp', ports: [String(configuration.udpPort)] }],
      sourceServiceAccounts: [peer.email],
    },
    options,
  );
  new gcp.compute.Firewall(
    'firewall-health',
    {
      ...common,
      name: 'mpcomm-health',
      description: "Google's health checks, on the port of the health endpoint",
      allows: [{ protocol: 'tcp', ports: [String(HEALTH_PORT)] }],
      sourceRanges: [...HEALTH_CHECK_RANGES],
    },
    options,
  );
  new gcp.compute.Firewall(
    'firewall-ssh',
    {
      ...common,
      name: 'mpcomm-ssh-by-iap',
      description: 'SSH, for whoever Identity-Aware Proxy lets through',
      allows: [{ protocol: 'tcp', ports: ['22'] }],
      sourceRanges: [IAP_RANGE],
    },
    options,
  );
}

import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { Artifacts } from './artifacts.ts';
import type { Peer } from './configuration.ts';
import type { Identities } from './identities.ts';
import type { Messaging } from './messaging.ts';
import { HEALTH_PORT, type Network } from './network.ts';
import { after, type Project } from './project.ts';
import type { DatagramSecret } from './secret.ts';
import { startupScript } from './startup-script.ts';

/**
 * Debian 13, the newest image of its family whenever a machine is made: with no way to a package
 * mirror, being made anew is how a machine gets its security updates.
 */
const IMAGE = 'projects/debian-cloud/global/images/family/debian-13';

/** Google's smallest disk for that image; this type reads as fast at 10 GB as at 100. */
const DISK_GB = 10;
const DISK_TYPE = 'pd-balanced';

/** The daemon's path, in peer/duty/health-server.ts. */
const HEALTH_PATH = '/health';

/**
 * The health check fails after five missing answers in a row, 150 s. That is longer than the daemon's
 * restarts after a crash: five within that time, the last of which is the end.
 */
const HEALTH = { checkIntervalSec: 30, timeoutSec: 10, healthyThreshold: 1, unhealthyThreshold: 5 };

/** A new machine boots, fetches 53 MB, and may wait 800 s for the secret's first version. */
const INITIAL_DELAY_SECONDS = 1_200;

export interface PeersNeed {
  readonly identities: Identities;
  readonly network: Network;
  readonly messaging: Messaging;
  readonly database: gcp.firestore.Database;
  readonly artifacts: Artifacts;
  readonly datagramSecret: DatagramSecret;
  /** The resources that must be there before the first machine, since machines cost by the hour. */
  readonly others: readonly pulumi.Resource[];
}

/** A group of one machine for each peer; gives the groups by the peer's id. */
export function createPeers(
  project: Project,
  need: PeersNeed,
): ReadonlyMap<string, gcp.compute.InstanceGroupManager> {
  const healthCheck = new gcp.compute.HealthCheck(
    'peer-health',
    {
      project: project.id,
      name: 'mpcomm-peer',
      description: 'Whether the daemon lives, or was told to exit',
      ...HEALTH,
      httpHealthCheck: { port: HEALTH_PORT, requestPath: HEALTH_PATH },
      logConfig: { enable: true },
    },
    project.options,
  );
  return new Map(
    project.configuration.peers.map((peer) => [
      peer.id,
      createGroup(project, need, peer, createTemplate(project, need, peer), healthCheck),
    ]),
  );
}

/** A template is never changed: another one takes its place, and the group follows. */
function createTemplate(
  project: Project,
  need: PeersNeed,
  peer: Peer,
): gcp.compute.InstanceTemplate {
  const { options, id, labels, configuration } = project;
  const { identities, network } = need;
  return new gcp.compute.InstanceTemplate(
    `template-${peer.id}`,
    {
      project: id,
      description: `MPComm ${peer.id} in ${peer.zone}`,
      machineType: configuration.machineType,
      canIpForward: false,
      disks: [
        {
          boot: true,
          autoDelete: true,
          sourceImage: IMAGE,
          diskSizeGb: DISK_GB,
          diskType: DISK_TYPE,
          labels,
        },
      ],
      // An interface without an access configuration has no address outside.
      networkInterfaces: [
        { subnetwork: network.subnetworks.get(peer.region)!.id, stackType: 'IPV4_ONLY' },
      ],
      // The account's roles say what it may; this scope only does not narrow them further.
      serviceAccount: {
        email: identities.peer.email,
        scopes: ['https://www.googleapis.com/auth/cloud-platform'],
      },
      shieldedInstanceConfig: {
        enableSecureBoot: true,
        enableVtpm: true,
        enableIntegrityMonitoring: true,
      },
      scheduling: configuration.spot ? SPOT : STANDARD,
      metadata: {
        'enable-oslogin': 'TRUE',
        'block-project-ssh-keys': 'TRUE',
        'serial-port-enable': 'FALSE',
        // What the console shows goes to Cloud Logging, without an agent on the machine.
        'serial-port-logging-enable': 'TRUE',
        'startup-script': createScript(project, need, peer),
      },
      labels: { ...labels, peer: peer.id },
    },
    options,
  );
}

/** A Spot machine that is taken away comes back with its group, as soon as there is room. */
const SPOT = {
  provisioningModel: 'SPOT',
  preemptible: true,
  automaticRestart: false,
  onHostMaintenance: 'TERMINATE',
  instanceTerminationAction: 'STOP',
};

const STANDARD = {
  provisioningModel: 'STANDARD',
  preemptible: false,
  automaticRestart: true,
  onHostMaintenance: 'MIGRATE',
};

function createScript(
  { id, configuration }: Project,
  { messaging, database, artifacts, datagramSecret }: PeersNeed,
  peer: Peer,
): pulumi.Output<string> {
  const { node, peer: bundle } = artifacts;
  return pulumi
    .output({
      PROJECT: id,
      TOPIC: messaging.topic.name,
      DATABASE: database.name,
      PEER_ID: peer.id,
      ZONE: peer.zone,
      UDP_PORT: String(configuration.udpPort),
      HEALTH_PORT: String(HEALTH_PORT),
      SECRET: datagramSecret.secret.secretId,
      SECRET_VERSION: String(configuration.secretVersion),
      BUCKET: artifacts.bucket.name,
      NODE_OBJECT: node.object.name,
      NODE_GENERATION: node.object.generation.apply(String),
      NODE_SHA256: node.sha256,
      PEER_OBJECT: bundle.object.name,
      PEER_GENERATION: bundle.object.generation.apply(String),
      PEER_SHA256: bundle.sha256,
    })
    .apply(startupScript);
}

function createGroup(
  project: Project,
  { messaging, artifacts, datagramSecret, others }: PeersNeed,
  peer: Peer,
  template: gcp.compute.InstanceTemplate,
  healthCheck: gcp.compute.HealthCheck,
): gcp.compute.InstanceGroupManager {
  const needed = [artifacts.readable, datagramSecret.readable, ...others];
  const options = after(project, ...needed, ...(messaging.ready.get(peer.id) ?? []));
  return new gcp.compute.InstanceGroupManager(
    `group-${peer.id}`,
    {
      project: project.id,
      name: `mpcomm-${peer.id}`,
      description: `MPComm ${peer.id} in ${peer.zone}: one machine`,
      zone: peer.zone,
      baseInstanceName: `mpcomm-${peer.id}`,
      targetSize: 1,
      versions: [{ instanceTemplate: template.selfLinkUnique }],
      autoHealingPolicies: {
        healthCheck: healthCheck.id,
        initialDelaySec: INITIAL_DELAY_SECONDS,
      },
      // The old machine goes before the new one comes: two daemons of one name would each take the
      // place of the other.
      updatePolicy: {
        type: 'PROACTIVE',
        minimalAction: 'REPLACE',
        replacementMethod: 'RECREATE',
        maxSurgeFixed: 0,
        maxUnavailableFixed: 1,
      },
      instanceLifecyclePolicy: { forceUpdateOnRepair: 'YES' },
      // Spot machines may have to wait for room, in one zone and not the others.
      waitForInstances: false,
    },
    // A peer in another zone is another group: here too the old machine goes first. The two would also need the quota of
    // both, and what is checked before is that of one (scripts/deployment/find-quota.ts).
    { ...options, deleteBeforeReplace: true },
  );
}

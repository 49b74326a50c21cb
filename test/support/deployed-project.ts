import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { APIS } from '../../cli/doctor/google-facts.ts';
import type { Emulators } from '../../local/emulators.ts';
import type { FakeGoogle } from './fake-google.ts';
import type { ServedFunction } from './served-functions.ts';

/** How many peers the project has, and the zones in which they are in turn. */
export const PEERS = 4;
export const ZONES = ['us-west1-b', 'me-west1-a'];
const TOPIC = 'mpcomm-commands';

/** What Pulumi makes before the machines: a daemon may create neither. */
export async function createMessaging({ pubsubHost, project }: Emulators): Promise<void> {
  const put = async (path: string, body: object) => {
    const url = `http://${pubsubHost}/v1/projects/${project}/${path}`;
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  };
  await put(`topics/${TOPIC}`, {});
  for (let number = 0; number < PEERS; number += 1) {
    await put(`subscriptions/mpcomm-peer-${number}`, {
      topic: `projects/${project}/topics/${TOPIC}`,
      expirationPolicy: {},
    });
  }
}

/** Google's other APIs, as they answer of a project in which everything is deployed. */
export function answerAsDeployed(
  fake: FakeGoogle,
  project: string,
  functions: ReadonlyMap<string, ServedFunction>,
): void {
  const location = `projects/${project}/locations/us-central1`;
  const on = (target: string, body: object) => fake.on(target, { status: 200, body });
  const described = [...functions].map(([name, { url }]) => ({
    name: `${location}/functions/${name}`,
    state: 'ACTIVE',
    serviceConfig: { uri: url },
    ...(name === 'compare' && { eventTrigger: { trigger: `${location}/triggers/compare` } }),
  }));
  // The Firestore emulator takes this token for one that may do everything.
  fake.onLogin('alice@example.org', 'owner');
  on(`cloudfunctions.googleapis.com/v2/${location}/functions`, { functions: described });
  for (const each of described) on(`cloudfunctions.googleapis.com/v2/${each.name}`, each);
  on(`eventarc.googleapis.com/v1/${location}/triggers/compare`, {});
  const services = APIS.map((api) => ({ name: `projects/1/services/${api}`, state: 'ENABLED' }));
  on(`serviceusage.googleapis.com/v1/projects/${project}/services`, { services });
  const compute = `compute.googleapis.com/compute/v1/projects/${project}`;
  const managers = Array.from({ length: PEERS }, (_unused, number) => ({
    name: `mpcomm-peer-${number}`,
    zone: 'zones/us-west1-b',
    status: { isStable: true },
    versions: [{ instanceTemplate: 'global/instanceTemplates/peer?uniqueId=1' }],
  }));
  on(`${compute}/aggregated/instanceGroupManagers`, {
    items: { 'zones/us-west1-b': { instanceGroupManagers: managers } },
  });
  const script = "readonly SECRET_VERSION='1'\n";
  const metadata = { items: [{ key: 'startup-script', value: script }] };
  on(`${compute}/global/instanceTemplates`, {
    items: [{ name: 'peer', properties: { metadata } }],
  });
  on(
    `secretmanager.googleapis.com/v1/projects/${project}/secrets/mpcomm-datagram-secret/versions`,
    {
      versions: [{ name: 'versions/1', state: 'ENABLED' }],
    },
  );
  on(`storage.googleapis.com/storage/v1/b/${project}-mpcomm-state/o`, {});
  on(`run.googleapis.com/v2/${location}/jobs/mpcomm-check`, {
    terminalCondition: { state: 'CONDITION_SUCCEEDED' },
    template: {
      template: { containers: [{ image: `docker.io/library/node@sha256:${'d'.repeat(64)}` }] },
    },
  });
  on(compute, { quotas: [{ metric: 'CPUS_ALL_REGIONS', limit: 12, usage: 2 * PEERS }] });
}

export function startPeer(
  bundle: string,
  number: number,
  environment: Readonly<Record<string, string>>,
): ChildProcess {
  mkdirSync(join(bundle, '..'), { recursive: true });
  return spawn(process.execPath, [bundle], {
    stdio: ['ignore', openSync(`${bundle}-${number}.log`, 'a'), 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      MPCOMM_PEER_ID: `peer-${number}`,
      MPCOMM_ZONE: ZONES[number % 2],
      MPCOMM_SECRET: 's'.repeat(32),
      ...environment,
    },
  });
}

/** What the doctor wants mended. The clock is left out, because the emulators tell no time. */
export function wrongIn(output: string): string[] {
  const lines = output.split('\n').filter((line) => line.startsWith('FIX'));
  return output === ''
    ? ['nothing was printed']
    : lines.filter((line) => !/^FIX +clock /.test(line));
}

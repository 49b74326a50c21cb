import { describe, expect, test } from '@jest/globals';
import { doctorCommand } from '../../../cli/doctor/doctor-command.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from '../../../control/problem.ts';
import { APIS } from '../../../cli/doctor/google-facts.ts';
import { PROJECT, useCloud } from '../../support/cloud-context.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';
import { registerPeers } from '../../support/control-fixtures.ts';
import { apiError, type FakeAnswer } from '../../support/fake-google.ts';

const cloud = useCloud();

const PUBSUB = `pubsub.googleapis.com/v1/projects/${PROJECT}`;
const SERVICES = `serviceusage.googleapis.com/v1/projects/${PROJECT}/services`;

/** What a function says to a GET. */
const OWN_REFUSAL: FakeAnswer = {
  status: 405,
  body: createProblem('method-not-allowed', 'GET is not allowed here; use POST.'),
  headers: { 'content-type': PROBLEM_MEDIA_TYPE },
};

const LOCATION = `projects/${PROJECT}/locations/us-central1`;
const FUNCTIONS = `cloudfunctions.googleapis.com/v2/${LOCATION}/functions`;
const TRIGGER = `${LOCATION}/triggers/compare-123456`;
const SECRET = `secretmanager.googleapis.com/v1/projects/${PROJECT}/secrets/mpcomm-datagram-secret`;
const JOB = `run.googleapis.com/v2/${LOCATION}/jobs/mpcomm-check`;
const LOCKS = `storage.googleapis.com/storage/v1/b/${PROJECT}-mpcomm-state/o`;
const PINNED = `docker.io/library/node@sha256:${'d'.repeat(64)}`;
const GROUPS = `compute.googleapis.com/compute/v1/projects/${PROJECT}/aggregated/instanceGroupManagers`;

/** The list of all functions, beside the answers about each by its name. */
function listFunctions(states: Readonly<Record<string, string>> = {}, message = ''): void {
  const functions = ['run', 'exit', 'compare', 'expire'].map((each) => ({
    name: `${LOCATION}/functions/${each}`,
    state: states[each] ?? 'ACTIVE',
    stateMessages: states[each] === undefined ? [] : [{ message }],
    ...(each === 'compare' && { eventTrigger: { trigger: TRIGGER } }),
  }));
  cloud.google.on(FUNCTIONS, { status: 200, body: { functions } });
}

function listGroups(isStable: (number: number) => boolean): void {
  const managers = [1, 2, 3].map((number) => ({
    name: `mpcomm-peer-${number}`,
    zone: 'https://compute/zones/us-west1-b',
    status: { isStable: isStable(number) },
    versions: [
      { instanceTemplate: `https://compute/global/instanceTemplates/t-${number}?uniqueId=1` },
    ],
    currentActions: isStable(number) ? { none: 1 } : { creating: 1 },
  }));
  const items = { 'zones/us-west1-b': { instanceGroupManagers: managers } };
  cloud.google.on(GROUPS, { status: 200, body: { items } });
}

function tellQuota(limit: number, usage: number): void {
  cloud.google.on(`compute.googleapis.com/compute/v1/projects/${PROJECT}?fields=quotas`, {
    status: 200,
    body: { quotas: [{ metric: 'CPUS_ALL_REGIONS', limit, usage }] },
  });
}

/** The versions of the secret that are enabled, and which one the machines of each peer read. */
function tellSecret(enabled: readonly number[], read: (number: number) => number): void {
  const name = (number: number) => `projects/1/secrets/mpcomm-datagram-secret/versions/${number}`;
  const versions = [1, 2, 3].map((number) => ({
    name: name(number),
    state: enabled.includes(number) ? 'ENABLED' : 'DISABLED',
  }));
  cloud.google.on(SECRET, { status: 200, body: { versions } });
  const items = [1, 2, 3].map((number) => {
    const value = `#!/bin/sh\nreadonly SECRET_VERSION='${read(number)}'\n`;
    const metadata = { items: [{ key: 'startup-script', value }] };
    return { name: `t-${number}`, properties: { metadata } };
  });
  const templates = `compute.googleapis.com/compute/v1/projects/${PROJECT}/global/instanceTemplates`;
  cloud.google.on(templates, { status: 200, body: { items } });
}

function tellJob(state: string, image: string): void {
  const terminalCondition = { state, message: 'Image not found' };
  const template = { template: { containers: [{ image }] } };
  cloud.google.on(JOB, { status: 200, body: { terminalCondition, template } });
}

/** Everything as a deployment leaves it. */
async function deploy(): Promise<void> {
  const name = (api: string) => `projects/1/services/${api}`;
  const services = APIS.map((api) => ({ name: name(api), state: 'ENABLED' }));
  const subscriptions = [1, 2, 3].map((number) => ({
    name: `projects/${PROJECT}/subscriptions/mpcomm-peer-${number}`,
    topic: `projects/${PROJECT}/topics/mpcomm-commands`,
    expirationPolicy: {},
  }));
  // The subscription to which refused commands go; it is on a topic of its own.
  const undelivered = {
    name: `projects/${PROJECT}/subscriptions/mpcomm-undelivered`,
    topic: `projects/${PROJECT}/topics/mpcomm-undelivered`,
    expirationPolicy: {},
  };
  cloud.google.on(SERVICES, { status: 200, body: { services } });
  cloud.google.on(`${PUBSUB}/topics/mpcomm-commands`, { status: 200, body: {} });
  cloud.google.on(`${PUBSUB}/subscriptions`, {
    status: 200,
    body: { subscriptions: [...subscriptions, undelivered] },
  });
  for (const each of ['run', 'exit']) cloud.google.on(`${each}-hash-uc.a.run.app`, OWN_REFUSAL);
  listFunctions();
  cloud.google.on(`eventarc.googleapis.com/v1/${TRIGGER}`, { status: 200, body: {} });
  listGroups(() => true);
  tellQuota(24, 6);
  tellSecret([2], () => 2);
  tellJob('CONDITION_SUCCEEDED', PINNED);
  cloud.google.on(LOCKS, { status: 200, body: {} });
  await registerPeers(cloud.backend, 3, Date.now());
}

async function examine() {
  const { context, data } = cloud.context();
  const status = await doctorCommand(context, cloud.options());
  const lines = data.join('\n').split('\n');
  return { status, lines, wrong: lines.filter((line) => line.startsWith('FIX')) };
}

describe('mpcomm doctor --backend gcp', () => {
  test('finds a deployed laboratory in order, without starting anything', async () => {
    await deploy();
    const { status, lines, wrong } = await examine();
    expect(wrong).toEqual([]);
    expect(status).toBe(0);
    expect(lines.map((line) => line.slice(6).split('  ')[0])).toEqual([
      ...['node', 'credentials', 'apis', 'topic', 'subscriptions', 'clock'],
      ...['functions', 'trigger', 'machines', 'vCPUs', 'secret', 'check job', 'deployment'],
      ...['function run', 'function exit', 'deployed peers', 'peers', 'udp'],
    ]);
    expect(
      cloud.google.requests.some(
        ({ method, target }) => method === 'POST' && !target.startsWith('oauth2'),
      ),
    ).toBe(false);
  });

  test('says in one line each what is missing', async () => {
    await deploy();
    cloud.google.on(SERVICES, { status: 200, body: { services: [] } });
    cloud.google.on(`${PUBSUB}/topics/mpcomm-commands`, apiError(404, 'NOT_FOUND', 'no topic'));
    cloud.google.on(`${PUBSUB}/subscriptions`, apiError(403, 'PERMISSION_DENIED', 'denied'));
    cloud.google.on('run-hash-uc.a.run.app', { status: 403, body: '<html>' });
    cloud.google.on('exit-hash-uc.a.run.app', { status: 401, body: '<html>' });
    await registerPeers(cloud.backend, 1, Date.now() - 3_600_000);
    const { status, wrong } = await examine();
    expect(status).toBe(2);
    expect(wrong.map((line) => line.slice(6).split('  ')[0])).toEqual([
      ...['apis', 'topic', 'subscriptions', 'function run', 'function exit', 'peers'],
    ]);
    expect(wrong.join('\n')).toMatch(/roles\/run\.invoker/);
  });

  test('sees a function that failed to build, though nobody calls it from outside', async () => {
    await deploy();
    listFunctions({ compare: 'FAILED' }, 'Access to bucket gcf-v2-sources-1-us-central1 denied');
    const { wrong } = await examine();
    expect(wrong).toHaveLength(1);
    expect(wrong[0]).toMatch(/functions .*compare is FAILED \(Access to bucket .* denied\)/);
    expect(wrong[0]).toMatch(/gcloud functions delete compare --v2 --region us-central1/);
  });

  test('sees a trigger that is gone', async () => {
    await deploy();
    cloud.google.on(`eventarc.googleapis.com/v1/${TRIGGER}`, apiError(404, 'NOT_FOUND', 'none'));
    const { wrong } = await examine();
    expect(wrong.join('\n')).toMatch(/^FIX {3}trigger .*is not there: npm run deploy -- --refresh/);
  });

  test('counts peers against those that were deployed, not those that came', async () => {
    await deploy();
    cloud.backend = new MemoryBackend();
    await registerPeers(cloud.backend, 2, Date.now());
    listGroups((number) => number < 3);
    tellQuota(4, 4);
    const { lines, wrong } = await examine();
    expect(lines.join('\n')).toMatch(/^ok {4}peers .*2 of 2 registered peers live/m);
    expect(wrong.join('\n')).toMatch(/machines .*2 of 3 groups .* mpcomm-peer-3 \(creating\)/);
    expect(wrong.join('\n')).toMatch(/list-errors mpcomm-peer-3 --zone us-west1-b/);
    expect(wrong.join('\n')).toMatch(/deployed peers .*2 of 3 .*never heard of peer-/);
    expect(lines.join('\n')).toMatch(/^note {2}vCPUs .*4 of 4/m);
  });

  test('tells of a build that failed where some projects may not build', async () => {
    await deploy();
    const elsewhere = FUNCTIONS.replace('us-central1', 'asia-south2');
    const name = `projects/${PROJECT}/locations/asia-south2/functions`;
    const functions = ['run', 'exit', 'compare', 'expire'].map((each) => ({
      name: `${name}/${each}`,
      state: 'FAILED',
    }));
    cloud.google.on(elsewhere, { status: 200, body: { functions } });
    const { context, data } = cloud.context();
    await doctorCommand(context, { ...cloud.options(), region: 'asia-south2' });
    expect(data.join('\n')).toMatch(/Some projects may not build in asia-south2; all may in us-c/);
  });

  test.each<[string, () => void, RegExp]>([
    [
      'none',
      () => cloud.google.on(SECRET, apiError(404, 'NOT_FOUND', 'none')),
      /FIX .*there is no /,
    ],
    [
      'no version',
      () => tellSecret([], () => 1),
      /FIX .*no version that is enabled.*npm run deploy/,
    ],
    [
      'a version that is disabled',
      () => tellSecret([1], () => 2),
      /FIX .*read version 2, which is not enabled: gcloud secrets versions enable 2 .*--new-secret/,
    ],
    [
      'different versions',
      () => tellSecret([1, 2], (number) => (number === 3 ? 1 : 2)),
      /FIX .*mpcomm-peer-3 version 1; mpcomm-peer-1, mpcomm-peer-2 version 2/,
    ],
    [
      'an old version besides',
      () => tellSecret([1, 2], () => 2),
      /note .*version 2, which 3 groups read; still enabled besides: 1: gcloud secrets versions disable 1/,
    ],
  ])('looks which version of the secret machines read: %s', async (_, change, expected) => {
    await deploy();
    change();
    const { lines } = await examine();
    expect(lines.find((line) => line.slice(6).startsWith('secret '))).toMatch(expected);
  });

  test.each<[string, () => void, RegExp]>([
    [
      'none',
      () => cloud.google.on(JOB, apiError(404, 'NOT_FOUND', 'x')),
      /^note .*--check-job true/,
    ],
    ['by a tag', () => tellJob('CONDITION_SUCCEEDED', 'node:24-slim'), /^note .*that tag means/],
    ['not ready', () => tellJob('CONDITION_FAILED', PINNED), /^FIX .*not ready: Image not found/],
  ])('looks at the job of checks: %s', async (_, change, expected) => {
    await deploy();
    change();
    const { lines } = await examine();
    expect(lines.find((line) => line.slice(6).startsWith('check job'))).toMatch(expected);
  });

  test('sees the lock that a killed deployment left', async () => {
    await deploy();
    const name = '.pulumi/locks/organization/mpcomm/lab/0b2c.json';
    cloud.google.on(LOCKS, { status: 200, body: { items: [{ name }] } });
    const { status, lines } = await examine();
    expect(status).toBe(0);
    expect(lines.join('\n')).toMatch(
      /^note {2}deployment .*stack lab is locked.*PULUMI_BACKEND_URL=gs:\/\/\S+ pulumi cancel --stack lab/m,
    );
  });

  test('says what it may not look at, and does not call it wrong', async () => {
    await deploy();
    const denied = apiError(403, 'PERMISSION_DENIED', 'denied');
    for (const target of [FUNCTIONS, GROUPS]) cloud.google.on(target, denied);
    const { status, lines } = await examine();
    expect(status).toBe(0);
    expect(lines.join('\n')).toMatch(
      /^note {2}functions .*not looked at: .*roles\/cloudfunctions/m,
    );
    expect(lines.join('\n')).toMatch(
      /^note {2}machines .*not looked at: .*roles\/compute\.viewer/m,
    );
  });

  test('stops at the credentials when there are none', async () => {
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    process.env['CLOUDSDK_CONFIG'] = cloud.state;
    const { status, lines } = await examine();
    expect(status).toBe(2);
    expect(lines.at(-1)).toMatch(/^FIX {3}credentials .*gcloud auth application-default login$/);
  });
});

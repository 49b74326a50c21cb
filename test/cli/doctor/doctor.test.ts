import { describe, expect, test } from '@jest/globals';
import { doctorCommand } from '../../../cli/doctor/doctor-command.ts';
import { createProblem, PROBLEM_MEDIA_TYPE } from '../../../control/problem.ts';
import { APIS } from '../../../cli/doctor/google-facts.ts';
import { PROJECT, useCloud } from '../../support/cloud-context.ts';
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

/** Everything as a deployment leaves it. */
async function deploy(): Promise<void> {
  const name = (api: string) => `projects/1/services/${api}`;
  const services = APIS.map((api) => ({ name: name(api), state: 'ENABLED' }));
  const subscriptions = [1, 2, 3].map((number) => ({
    name: `projects/${PROJECT}/subscriptions/mpcomm-peer-${number}`,
    topic: `projects/${PROJECT}/topics/mpcomm-commands`,
    expirationPolicy: {},
  }));
  // Where refused commands go, which is on a topic of its own.
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
      ...['function run', 'function exit', 'peers', 'udp'],
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

  test('stops at the credentials when there are none', async () => {
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    process.env['CLOUDSDK_CONFIG'] = cloud.state;
    const { status, lines } = await examine();
    expect(status).toBe(2);
    expect(lines.at(-1)).toMatch(/^FIX {3}credentials .*gcloud auth application-default login$/);
  });
});

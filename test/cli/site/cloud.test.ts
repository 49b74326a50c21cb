import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { runsCommand, showCommand } from '../../../cli/archive/archive-commands.ts';
import type { SiteOptions } from '../../../cli/shell/context.ts';
import { exitCommand } from '../../../cli/laboratory/laboratory-commands.ts';
import { runCommand } from '../../../cli/run/run-command.ts';
import { createProblem } from '../../../control/problem.ts';
import { FUNCTIONS, PROJECT, useCloud } from '../../support/cloud-context.ts';
import { apiError, type FakeAnswer } from '../../support/fake-google.ts';
import { MemoryBackend } from '../../../bench/virtual-group/memory-backend.ts';

const DERIVED = 'us-central1-my-project.cloudfunctions.net';
const FORBIDDEN: FakeAnswer = { status: 403, body: '<html>403 Forbidden</html>' };

const cloud = useCloud();

describe('mpcomm run --backend gcp', () => {
  test('looks the function up, calls it as the user, and reads the comparison', async () => {
    const { status, data, notes } = cloud.run();
    expect(await status).toBe(0);
    expect(data.join('\n')).toContain('0 of 6 rounds unordered');
    expect(notes.join('\n')).toContain('project my-project (us-central1), as a user');
    const [called] = cloud.callsOf('run-hash');
    expect(called!.headers.authorization).toMatch(/^Bearer [\w-]+\.[\w-]+\.[\w-]+$/);
    expect(called!.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
    expect(cloud.callsOf(FUNCTIONS)[0]!.headers).toMatchObject({
      authorization: 'Bearer access',
      'x-goog-user-project': PROJECT,
    });
    const asked = new URLSearchParams(cloud.callsOf('oauth2.googleapis.com/token').at(-1)!.body);
    expect(Object.fromEntries(asked)).toMatchObject({ grant_type: 'refresh_token' });
  });

  test('takes the addresses that it is given, without looking them up', async () => {
    expect(await cloud.run({ runUrl: cloud.google.at('run-hash-uc.a.run.app') }).status).toBe(0);
    expect(cloud.callsOf(FUNCTIONS)).toEqual([]);
  });

  test('derives the address when this account may not look', async () => {
    cloud.google.on(
      `${FUNCTIONS}/run`,
      apiError(403, 'PERMISSION_DENIED', 'no cloudfunctions.functions.get'),
    );
    cloud.google.on(`${DERIVED}/run`, cloud.wholeRun);
    expect(await cloud.run().status).toBe(0);
    expect(cloud.callsOf(DERIVED)).toHaveLength(1);
  });

  test('lists and shows the runs of the project', async () => {
    await cloud.run().status;
    const recorded = cloud.context();
    expect(await runsCommand(recorded.context, { ...cloud.options(), last: 5 })).toBe(0);
    expect(recorded.data.join('\n')).toMatch(/compared +0 of 6/);
    expect(await showCommand(recorded.context, 'last', cloud.options())).toBe(0);
  });

  test('exit calls the other function', async () => {
    const { context, notes } = cloud.context();
    expect(await exitCommand(context, cloud.options())).toBe(0);
    expect(cloud.callsOf('exit-hash')).toHaveLength(1);
    expect(notes.join('\n')).toContain('were told to end');
  });
});

describe('what is missing is told with the command that mends it', () => {
  const refused = (change: Partial<SiteOptions> = {}) =>
    cloud.run(change).status.then(
      () => 'nothing',
      (error: unknown) => (error as Error).message,
    );

  test('no project', async () => {
    const { context } = cloud.context({ GOOGLE_CLOUD_PROJECT: '' });
    const command = runCommand(context, 3, 2, { state: cloud.state, backend: 'gcp' });
    await expect(command).rejects.toThrow(/needs a project: --project ID, or MPCOMM_PROJECT/);
  });

  test('no credentials', async () => {
    delete process.env['GOOGLE_APPLICATION_CREDENTIALS'];
    process.env['CLOUDSDK_CONFIG'] = cloud.state;
    expect(await refused()).toMatch(
      /no application-default credentials .*\n.*gcloud auth application-default login/,
    );
  });

  test('credentials that are not there, or are none', async () => {
    process.env['GOOGLE_APPLICATION_CREDENTIALS'] = join(cloud.state, 'absent.json');
    expect(await refused()).toMatch(
      /absent\.json cannot be read \(ENOENT\).*\n.*unset GOOGLE_APPL/,
    );
    Object.assign(process.env, cloud.google.credentials({ type: 'gizmo' }));
    expect(await refused()).toMatch(/no credentials of a known kind/);
  });

  test('a login that has expired', async () => {
    cloud.google.on('oauth2.googleapis.com/token', {
      status: 400,
      body: { error: 'invalid_grant', error_subtype: 'invalid_rapt' },
    });
    expect(await refused()).toMatch(/has expired or was revoked\n.*application-default login/);
  });

  test('a login without an identity', async () => {
    cloud.google.on('oauth2.googleapis.com/token', {
      status: 200,
      body: { access_token: 'access', expires_in: 3_600 },
    });
    expect(await refused()).toMatch(/gave no identity token.*openid\n.*--impersonate/);
  });

  test('no such function', async () => {
    cloud.google.on(`${FUNCTIONS}/run`, apiError(404, 'NOT_FOUND', 'not found'));
    expect(await refused()).toMatch(
      /no function run in region us-central1 .*\n.*npm run deploy.*--region/,
    );
  });

  test('a function that failed to deploy', async () => {
    cloud.google.on(`${FUNCTIONS}/run`, { status: 200, body: { state: 'FAILED' } });
    expect(await refused()).toMatch(/run is FAILED.*\n.*gcloud functions describe run/);
  });

  test('an API that is off', async () => {
    const off = apiError(
      403,
      'PERMISSION_DENIED',
      'Cloud Functions API is disabled',
      'SERVICE_DISABLED',
    );
    cloud.google.on(`${FUNCTIONS}/run`, off);
    expect(await refused()).toMatch(/not enabled.*\n.*gcloud services enable cloudfunctions/);
  });

  test('permission to call the function: 403', async () => {
    cloud.google.on('run-hash-uc.a.run.app', FORBIDDEN);
    expect(await refused()).toMatch(
      /user:alice@example\.com may not call the function run\n.*add-iam-policy-binding run --project my-project --region us-central1 --member user:alice@example\.com --role roles\/run\.invoker/,
    );
  });

  test('an identity token that the function takes: 401', async () => {
    cloud.google.on('run-hash-uc.a.run.app', { status: 401, body: '<html>401</html>' });
    expect(await refused()).toMatch(
      /does not take the identity token.*\n.*print-identity-token.*--impersonate/,
    );
    expect(cloud.callsOf('run-hash')).toHaveLength(1);
  });

  test('Firestore: permission, API, database', async () => {
    cloud.google.on('run-hash-uc.a.run.app', {
      status: 202,
      body: { runId: '20260131-235959-0a1b2c3d' },
    });
    const deny = (code: number, message: string) => {
      const error = Object.assign(new Error(message), { code });
      cloud.backend.store.read = () => Promise.reject(error);
      return refused();
    };
    expect(await deny(7, 'Missing or insufficient permissions.')).toMatch(
      /roles\/datastore\.viewer/,
    );
    cloud.backend = new MemoryBackend();
    expect(await deny(7, 'Cloud Firestore API has not been used in project 1')).toMatch(
      /gcloud services enable firestore\.googleapis\.com --project my-project/,
    );
    cloud.backend = new MemoryBackend();
    expect(await deny(5, 'The database (default) does not exist')).toMatch(/no Firestore database/);
  });

  test('Firestore: calls that are counted to another project, or to none', async () => {
    cloud.google.on('run-hash-uc.a.run.app', {
      status: 202,
      body: { runId: '20260131-235959-0a1b2c3d' },
    });
    const deny = (message: string) => {
      cloud.backend = new MemoryBackend();
      const error = Object.assign(new Error(message), { code: 7 });
      cloud.backend.store.read = () => Promise.reject(error);
      return refused();
    };
    const cure = /\n.*gcloud auth application-default set-quota-project my-project/;
    const other = await deny(
      'Cloud Firestore API has not been used in project older-one before or it is disabled.',
    );
    expect(other).toMatch(/counted to project older-one, .* and not to my-project/);
    expect(other).toMatch(cure);
    const denied = await deny(
      'Caller does not have required permission to use project older-one. Grant the caller the ' +
        'roles/serviceusage.serviceUsageConsumer role (serviceusage.services.use)',
    );
    expect(denied).toMatch(/counted to project older-one/);
    for (const none of [
      'The firestore.googleapis.com API requires a quota project, which is not set by default.',
      'Cloud Firestore API has not been used in project 764086051850 before or it is disabled.',
    ]) {
      expect(await deny(none)).toMatch(/name no project to which calls of firestore/);
      expect(await deny(none)).toMatch(cure);
    }
  });

  test('what the function itself refuses stays in its words', async () => {
    cloud.google.on('run-hash-uc.a.run.app', {
      status: 409,
      body: createProblem('too-few-peers', '3 peers were asked for; 0 are live.'),
    });
    expect(await refused()).toMatch(/Fewer peers are live.*0 are live/);
  });

  test.each<[string, Partial<SiteOptions>, RegExp]>([
    ['--loss', { loss: 0.1 }, /--loss is for a laboratory on this machine/],
    [
      'an ordering in a file',
      { ordering: './examples/my-ordering.ts' },
      /only the orderings of the project/,
    ],
  ])('%s is refused', async (_, change, reason) => {
    expect(await refused(change)).toMatch(reason);
    expect(cloud.google.requests).toEqual([]);
  });
});

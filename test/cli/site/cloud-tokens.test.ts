import { describe, expect, test } from '@jest/globals';
import { GoogleAuth } from 'google-auth-library';
import { runCommand } from '../../../cli/run/run-command.ts';
import { useCloud } from '../../support/cloud-context.ts';
import { apiError, identityToken, USER } from '../../support/fake-google.ts';

const cloud = useCloud();

describe('the token that a function gets', () => {
  const takesOnly = (token: string) =>
    cloud.google.on('run-hash-uc.a.run.app', (request) =>
      request.headers.authorization === `Bearer ${token}`
        ? cloud.wholeRun(request)
        : { status: 401, body: '' },
    );

  test("gcloud's own is tried when the function refuses that of the login", async () => {
    const token = identityToken({ email: 'bob@example.com' });
    takesOnly(token);
    expect(await cloud.run({}, token).status).toBe(0);
  });

  test('one in MPCOMM_ID_TOKEN comes before all others', async () => {
    takesOnly('brought-along');
    const { context } = cloud.context({ MPCOMM_ID_TOKEN: 'brought-along' });
    expect(await runCommand(context, 3, 2, cloud.options())).toBe(0);
  });

  test('of an impersonated account is made for the function that is called', async () => {
    const account = 'caller@my-project.iam.gserviceaccount.com';
    const credentials = `iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${account}`;
    cloud.google.on(`${credentials}:generateIdToken`, {
      status: 200,
      body: { token: 'impersonated' },
    });
    takesOnly('impersonated');
    expect(await cloud.run({ impersonate: account }).status).toBe(0);
    const [made] = cloud.callsOf(`${credentials}:generateIdToken`);
    expect(JSON.parse(made!.body)).toMatchObject({
      audience: cloud.google.at('run-hash-uc.a.run.app'),
    });
    cloud.google.on(`${credentials}:generateIdToken`, apiError(403, 'PERMISSION_DENIED', 'denied'));
    await expect(cloud.run({ impersonate: account }).status).rejects.toThrow(
      /cannot be impersonated.*\n.*roles\/iam\.serviceAccountOpenIdTokenCreator/,
    );
  });

  test('no secret of the credentials is in what is printed', async () => {
    const { status, data, notes } = cloud.run();
    await status;
    const printed = [...data, ...notes].join('\n');
    for (const secret of [USER.client_secret, USER.refresh_token, 'Bearer']) {
      expect(printed).not.toContain(secret);
    }
  });
});

describe("the project to which a person's calls are counted", () => {
  const quotaProjects = () =>
    cloud.callsOf('cloudfunctions').map(({ headers }) => headers['x-goog-user-project']);

  test('is the laboratory’s, whatever gcloud wrote into the credentials', async () => {
    for (const fields of [USER, { ...USER, quota_project_id: 'older-one' }]) {
      delete process.env['GOOGLE_CLOUD_QUOTA_PROJECT'];
      cloud.google.credentials(fields);
      expect(await cloud.run().status).toBe(0);
      // The clients of Firestore and Pub/Sub open credentials of their own.
      const client = await new GoogleAuth().getClient();
      expect(client.quotaProjectId).toBe('my-project');
    }
    expect(new Set(quotaProjects())).toEqual(new Set(['my-project']));
  });

  test('is the one in the environment where one is there', async () => {
    process.env['GOOGLE_CLOUD_QUOTA_PROJECT'] = 'meant';
    expect(await cloud.run().status).toBe(0);
    expect(new Set(quotaProjects())).toEqual(new Set(['meant']));
  });
});

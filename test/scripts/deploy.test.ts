import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fulfil } from '../../scripts/deploy.ts';
import { FakeTools, type Answers } from '../support/fake-tools.ts';
import { parseWish, type Wish } from '../../scripts/deployment/wish.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What gcloud answers when nothing that costs is left. */
const NOTHING_LEFT = {
  'gcloud compute instances list': { output: '' },
  'gcloud functions list': { output: '' },
  'gcloud secrets describe': { status: 1, errors: 'NOT_FOUND: Secret not found\n' },
};
const PLACE = ['--project', 'my-laboratory'];

function wish(...options: string[]): Wish {
  return parseWish(options, {});
}

describe('the command line of a deployment', () => {
  test('needs a project, from the option or the environment', () => {
    expect(() => wish('deploy')).toThrow(/^--project is missing/);
    expect(parseWish(['deploy'], { MPCOMM_PROJECT: 'my-laboratory' })).toMatchObject({
      action: 'deploy',
      project: 'my-laboratory',
      state: 'gs://my-laboratory-mpcomm-state',
      stack: 'mpcomm',
      settings: { project: 'my-laboratory' },
    });
  });

  test('hands settings on under the names that the stack has for them', () => {
    const options = ['--machine-type', 'e2-small', '--budget-per-month', '40', '--spot', 'false'];
    expect(wish('deploy', ...PLACE, ...options).settings).toEqual({
      project: 'my-laboratory',
      machineType: 'e2-small',
      budgetPerMonth: '40',
      spot: 'false',
    });
  });

  test('knows every setting of the stack', () => {
    const text = readFileSync(join(ROOT, 'infra/configuration.ts'), 'utf8');
    const [, list] = /SETTINGS = \[([^\]]+)\]/.exec(text)!;
    // Which version of the secret there is to be read, and which image is behind a tag, a deployment finds out.
    const known = [...list!.matchAll(/'(\w+)'/g)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'secretVersion' && name !== 'checkImage');
    const options = known.flatMap((name) => [
      `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      name === 'project' ? 'my-laboratory' : 'x',
    ]);
    expect(Object.keys(wish('deploy', ...options).settings).sort()).toEqual([...known].sort());
  });

  test.each([
    [['deploy', '--project', 'My Lab'], '--project is "My Lab"; it is an id'],
    [['deploy', ...PLACE, '--state', 'bucket'], '--state is "bucket"; it is gs://BUCKET'],
    [['deploy', ...PLACE, '--zone', 'us-west1-b'], "Unknown option '--zone'"],
    [['launch', ...PLACE], 'npm run deploy -- --project ID'],
  ])('%j is refused', (options, message) => {
    expect(() => wish(...options)).toThrow(message);
  });
});

describe('what is missing', () => {
  test.each([
    [
      { 'gcloud --version': { status: null } },
      'the command gcloud is not there',
      'cloud.google.com/sdk',
    ],
    [{ 'pulumi version': { status: null } }, 'the command pulumi is not there', 'pulumi.com/docs'],
    [{ 'gcloud auth list': { output: '' } }, 'logged in with no account', 'gcloud auth login'],
    [
      { 'gcloud auth application-default': { status: 1 } },
      'no application-default credentials',
      'gcloud auth application-default login',
    ],
    [
      { 'gcloud projects describe': { status: 1 } },
      'there is no project my-laboratory',
      'gcloud projects create my-laboratory',
    ],
    [
      { 'gcloud billing projects describe': { output: 'False' } },
      'no billing account pays for my-laboratory',
      'gcloud billing projects link my-laboratory',
    ],
    [
      {
        'gcloud services list': {
          output:
            'cloudbilling.googleapis.com\ncompute.googleapis.com\nserviceusage.googleapis.com',
        },
      },
      'cloudresourcemanager.googleapis.com is off',
      'gcloud services enable cloudresourcemanager.googleapis.com --project=my-laboratory',
    ],
    [
      { 'gcloud projects describe': [{ output: 'my-laboratory\n' }, { status: 1 }] },
      'they are of two people',
      'gcloud auth application-default login, with the account that gcloud auth list shows as active',
    ],
    [
      { 'gcloud storage buckets describe': { status: 1 } },
      'there is no bucket gs://my-laboratory-mpcomm-state',
      'gcloud storage buckets create gs://my-laboratory-mpcomm-state --project=my-laboratory',
    ],
  ] as [Answers, string, string][])('%j is said, with its cure', async (answers, what, cure) => {
    const tools = new FakeTools(answers);
    expect(await fulfil(wish('deploy', ...PLACE), tools, ROOT)).toBe(1);
    expect(tools.said).toContain(what);
    expect(tools.said).toContain(cure);
    expect(tools.acts).toEqual([]);
  });

  test('is not a billing account where only the question was refused', async () => {
    const tools = new FakeTools({
      'gcloud billing projects describe': { status: 1 },
      'gcloud services list': { output: 'serviceusage.googleapis.com' },
    });
    expect(await fulfil(wish('deploy', ...PLACE), tools, ROOT)).toBe(1);
    expect(tools.said).toContain(
      'gcloud services enable cloudbilling.googleapis.com cloudresourcemanager.googleapis.com ' +
        'compute.googleapis.com',
    );
    expect(tools.said).not.toContain('no billing account');
  });

  test('is said at once', async () => {
    const tools = new FakeTools({
      'pulumi version': { status: null },
      'gcloud services list': { output: '' },
      'gcloud storage buckets describe': { status: 1 },
    });
    await fulfil(wish('deploy', ...PLACE), tools, ROOT);
    expect(tools.said.match(/^missing: /gm)).toHaveLength(3);
  });

  test('can be asked for alone', async () => {
    const tools = new FakeTools();
    expect(await fulfil(wish('deploy', ...PLACE, '--check'), tools, ROOT)).toBe(0);
    expect(tools.said).toBe(
      'ready: gcloud, pulumi, project my-laboratory, state in gs://my-laboratory-mpcomm-state\n',
    );
    expect(tools.acts).toEqual([]);
  });
});

describe('a deployment', () => {
  const withoutInstall = (calls: readonly string[]) =>
    calls.filter((call) => !call.startsWith('npm ci'));

  test('builds, tells Pulumi what to do, and gives the secret its first version', async () => {
    const tools = new FakeTools();
    const status = await fulfil(wish('deploy', ...PLACE, '--peers', '8', '--yes'), tools, ROOT);
    expect(status).toBe(0);
    expect(withoutInstall(tools.acts)).toEqual([
      'npm run build',
      'pulumi stack select --create mpcomm',
      'gcloud secrets versions list mpcomm-datagram-secret --project=my-laboratory ' +
        '--format=value(name.basename(),state)',
      'pulumi config set-all --stack mpcomm --plaintext project=my-laboratory --plaintext peers=8 ' +
        '--plaintext secretVersion=1',
      'pulumi up --stack mpcomm --yes --skip-preview',
      'gcloud secrets versions add mpcomm-datagram-secret --project=my-laboratory --data-file=- ' +
        '--format=value(name.basename())',
    ]);
    expect(tools.environments[0]).toMatchObject({
      PULUMI_BACKEND_URL: 'gs://my-laboratory-mpcomm-state',
    });
    const [secret] = tools.inputs;
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect([...tools.calls, tools.said].join()).not.toContain(secret);
    expect(tools.said).toContain('Deployed.');
    expect(tools.said).toContain('Not verified: whether the daemons are up');
  });

  test('shows what it would do and asks, where nobody said yes before', async () => {
    const tools = new FakeTools();
    tools.confirms = false;
    expect(await fulfil(wish('deploy', ...PLACE), tools, ROOT)).toBe(1);
    expect(tools.acts.slice(-3)).toEqual([
      'pulumi preview --stack mpcomm',
      'confirm: Do you want to perform this update?',
      'pulumi config rm-all --stack mpcomm project secretVersion',
    ]);
    expect(tools.said).toContain('Nothing was changed.');
  });

  test.each([['deploy'], ['destroy']])('%s --help says what can be said', (action) => {
    const words = [join(ROOT, 'scripts/deploy.ts'), action, '--help'];
    const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('--billing-account ID');
  });

  test('looks first at what there really is, when it is told so', async () => {
    const tools = new FakeTools();
    await fulfil(wish('deploy', ...PLACE, '--refresh', '--yes'), tools, ROOT);
    expect(tools.acts).toContain('pulumi up --stack mpcomm --yes --skip-preview --refresh');
  });

  test('ends where a step fails for a reason that stays, with its status', async () => {
    const tools = new FakeTools({ 'pulumi up': { status: 255, output: 'something else' } });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(255);
    expect(tools.acts.at(-1)).toBe('pulumi up --stack mpcomm --yes --skip-preview');
    expect(tools.pausedMs).toBe(0);
    expect(tools.said).not.toContain('Deployed.');
  });

  test('goes by what was said in an earlier one, unless it is said otherwise', async () => {
    const tools = new FakeTools({
      'pulumi config --json': {
        output: JSON.stringify({ 'mpcomm:region': { value: 'europe-west1' } }),
      },
    });
    await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT);
    expect(tools.calls.filter((call) => call.startsWith('gcloud functions list'))).toContainEqual(
      expect.stringContaining('--regions=europe-west1'),
    );
  });

  test('is destroyed by one command', async () => {
    const tools = new FakeTools(NOTHING_LEFT);
    expect(await fulfil(wish('destroy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
    expect(withoutInstall(tools.acts)).toEqual([
      'pulumi stack select mpcomm',
      'pulumi destroy --stack mpcomm --yes --skip-preview',
    ]);
    expect(tools.said).toContain('Destroyed.');
  });

  test('is not called destroyed while something is there that costs', async () => {
    const tools = new FakeTools({
      ...NOTHING_LEFT,
      'gcloud compute instance-groups managed list': { output: 'mpcomm-peer-1  us-west1-b\n' },
      // One of that group, and one of none.
      'gcloud compute instances list': {
        output: 'mpcomm-peer-1-x7kq  us-west1-b\nmpcomm-peer-10-ab12  me-west1-a\n',
      },
      'gcloud storage buckets describe gs://my-laboratory-mpcomm-artifacts': {
        status: 1,
        errors: 'PERMISSION_DENIED: no\n',
      },
    });
    expect(await fulfil(wish('destroy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.said).not.toContain('Destroyed.');
    const cures = tools.said.match(/^ {4}gcloud .*$/gm)!.map((line) => line.trim());
    expect(cures).toEqual([
      'gcloud compute instance-groups managed delete mpcomm-peer-1 --zone=us-west1-b --quiet ' +
        '--project=my-laboratory',
      'gcloud compute instances delete mpcomm-peer-10-ab12 --zone=me-west1-a --quiet ' +
        '--project=my-laboratory',
    ]);
    expect(tools.said).toContain(
      'Not verified: whether the bucket is left: PERMISSION_DENIED: no.',
    );
  });

  test('is looked for where it was deployed', async () => {
    const region = JSON.stringify({
      'mpcomm:region': { value: 'europe-west1' },
      'mpcomm:project': { value: 'my-laboratory' },
    });
    const tools = new FakeTools({
      ...NOTHING_LEFT,
      'pulumi config --json': { output: region },
      'gcloud functions list': { output: 'run\n' },
    });
    expect(await fulfil(wish('destroy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.said).toContain('gcloud functions delete run --v2 --region=europe-west1 --quiet');
  });
});

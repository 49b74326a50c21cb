import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { explainDeployFailure } from '../../scripts/deployment/explain-failure.ts';
import { fulfil } from '../../scripts/deploy.ts';
import { parseWish, type Wish } from '../../scripts/deployment/wish.ts';
import { FakeTools, type Answers } from '../support/fake-tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLACE = ['--project', 'my-laboratory'];

function wish(...options: string[]): Wish {
  return parseWish(options, {});
}

describe('what only time mends', () => {
  const DENIED =
    'Error creating function: googleapi: Error 400: Validation failed for trigger projects/p/locations/l/triggers/t: ' +
    'Invalid resource state for "": Permission denied while using the Eventarc Service Agent. If you recently ...';

  test('is tried again after a pause, and a stated number of times', async () => {
    const passing = new FakeTools({ 'pulumi up': [{ status: 1, output: DENIED }, { status: 0 }] });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), passing, ROOT)).toBe(0);
    expect(passing.acts.filter((call) => call.startsWith('pulumi up'))).toHaveLength(2);
    const staying = new FakeTools({ 'pulumi up': { status: 1, output: DENIED } });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), staying, ROOT)).toBe(1);
    expect(staying.acts.filter((call) => call.startsWith('pulumi up'))).toHaveLength(4);
    expect(staying.pausedMs).toBeGreaterThan(7 * 60_000);
  });

  test('is not waited for beside what time does not mend', async () => {
    const both = `${DENIED}\nError 400: User nobody@example.org does not exist., badRequest`;
    const tools = new FakeTools({ 'pulumi up': { status: 1, output: both } });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.pausedMs).toBe(0);
    expect(tools.said).toContain('nobody@example.org is no Google account');
  });

  test.each([
    [
      'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end',
      'PULUMI_BACKEND_URL=gs://my-laboratory-mpcomm-state pulumi cancel --stack mpcomm',
    ],
    ["googleapi: Error 409: Resource 'mpcomm' already exists, alreadyExists", 'pulumi refresh'],
    [
      'Build failed: due to quota restrictions, Cloud Build cannot run builds in this region',
      '--region of us-central1, us-west2',
    ],
    [
      'Error 400: Constraint constraints/iam.allowedPolicyMemberDomains violated',
      'iam.allowedPolicyMemberDomains',
    ],
  ])('%s has its cure', async (output, cure) => {
    const tools = new FakeTools({ 'pulumi up': { status: 1, output } });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.said).toContain(cure);
    expect(tools.pausedMs).toBe(0);
  });
});

test('a refusal is that of an account, unless something else explains it', () => {
  const place = {
    project: 'my-laboratory',
    state: 'gs://s',
    stack: 'mpcomm',
    region: 'us-central1',
  };
  const [refused] = explainDeployFailure('googleapi: Error 403: forbidden', place);
  expect(refused).toMatchObject({ passes: false, what: expect.stringContaining('lacks a right') });
  const passing = 'Error 403: Permission denied while using the Eventarc Service Agent';
  expect(explainDeployFailure(passing, place).map(({ passes }) => passes)).toEqual([true]);
});

describe('a function whose build failed', () => {
  const FAILED = 'compare  FAILED\nexit  ACTIVE\nexpire  ACTIVE\nrun  ACTIVE\n';
  const ACTIVE = FAILED.replace('FAILED', 'ACTIVE');

  test('is deleted before Pulumi would call it a success, which then looks what there is', async () => {
    const tools = new FakeTools({
      'gcloud functions list': [{ output: FAILED }, { output: FAILED }, { output: ACTIVE }],
    });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
    expect(tools.acts.slice(-3, -1)).toEqual([
      'gcloud functions delete compare --v2 --region=us-central1 --project=my-laboratory --quiet',
      'pulumi up --stack mpcomm --yes --skip-preview --refresh',
    ]);
  });

  test('that is still being built is waited for', async () => {
    const building = FAILED.replace('FAILED', 'DEPLOYING');
    const tools = new FakeTools({
      'gcloud functions list': [{ output: building }, { output: ACTIVE }],
    });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
    expect(tools.said).toContain('Still being built: compare; waiting ...');
    expect(tools.pausedMs).toBeGreaterThan(0);
  });

  test('is no deployment, whatever Pulumi says', async () => {
    const tools = new FakeTools({
      'gcloud functions list': [{ output: ACTIVE }, { output: ACTIVE }, { output: FAILED }],
    });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.said).toContain('Not deployed: of the functions, compare is FAILED.');
    expect(tools.said).not.toContain('Deployed.');
  });
});

describe('the secret', () => {
  const deployed = async (answers: Answers, ...options: string[]) => {
    const tools = new FakeTools(answers);
    const status = await fulfil(wish('deploy', ...PLACE, '--yes', ...options), tools, ROOT);
    const config = tools.acts.find((call) => call.startsWith('pulumi config set-all'));
    const added = tools.acts.some((call) => call.includes('versions add'));
    return {
      status,
      added,
      said: tools.said,
      number: /secretVersion=(\d+)/.exec(config ?? '')?.[1],
    };
  };

  test('that has a version stays as it is, and peers read that one', async () => {
    const list = { output: '3  ENABLED\n2  ENABLED\n1  DISABLED\n' };
    expect(await deployed({ 'gcloud secrets versions list': list })).toMatchObject({
      status: 0,
      added: false,
      number: '3',
    });
  });

  test('is changed on request: peers read the new version, by its number', async () => {
    const list = { output: '3  ENABLED\n' };
    const answers = {
      'gcloud secrets versions list': list,
      'gcloud secrets versions add': { output: '4\n' },
    };
    expect(await deployed(answers, '--new-secret')).toMatchObject({
      status: 0,
      added: true,
      number: '4',
    });
  });

  test('whose versions are all disabled gets the next one', async () => {
    const answers = {
      'gcloud secrets versions list': { output: '2  DISABLED\n1  DESTROYED\n' },
      'gcloud secrets versions add': { output: '3\n' },
    };
    expect(await deployed(answers)).toMatchObject({ status: 0, added: true, number: '3' });
  });

  test('gets no second version where the first could not be seen', async () => {
    const list = { status: 1, errors: 'UNAVAILABLE' };
    const { status, added, said } = await deployed({ 'gcloud secrets versions list': list });
    expect([status, added]).toEqual([1, false]);
    expect(said).toContain('UNAVAILABLE');
  });

  test.each([
    [{ status: 1, errors: 'PERMISSION_DENIED' }, 'PERMISSION_DENIED'],
    [{ output: '2\n' }, 'has the number 2, and peers wait for 1'],
  ])('%j leaves peers waiting, and that is said', async (add, message) => {
    const { status, said } = await deployed({ 'gcloud secrets versions add': add });
    expect(status).toBe(1);
    expect(said).toContain(message);
  });
});

describe('the quota of processors', () => {
  const quota = (limit: number, usage = 0) => ({
    'gcloud compute project-info': {
      output: JSON.stringify({ quotas: [{ metric: 'CPUS_ALL_REGIONS', limit, usage }] }),
    },
  });
  const NOBODY = { 'gcloud compute instances list': { output: '' } };

  test.each([
    [12, '--peers 6 fits'],
    [8, '--peers 4 fits'],
    [2, 'ask for more'],
  ])('of %d is too small for eight peers, and what fits is said', async (limit, cure) => {
    const tools = new FakeTools({ ...quota(limit), ...NOBODY });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.said).toContain('8 machines of type e2-micro are 16 vCPUs');
    expect(tools.said).toContain(cure);
    expect(tools.acts.filter((call) => call.startsWith('pulumi up'))).toEqual([]);
  });

  test('is told by a check as well', async () => {
    const tools = new FakeTools({ ...quota(12), ...NOBODY });
    expect(await fulfil(wish('deploy', ...PLACE, '--check'), tools, ROOT)).toBe(1);
    expect(tools.said).toContain('--peers 6 fits');
  });

  test('does not count the laboratory that is there already against itself', async () => {
    const tools = new FakeTools(quota(16, 4));
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
  });

  test('stops nothing where it is not told, and that is said at the end', async () => {
    const tools = new FakeTools({
      'gcloud compute project-info': { status: 1, errors: 'PERMISSION_DENIED: no\nmore' },
    });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
    expect(tools.said).toContain(
      'Not verified: whether the quota of vCPUs suffices: PERMISSION_DENIED: no;',
    );
  });
});

describe('a peer without a machine', () => {
  test('is named, with what its group says, and the status is not that of a success', async () => {
    const tools = new FakeTools({
      'gcloud compute instances list': { output: 'mpcomm-peer-0-x7kq\nmpcomm-peer-10-x7kq\n' },
      'gcloud compute instance-groups managed list-errors mpcomm-peer-1': {
        output: "Quota 'CPUS_ALL_REGIONS' exceeded. Limit: 2.0 globally.\n",
      },
    });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(1);
    expect(tools.said).toContain(
      "peer-1 in me-west1-a has no machine: Quota 'CPUS_ALL_REGIONS' exceeded. Limit: 2.0 globally.",
    );
    expect(tools.said).not.toContain('peer-0 in');
    expect(tools.pausedMs).toBeGreaterThan(0);
  });
});

describe('the job of mpcomm check', () => {
  const DIGEST = `sha256:${'d'.repeat(64)}`;
  const deployed = async (digest: string | null, remembered: object, ...options: string[]) => {
    const settings = Object.entries(remembered).map(([name, value]) => [
      `mpcomm:${name}`,
      { value },
    ]);
    const tools = new FakeTools({
      'pulumi config --json': { output: JSON.stringify(Object.fromEntries(settings)) },
    });
    tools.digest = digest;
    expect(await fulfil(wish('deploy', ...PLACE, '--yes', ...options), tools, ROOT)).toBe(0);
    const config = tools.acts.find((call) => call.startsWith('pulumi config set-all'));
    return { image: /checkImage=(\S+)/.exec(config ?? '')?.[1], ...tools };
  };

  test('runs in the image that its tag means now, by its digest', async () => {
    const { image, said } = await deployed(DIGEST, {}, '--check-job', 'true');
    expect(image).toBe(`docker.io/library/node@${DIGEST}`);
    expect(said).not.toContain('which image');
  });

  test('keeps the image that it has, or takes the tag, where the registry does not tell; and says so', async () => {
    const checkImage = `docker.io/library/node@sha256:${'1'.repeat(64)}`;
    const kept = await deployed(null, { checkJob: 'true', checkImage });
    expect(kept.image).toBe(checkImage);
    expect(kept.said).toMatch(
      /Not verified: which image .* does not answer.* runs in docker\.io\//,
    );
    const first = await deployed(null, {}, '--check-job', 'true');
    expect(first.image).toMatch(/^docker\.io\/library\/node:[\d.]+-slim$/);
  });

  test('is asked nothing of where there is to be none', async () => {
    const { image, calls } = await deployed(DIGEST, {});
    expect(image).toBeUndefined();
    expect(calls.join('\n')).not.toContain('digest');
  });
});

import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fulfil } from '../../scripts/deploy.ts';
import { parseWish, type Wish } from '../../scripts/deployment/wish.ts';
import type { Called, CallOptions, Tools } from '../../scripts/tools.ts';

const ROOT = join(import.meta.dirname, '../..');
const PLACE = ['--project', 'my-laboratory'];

/** What the programs answer, by the first words of the command; what is not listed succeeds. */
type Answer = Partial<Called>;
/** Several answers are given in turn, and the last one from then on. */
type Answers = Readonly<Record<string, Answer | readonly Answer[]>>;

const READY: Answers = {
  'gcloud auth list': { output: 'alice@example.org\n' },
  'gcloud billing projects describe': { output: 'True\n' },
  'gcloud services list': {
    output:
      'cloudbilling.googleapis.com\ncloudresourcemanager.googleapis.com\n' +
      'compute.googleapis.com\nserviceusage.googleapis.com\n',
  },
  'gcloud compute project-info': {
    output: JSON.stringify({ quotas: [{ metric: 'CPUS_ALL_REGIONS', limit: 32, usage: 0 }] }),
  },
  'gcloud compute machine-types': { output: '2\n' },
  'gcloud compute instances list': { output: 'mpcomm-peer-0-x7kq\nmpcomm-peer-1-ab12\n' },
  'gcloud functions list': {
    output: 'compare  ACTIVE\nexit  ACTIVE\nexpire  ACTIVE\nrun  ACTIVE\n',
  },
  'gcloud secrets versions list': { status: 1, errors: 'NOT_FOUND: Secret not found' },
  'gcloud secrets versions add': { output: '1\n' },
  'pulumi config --json': { output: '{}' },
  'pulumi stack output peers': {
    output: '["peer-0 in us-west1-b","peer-1 in me-west1-a"]',
  },
};

/** Stands in for gcloud, pulumi and npm, and notes every call. */
class FakeTools implements Tools {
  readonly calls: string[] = [];
  readonly inputs: string[] = [];
  readonly environments: NonNullable<CallOptions['environment']>[] = [];
  said = '';
  confirms = true;
  pausedMs = 0;
  readonly #answers: Answers;
  readonly #given = new Map<string, number>();

  constructor(answers: Answers = {}) {
    this.#answers = { ...READY, ...answers };
  }

  async ask(command: string, options: readonly string[], call: CallOptions = {}): Promise<Called> {
    const line = [command, ...options].join(' ');
    this.calls.push(line);
    if (call.input !== undefined) this.inputs.push(call.input);
    const known = Object.keys(this.#answers).find((start) => line.startsWith(start));
    return { status: 0, output: '', errors: '', ...(known && this.#answerOf(known)) };
  }

  #answerOf(start: string): Answer {
    const answers = this.#answers[start]!;
    if (!Array.isArray(answers)) return answers as Answer;
    const given = this.#given.get(start) ?? 0;
    this.#given.set(start, given + 1);
    return (answers as readonly Answer[])[Math.min(given, answers.length - 1)]!;
  }

  tell(command: string, options: readonly string[], call?: CallOptions): Promise<Called> {
    return this.ask(command, options, call);
  }

  async confirm(question: string): Promise<boolean> {
    this.calls.push(`confirm: ${question}`);
    return this.confirms;
  }

  async pause(ms: number): Promise<void> {
    this.pausedMs += ms;
  }

  async show(command: string, options: readonly string[], call?: CallOptions): Promise<number> {
    if (call?.environment) this.environments.push(call.environment);
    return (await this.ask(command, options, call)).status ?? 127;
  }

  say(text: string): void {
    this.said += `${text}\n`;
  }

  /** The calls that change something, or ask the user. */
  get acts(): string[] {
    return this.calls.filter((call) =>
      /^(?:pulumi (?!version|config --json|stack output)|npm|confirm|gcloud secrets|gcloud functions delete)/.test(
        call,
      ),
    );
  }
}

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
    // Which version of the secret there is to be read, a deployment finds out.
    const known = [...list!.matchAll(/'(\w+)'/g)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'secretVersion');
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
    expect(tools.acts.slice(-2)).toEqual([
      'pulumi preview --stack mpcomm',
      'confirm: Do you want to perform this update?',
    ]);
    expect(tools.said).toContain('Nothing was changed.');
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
    const tools = new FakeTools();
    expect(await fulfil(wish('destroy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
    expect(withoutInstall(tools.acts)).toEqual([
      'pulumi stack select mpcomm',
      'pulumi destroy --stack mpcomm --yes --skip-preview',
    ]);
    expect(tools.said).toContain('Destroyed.');
  });
});

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

describe('a function whose build failed', () => {
  const FAILED = 'compare  FAILED\nexit  ACTIVE\nexpire  ACTIVE\nrun  ACTIVE\n';
  const ACTIVE = FAILED.replace('FAILED', 'ACTIVE');

  test('is deleted before Pulumi would call it a success, which then looks what there is', async () => {
    const tools = new FakeTools({
      'gcloud functions list': [{ output: FAILED }, { output: ACTIVE }],
    });
    expect(await fulfil(wish('deploy', ...PLACE, '--yes'), tools, ROOT)).toBe(0);
    expect(tools.acts.slice(-3, -1)).toEqual([
      'gcloud functions delete compare --v2 --region=us-central1 --project=my-laboratory --quiet',
      'pulumi up --stack mpcomm --yes --skip-preview --refresh',
    ]);
  });

  test('is no deployment, whatever Pulumi says', async () => {
    const tools = new FakeTools({
      'gcloud functions list': [{ output: ACTIVE }, { output: FAILED }],
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

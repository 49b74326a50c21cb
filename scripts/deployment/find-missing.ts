import type { Tools } from '../tools.ts';

/** Something that a deployment cannot do without, and what to do about it. */
export interface Missing {
  readonly what: string;
  readonly cure: string;
}

export interface DeployedPlace {
  readonly project: string;
  /** Where Pulumi keeps what it knows: a bucket, as gs://NAME. */
  readonly state: string;
  readonly region: string;
}

/**
 * APIs through which the others are turned on, which Pulumi cannot do for itself, and those of checks: who
 * pays, and how many processors the project may have.
 */
const FIRST_APIS = [
  'cloudbilling.googleapis.com',
  'cloudresourcemanager.googleapis.com',
  'compute.googleapis.com',
  'serviceusage.googleapis.com',
];

/** All that is missing, at once: nobody wants to learn it line by line. */
export async function findMissing(tools: Tools, place: DeployedPlace): Promise<Missing[]> {
  const missing = await findMissingPrograms(tools);
  if (missing.some(({ what }) => what.includes('gcloud'))) return missing;
  const account = await findMissingAccount(tools);
  // Without an account every further question would be answered with no.
  if (typeof account !== 'string') return [...missing, account];
  return [...missing, ...(await findMissingInProject(tools, place, account))];
}

async function findMissingPrograms(tools: Tools): Promise<Missing[]> {
  const [gcloud, pulumi] = await Promise.all([
    tools.ask('gcloud', ['--version']),
    tools.ask('pulumi', ['version']),
  ]);
  return [
    ...unless(gcloud.status === 0, {
      what: 'the command gcloud is not there, or does not work',
      cure: 'install the Google Cloud CLI: https://cloud.google.com/sdk/docs/install',
    }),
    ...unless(pulumi.status === 0, {
      what: 'the command pulumi is not there, or does not work',
      cure: 'install Pulumi: https://www.pulumi.com/docs/install/ (no account with Pulumi is needed)',
    }),
  ];
}

/** A token of the application-default credentials; what is missing, where there are none. */
async function findMissingAccount(tools: Tools): Promise<Missing | string> {
  const list = ['auth', 'list', '--filter=status:ACTIVE', '--format=value(account)'];
  const account = await tools.ask('gcloud', list);
  if (account.status !== 0 || account.output.trim() === '') {
    return { what: 'gcloud is logged in with no account', cure: 'gcloud auth login' };
  }
  const token = await tools.ask('gcloud', ['auth', 'application-default', 'print-access-token']);
  if (token.status === 0) return token.output.trim();
  return {
    what: 'there are no application-default credentials, with which Pulumi works',
    cure: 'gcloud auth application-default login',
  };
}

async function findMissingInProject(
  tools: Tools,
  { project, state, region }: DeployedPlace,
  token: string,
): Promise<Missing[]> {
  const describe = ['projects', 'describe', project, '--format=value(name)'];
  const [found, foundByPulumi] = await Promise.all([
    tools.ask('gcloud', describe),
    tools.ask('gcloud', describe, { environment: { CLOUDSDK_AUTH_ACCESS_TOKEN: token } }),
  ]);
  if (found.status !== 0) {
    return [
      {
        what: `there is no project ${project}, or this account may not see it`,
        cure:
          `gcloud projects create ${project} (an id is unique among the projects of all people: where that one is taken, ` +
          'choose another), or gcloud auth login with another account',
      },
    ];
  }
  if (foundByPulumi.status !== 0) {
    return [
      {
        what:
          `the application-default credentials, with which Pulumi works, may not see project ${project}, ` +
          'and the account of gcloud may: they are of two people',
        cure: `gcloud auth application-default login, with the account that gcloud auth list shows as active`,
      },
    ];
  }
  const [billing, services, bucket] = await Promise.all([
    tools.ask('gcloud', [
      'billing',
      'projects',
      'describe',
      project,
      '--format=value(billingEnabled)',
    ]),
    tools.ask('gcloud', [
      ...['services', 'list', '--enabled', `--project=${project}`],
      '--format=value(config.name)',
    ]),
    tools.ask('gcloud', ['storage', 'buckets', 'describe', state, '--format=value(name)']),
  ]);
  const enabled = services.output.split(/\s+/);
  const off = FIRST_APIS.filter((api) => !enabled.includes(api));
  return [
    // Where the question itself was refused, the API that answers it is off, as the next line says.
    ...unless(billing.output.trim() === 'True' || (billing.status !== 0 && off.length > 0), {
      what: `no billing account pays for ${project}${billing.status === 0 ? '' : ', or this account may not see it'}`,
      cure: `gcloud billing projects link ${project} --billing-account=0A1B2C-3D4E5F-678901`,
    }),
    ...unless(off.length === 0, {
      what: `${off.join(' and ')} ${off.length === 1 ? 'is' : 'are'} off`,
      cure: `gcloud services enable ${off.join(' ')} --project=${project}`,
    }),
    ...unless(bucket.status === 0, {
      what: `there is no bucket ${state} for Pulumi's state`,
      cure:
        `gcloud storage buckets create ${state} --project=${project} --location=${region} ` +
        '--uniform-bucket-level-access --public-access-prevention',
    }),
  ];
}

function unless(holds: boolean, missing: Missing): Missing[] {
  return holds ? [] : [missing];
}

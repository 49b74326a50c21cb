import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findMissing } from './deployment-checks.ts';
import { realTools, type Tools } from './tools.ts';

const STACK_DEFAULT = 'mpcomm';
const REGION_DEFAULT = 'us-central1';
const PROJECT_FORM = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const STATE_FORM = /^gs:\/\/[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;

/** As many as SHA-256 has; written as text, because the daemon reads a text. */
const SECRET_BYTES = 32;

/** Options of the command that become settings of the stack (infra/configuration.ts checks them). */
const SETTINGS: Readonly<Record<string, string>> = {
  project: 'project',
  region: 'region',
  zones: 'zones',
  peers: 'peers',
  'machine-type': 'machineType',
  spot: 'spot',
  invokers: 'invokers',
  'billing-account': 'billingAccount',
  'budget-per-month': 'budgetPerMonth',
  database: 'database',
  'udp-port': 'udpPort',
};

const USAGE = `npm run deploy -- --project ID [--billing-account ID --invokers ADDRESS,...] [--yes]
npm run destroy -- --project ID [--yes]

  --project ID            the Google Cloud project; or MPCOMM_PROJECT
  --billing-account ID    whose owners the budget tells; needed the first time
  --invokers LIST         addresses of the people who may begin runs; needed the first time
  --zones LIST            one peer in each; default: the eight of the published experiments
  --peers N               more peers than zones, 2 to 32
  --machine-type TYPE     default e2-micro
  --spot true|false       default true
  --region REGION         of functions and database; default us-central1
  --budget-per-month N    default 25, in the billing account's currency
  --database ID           default (default)
  --udp-port N            default 4710
  --state gs://BUCKET     where Pulumi keeps its state; default gs://PROJECT-mpcomm-state
  --stack NAME            default mpcomm
  --check                 says what is missing, and does nothing
  --refresh               looks first at what there really is, where something was changed by hand
  --yes                   does not ask before it changes anything

What was said once is remembered in infra/, until it is said again. See docs/deploy.md.`;

/** What the command line asked for. */
export interface Wish {
  readonly action: 'deploy' | 'destroy';
  readonly project: string;
  readonly state: string;
  readonly stack: string;
  readonly region: string;
  /** Settings of the stack that were given, by their names there. */
  readonly settings: Readonly<Record<string, string>>;
  readonly onlyCheck: boolean;
  readonly refresh: boolean;
  readonly yes: boolean;
}

/** A wish that cannot be fulfilled as it stands. */
export class WishError extends Error {
  override name = 'WishError';
}

/** Reads the command line; throws a `WishError` that says what is wrong with it. */
export function parseWish(
  options: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Wish {
  const texts = Object.keys(SETTINGS).concat('state', 'stack');
  const { values, positionals } = parse(options, texts);
  const given = (name: string) => values[name] as string | undefined;
  const [action, ...rest] = positionals;
  if ((action !== 'deploy' && action !== 'destroy') || rest.length > 0) throw new WishError(USAGE);
  const project = given('project') ?? environment['MPCOMM_PROJECT'];
  if (project === undefined) throw new WishError(`--project is missing\n\n${USAGE}`);
  if (!PROJECT_FORM.test(project)) {
    throw new WishError(`--project is "${project}"; it is an id: 6 to 30 of a-z, 0-9 and -`);
  }
  const state = given('state') ?? `gs://${project}-mpcomm-state`;
  if (!STATE_FORM.test(state)) throw new WishError(`--state is "${state}"; it is gs://BUCKET`);
  const settings = Object.entries(SETTINGS).flatMap(([option, setting]) => {
    const value = option === 'project' ? project : given(option);
    return value === undefined ? [] : [[setting, value] as const];
  });
  return {
    action,
    project,
    state,
    stack: given('stack') ?? STACK_DEFAULT,
    region: given('region') ?? REGION_DEFAULT,
    settings: Object.fromEntries(settings),
    onlyCheck: values['check'] === true,
    refresh: values['refresh'] === true,
    yes: values['yes'] === true,
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

function parse(args: readonly string[], texts: readonly string[]): Parsed {
  const options: Record<string, { type: 'boolean' | 'string' }> = {
    check: { type: 'boolean' },
    refresh: { type: 'boolean' },
    yes: { type: 'boolean' },
  };
  for (const name of texts) options[name] = { type: 'string' };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new WishError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** Fulfils a wish with `tools`, from the project at `root`; gives the status to end with. */
export async function fulfil(wish: Wish, tools: Tools, root: string): Promise<number> {
  const missing = await findMissing(tools, wish);
  for (const { what, cure } of missing) tools.say(`missing: ${what}\n    ${cure}`);
  if (missing.length > 0) return 1;
  tools.say(`ready: gcloud, pulumi, project ${wish.project}, state in ${wish.state}`);
  if (wish.onlyCheck) return 0;
  return wish.action === 'deploy' ? deploy(wish, tools, root) : destroy(wish, tools, root);
}

async function deploy(wish: Wish, tools: Tools, root: string): Promise<number> {
  const pulumi = pulumiOf(wish, tools, root);
  const settings = Object.entries(wish.settings).flatMap(([name, value]) => [
    '--plaintext',
    `${name}=${value}`,
  ]);
  const steps = [
    () => tools.show('npm', ['run', 'build'], { directory: root }),
    () => installInfra(tools, root),
    () => pulumi(['stack', 'select', '--create', wish.stack]),
    () => pulumi(['config', 'set-all', '--stack', wish.stack, ...settings]),
    () => pulumi(['up', '--stack', wish.stack, ...flagsOf(wish)]),
    () => addSecret(wish, tools),
  ];
  for (const step of steps) {
    const status = await step();
    if (status !== 0) return status;
  }
  tools.say(
    `\nDeployed. Peers take two minutes more to start; then, for example:\n` +
      `  npx mpcomm run 8 100 --backend gcp --project ${wish.project}\n` +
      `It costs by the hour until npm run destroy -- --project ${wish.project}`,
  );
  return 0;
}

async function destroy(wish: Wish, tools: Tools, root: string): Promise<number> {
  const pulumi = pulumiOf(wish, tools, root);
  const steps = [
    () => installInfra(tools, root),
    () => pulumi(['stack', 'select', wish.stack]),
    () => pulumi(['destroy', '--stack', wish.stack, ...flagsOf(wish)]),
  ];
  for (const step of steps) {
    const status = await step();
    if (status !== 0) return status;
  }
  tools.say(
    `\nDestroyed. What is left costs next to nothing: the state in ${wish.state}, and the bucket\n` +
      `gcf-v2-sources-... that Cloud Functions made; docs/deploy.md says how to remove them.`,
  );
  return 0;
}

function flagsOf({ yes, refresh }: Wish): string[] {
  return [...(yes ? ['--yes'] : []), ...(refresh ? ['--refresh'] : [])];
}

/** The packages of infra/, from its own lockfile, unless they are there. */
async function installInfra(tools: Tools, root: string): Promise<number> {
  const directory = join(root, 'infra');
  if (existsSync(join(directory, 'node_modules/@pulumi/gcp'))) return 0;
  return tools.show('npm', ['ci', '--no-audit', '--no-fund'], { directory });
}

/** Pulumi on a state bucket. It is asked for a passphrase that nothing needs: the state holds no secret. */
function pulumiOf(
  { state, project }: Wish,
  tools: Tools,
  root: string,
): (options: readonly string[]) => Promise<number> {
  const environment = {
    PULUMI_BACKEND_URL: state,
    PULUMI_CONFIG_PASSPHRASE: process.env['PULUMI_CONFIG_PASSPHRASE'] ?? '',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    GOOGLE_CLOUD_QUOTA_PROJECT: project,
  };
  return (options) =>
    tools.show('pulumi', options, { directory: join(root, 'infra'), environment });
}

/**
 * Gives the secret its first version, of random bytes that go from here into Secret Manager's hands
 * and nowhere else. Machines wait for it.
 */
async function addSecret({ project, stack }: Wish, tools: Tools): Promise<number> {
  const secret = 'mpcomm-datagram-secret';
  const place = [secret, `--project=${project}`];
  const listed = await tools.ask('gcloud', [
    ...['secrets', 'versions', 'list', ...place],
    ...['--filter=state:enabled', '--limit=1', '--format=value(name)'],
  ]);
  // A second version beside an unseen first would part the machines that start now from the others.
  if (listed.status !== 0) return complainOfSecret(stack, tools, listed.errors);
  if (listed.output.trim() !== '') return 0;
  const input = randomBytes(SECRET_BYTES).toString('base64url');
  const added = await tools.ask(
    'gcloud',
    ['secrets', 'versions', 'add', ...place, '--data-file=-'],
    { input },
  );
  return added.status === 0 ? 0 : complainOfSecret(stack, tools, added.errors);
}

function complainOfSecret(stack: string, tools: Tools, errors: string): number {
  tools.say(
    `The stack ${stack} is there, but whether its secret has a version is not known, and its peers wait ` +
      `for one: ${errors.trim()}\nCall npm run deploy again.`,
  );
  return 1;
}

if (import.meta.main) {
  try {
    const wish = parseWish(process.argv.slice(2), process.env);
    process.exitCode = await fulfil(wish, realTools, resolve(import.meta.dirname, '..'));
  } catch (error) {
    if (!(error instanceof WishError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}

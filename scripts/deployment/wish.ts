import { parseArgs } from 'node:util';

const STACK_DEFAULT = 'mpcomm';
/** Google's own name for it, which infra/configuration.ts has by default as well. */
export const DATABASE_DEFAULT = '(default)';
const REGION_DEFAULT = 'us-central1';
const PROJECT_FORM = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const STATE_FORM = /^gs:\/\/[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;

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
  'check-job': 'checkJob',
};

export const USAGE = `npm run deploy -- --project ID [--billing-account ID --invokers ADDRESS,...] [--yes]
npm run destroy -- --project ID [--yes]

  --project ID            the Google Cloud project; or MPCOMM_PROJECT
  --billing-account ID    whose owners the budget tells; needed the first time
  --invokers LIST         addresses of the people who may begin runs; needed the first time
  --zones LIST            one peer in each; default: the eight of the published experiments
  --peers N               2 to 64; fewer than the eight zones take the first of them
  --machine-type TYPE     default e2-micro
  --spot true|false       default true
  --region REGION         of functions and database; default us-central1
  --budget-per-month N    default 25, in the billing account's currency
  --database ID           default (default)
  --udp-port N            default 4710
  --check-job true|false  a job for mpcomm check --backend gcp; default false
  --state gs://BUCKET     where Pulumi keeps its state; default gs://PROJECT-mpcomm-state
  --stack NAME            default mpcomm
  --new-secret            gives the peers another secret, and makes their machines anew
  --check                 says what is missing, and does nothing
  --refresh               looks first at what there really is, where something was changed by hand
  --yes                   does not ask before it changes anything; waits for a run under way
  --help                  says this

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
  readonly newSecret: boolean;
  readonly onlyCheck: boolean;
  readonly refresh: boolean;
  readonly yes: boolean;
}

/** A wish that cannot be fulfilled as it stands. */
export class WishError extends Error {
  override name = 'WishError';
}

/** Whether somebody wants to be told what can be said, whatever else was said. */
export function asksForHelp(options: readonly string[]): boolean {
  return options.includes('--help') || options.includes('-h');
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
    newSecret: values['new-secret'] === true,
    onlyCheck: values['check'] === true,
    refresh: values['refresh'] === true,
    yes: values['yes'] === true,
  };
}

interface Parsed {
  readonly values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

const FLAGS = ['check', 'new-secret', 'refresh', 'yes'];

function parse(args: readonly string[], texts: readonly string[]): Parsed {
  const options: Record<string, { type: 'boolean' | 'string' }> = {};
  for (const name of FLAGS) options[name] = { type: 'boolean' };
  for (const name of texts) options[name] = { type: 'string' };
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new WishError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

/** How a command says whose stack it means; nothing for the one that is meant anyway. */
export function ofStack({ stack }: Pick<Wish, 'stack'>): string {
  return stack === STACK_DEFAULT ? '' : ` --stack ${stack}`;
}

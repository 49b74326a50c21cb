import { InvalidArgumentError, Option, type Command } from 'commander';
import { REGION_DEFAULT } from '../../gcp/region-default.ts';
import { Failure } from '../shell/failure.ts';

/** Options of every command that can reach a laboratory on Google Cloud. */
export interface CloudOptions {
  readonly project?: string;
  readonly region?: string;
  /** Addresses of the functions, where they are not the ones that their names give. */
  readonly runUrl?: string;
  readonly exitUrl?: string;
  /** A service account to act as. */
  readonly impersonate?: string;
}

/** The same with the project known and the region chosen. */
export interface CloudSettings extends CloudOptions {
  readonly project: string;
  readonly region: string;
}

/** Whether what was typed means the laboratory in the cloud. */
type MeansCloud = (options: { readonly backend?: string; readonly resume?: string }) => boolean;

/**
 * Adds the options; each has a variable of the environment, so that a shell can set them once. One that was typed for a
 * command that does not go to the cloud is refused: its figures would be taken for measured ones.
 */
export function withCloud(
  command: Command,
  meansCloud: MeansCloud = ({ backend }) => backend === 'gcp',
): Command {
  const before = new Set(command.options);
  addCloudOptions(command);
  const added = command.options.filter((option) => !before.has(option));
  return command.hook('preAction', () => {
    if (meansCloud(command.opts())) return;
    const isTyped = (option: Option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli';
    const typed = added.find(isTyped);
    if (typed !== undefined) throw new Failure(`${typed.long} is for --backend gcp; add that`);
  });
}

function addCloudOptions(command: Command): void {
  command
    .addOption(
      cloudOption('--project <ID>', 'of Google Cloud, for --backend gcp', 'PROJECT', parseProject),
    )
    .addOption(
      cloudOption(
        '--region <REGION>',
        `of the functions (default: "${REGION_DEFAULT}")`,
        'REGION',
        parseRegion,
      ),
    )
    .addOption(
      cloudOption('--run-url <URL>', 'of the function run, if it is another', 'RUN_URL', parseUrl),
    )
    .addOption(
      cloudOption(
        '--exit-url <URL>',
        'of the function exit, if it is another',
        'EXIT_URL',
        parseUrl,
      ),
    )
    .addOption(
      cloudOption(
        '--impersonate <ACCOUNT>',
        'a service account to act as',
        'IMPERSONATE',
        parseAccount,
      ),
    );
}

function cloudOption(
  flags: string,
  description: string,
  variable: string,
  parse: (text: string) => string,
): Option {
  return new Option(flags, description).env(`MPCOMM_${variable}`).argParser(parse);
}

/** Throws `Failure` when no project is named. */
export function cloudSettings(
  options: CloudOptions,
  environment: Readonly<Record<string, string | undefined>>,
): CloudSettings {
  const project = options.project ?? (environment['GOOGLE_CLOUD_PROJECT'] || undefined);
  if (project === undefined) {
    throw new Failure(
      '--backend gcp needs a project: --project ID, or MPCOMM_PROJECT in the environment\n' +
        '  gcloud config get-value project',
    );
  }
  return { ...options, project: parseProject(project), region: options.region ?? REGION_DEFAULT };
}

function parseProject(text: string): string {
  return expectForm(
    text,
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    'a project id: 6 to 30 of a-z, 0-9 and -',
  );
}

function parseRegion(text: string): string {
  return expectForm(
    text,
    /^[a-z]+-[a-z]+[0-9]+$/,
    'a region, such as us-central1 (a zone has a letter more)',
  );
}

function parseAccount(text: string): string {
  return expectForm(
    text,
    /^[a-z0-9-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.gserviceaccount\.com$/,
    'a service account, such as caller@my-project.iam.gserviceaccount.com',
  );
}

/** A token goes to this address: over TLS, or not off this machine. */
function parseUrl(text: string): string {
  const allowed = 'an https:// address (or http://127.0.0.1)';
  const url = URL.canParse(text) ? new URL(text) : null;
  const isLocal = url?.hostname === '127.0.0.1' && url.protocol === 'http:';
  if (url === null || (url.protocol !== 'https:' && !isLocal)) throw refused(text, allowed);
  return text;
}

function expectForm(text: string, form: RegExp, allowed: string): string {
  if (form.test(text)) return text;
  throw refused(text, allowed);
}

function refused(text: string, allowed: string): InvalidArgumentError {
  return new InvalidArgumentError(`"${text}" is not ${allowed}.`);
}

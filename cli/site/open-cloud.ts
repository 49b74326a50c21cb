import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Backend } from '../../control/ports.ts';
import { isOrderingFile } from '../../custom/load-ordering.ts';
import { openBackend } from '../../backend/open-backend.ts';
import type { GoogleApi } from '../../gcp/google-api.ts';
import type { GoogleIdentity } from '../../gcp/google-identity.ts';
import type { Context } from '../shell/context.ts';
import { Failure } from '../shell/failure.ts';
import type { CloudFunctions } from './cloud-functions.ts';
import type { GoogleDoors } from './google-doors.ts';
import { cloudSettings, type CloudOptions, type CloudSettings } from './cloud-options.ts';

const GCLOUD_MS_MAX = 20_000;

/** A laboratory on Google Cloud, as its user reaches it. */
export interface Cloud {
  readonly settings: CloudSettings;
  readonly identity: GoogleIdentity;
  readonly api: GoogleApi;
  readonly functions: CloudFunctions;
  /** Its store explains what Firestore refuses. */
  readonly backend: Backend;
}

export function googleDoors({ google }: Context): GoogleDoors {
  return (
    google ?? { environment: process.env, fetch: globalThis.fetch, openBackend, printIdentityToken }
  );
}

/**
 * Opens the laboratory in a project with this machine's credentials. Nothing is called yet but the
 * token endpoint. Everything about Google is imported here, when it is known to be needed. Throws
 * `Failure` for a project that was not named and `MissingError` for missing credentials.
 */
export async function openCloud(context: Context, options: CloudOptions): Promise<Cloud> {
  const doors = googleDoors(context);
  const { environment, fetch } = doors;
  const settings = cloudSettings(options, environment);
  const { project, impersonate } = settings;
  const [{ openIdentity }, { GoogleApi }, { CloudFunctions }] = await Promise.all([
    import('../../gcp/google-identity.ts'),
    import('../../gcp/google-api.ts'),
    import('./cloud-functions.ts'),
  ]);
  const identity = await openIdentity({
    environment,
    project,
    impersonate,
    fetch: context.google?.fetch,
  });
  // A login that has expired is told here, in the words of the login, and not by the first client.
  await identity.accessToken();
  const api = new GoogleApi(identity, fetch);
  const token = environment['MPCOMM_ID_TOKEN'] || null;
  const { printIdentityToken } = doors;
  const functions = new CloudFunctions({
    settings,
    identity,
    api,
    fetch,
    token,
    printIdentityToken,
  });
  return { settings, identity, api, functions, backend: await openStore(doors, settings) };
}

// Firestore is read as the user themselves: only the functions are called as somebody else.
async function openStore(doors: GoogleDoors, settings: CloudSettings): Promise<Backend> {
  const { ExplainedStore } = await import('../../gcp/explained-store.ts');
  const { project } = settings;
  const backend = await doors.openBackend({
    ...doors.environment,
    MPCOMM_BACKEND: 'gcp',
    MPCOMM_PROJECT: project,
  });
  const database = doors.environment['MPCOMM_DATABASE'] ?? '(default)';
  const store = new ExplainedStore(backend.store, { project, database, who: 'user:YOUR_ADDRESS' });
  const { name, bus, clock } = backend;
  return { name, bus, store, clock, close: () => backend.close() };
}

async function printIdentityToken(): Promise<string | null> {
  try {
    const options = { timeout: GCLOUD_MS_MAX };
    const { stdout } = await promisify(execFile)(
      'gcloud',
      ['auth', 'print-identity-token'],
      options,
    );
    return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(stdout.trim()) ? stdout.trim() : null;
  } catch {
    return null;
  }
}

/** Options that only a laboratory on this machine has. Throws `Failure` for one that was given. */
export function refuseLocalOptions(options: { loss?: number; ordering?: string }): void {
  if (options.loss !== undefined) {
    throw new Failure('--loss is for a laboratory on this machine: the cloud loses what it loses');
  }
  if (options.ordering !== undefined && isOrderingFile(options.ordering)) {
    throw new Failure(
      `--ordering ${options.ordering} is a file, and the deployed peers have only the orderings of the ` +
        'project: enter it in core/orderings/registry.ts and deploy (npm run deploy)',
    );
  }
}

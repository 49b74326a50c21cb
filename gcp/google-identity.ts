import type { AuthClient, GoogleAuth } from 'google-auth-library';
import {
  findCredentials,
  LOGIN,
  nameCredentials,
  type FoundCredentials,
} from './find-credentials.ts';
import { describeApiError, saysApiIsOff } from './api-errors.ts';
import { MissingError } from './missing-error.ts';
import { withDeadline } from './retry.ts';

type Environment = Readonly<Record<string, string | undefined>>;
export type Fetch = typeof globalThis.fetch;

/** A token comes in well under a second; what takes longer than this does not come. */
const TOKEN_MS_MAX = 15_000;
const IAM_CREDENTIALS = 'iamcredentials.googleapis.com';
const SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

export interface IdentityOptions {
  readonly environment: Environment;
  readonly project: string;
  /** A service account to call functions as; the caller needs to make identity tokens for it. */
  readonly impersonate?: string | undefined;
  /** How tokens are asked for; the process's own where it is not given. */
  readonly fetch?: Fetch | undefined;
}

/** Who calls: application-default credentials, and the tokens that they give. */
export interface GoogleIdentity {
  /** The credentials in words, such as `a user (PATH)`. */
  readonly description: string;
  /** A person's own credentials: their identity token is not made for one function. */
  readonly isUser: boolean;
  /** The project that calls of Google's APIs are charged to; `null` where credentials say it themselves. */
  readonly quotaProject: string | null;
  /** Gives a token for Google's own APIs. Throws `MissingError`. */
  accessToken(): Promise<string>;
  /** Gives a token for a function at `audience`. Throws `MissingError`. */
  identityToken(audience: string): Promise<string>;
}

/**
 * Opens the application-default credentials of this machine. The library is loaded only here: what
 * runs on one machine never needs it. Throws `MissingError` when there are none.
 */
export async function openIdentity(options: IdentityOptions): Promise<GoogleIdentity> {
  const found = await findCredentials(options.environment);
  if (found !== null && isOfUser(found)) {
    // The clients of Firestore and Pub/Sub read it when they open their own credentials, after this.
    process.env['GOOGLE_CLOUD_QUOTA_PROJECT'] = quotaProjectOf(options);
  }
  const library = await import('google-auth-library');
  const isInGoogleCloud = library.gcpMetadata.getGCPResidency();
  // Elsewhere the clients would look for a metadata server, for seconds, before they give up.
  if (!isInGoogleCloud) process.env['METADATA_SERVER_DETECTION'] ??= 'none';
  if (found === null && !isInGoogleCloud) {
    throw new MissingError('there are no application-default credentials on this machine', LOGIN);
  }
  const transporterOptions = { timeout: TOKEN_MS_MAX, fetchImplementation: options.fetch };
  const auth = new library.GoogleAuth({
    projectId: options.project,
    scopes: SCOPE,
    clientOptions: options.fetch === undefined ? {} : { transporterOptions },
  });
  return new LibraryIdentity(await clientOf(auth, found), found, options);
}

function isOfUser({ type }: FoundCredentials): boolean {
  return type.endsWith('authorized_user');
}

/**
 * The project to which a person's calls are counted: the laboratory's, whatever gcloud's default was
 * when its login wrote the credentials, even if there was none. A person who names another project in
 * the environment means it. https://cloud.google.com/docs/authentication/adc-troubleshooting/user-creds
 */
function quotaProjectOf({ environment, project }: IdentityOptions): string {
  return environment['GOOGLE_CLOUD_QUOTA_PROJECT'] || project;
}

async function clientOf(auth: GoogleAuth, found: FoundCredentials | null): Promise<AuthClient> {
  const where = found === null ? "this machine's metadata server" : found.path;
  try {
    return await inTime(auth.getClient());
  } catch (error) {
    throw new MissingError(
      `the credentials of ${where} cannot be used: ${messageOf(error)}`,
      LOGIN,
      { cause: error },
    );
  }
}

class LibraryIdentity implements GoogleIdentity {
  readonly description: string;
  readonly isUser: boolean;
  readonly quotaProject: string | null;
  readonly #client: AuthClient;
  readonly #found: FoundCredentials | null;
  readonly #options: IdentityOptions;

  constructor(client: AuthClient, found: FoundCredentials | null, options: IdentityOptions) {
    const { impersonate } = options;
    const self =
      found === null
        ? 'the service account of this machine'
        : `${nameCredentials(found)} (${found.path})`;
    this.description = impersonate === undefined ? self : `${impersonate}, through ${self}`;
    this.#client = client;
    this.#found = found;
    this.#options = options;
    const ofUser = found !== null && isOfUser(found);
    this.isUser = ofUser && impersonate === undefined;
    this.quotaProject = ofUser ? quotaProjectOf(options) : null;
  }

  async accessToken(): Promise<string> {
    const { token } = await this.#ask(async () => this.#client.getAccessToken());
    if (token) return token;
    throw new MissingError(`${this.description} gives no access token`, LOGIN);
  }

  async identityToken(audience: string): Promise<string> {
    const { impersonate } = this.#options;
    if (impersonate !== undefined) return this.#impersonatedToken(impersonate, audience);
    const client = this.#client;
    if (!('fetchIdToken' in client) || typeof client.fetchIdToken !== 'function') {
      throw this.#withoutIdentity('cannot make an identity token');
    }
    const fetchIdToken = client.fetchIdToken.bind(client) as (of: string) => Promise<unknown>;
    const token = await this.#ask(() => fetchIdToken(audience));
    if (typeof token === 'string' && token !== '') return token;
    // The token endpoint leaves out the identity token when the login was without the scope openid.
    throw this.#withoutIdentity(
      'gave no identity token, as after a login without the scope openid',
    );
  }

  /** Asks Google's IAM, which makes a token for callers that may make tokens of that account. */
  async #impersonatedToken(account: string, audience: string): Promise<string> {
    const accessToken = await this.accessToken();
    const { fetch = globalThis.fetch } = this.#options;
    const url = `https://${IAM_CREDENTIALS}/v1/projects/-/serviceAccounts/${account}:generateIdToken`;
    const token = await this.#ask(async () => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ audience, includeEmail: true }),
        signal: AbortSignal.timeout(TOKEN_MS_MAX),
        redirect: 'error',
      });
      const answer = (await response.json().catch(() => ({}))) as { token?: unknown };
      if (typeof answer.token === 'string') return answer.token;
      throw new Error(describeApiError({ status: response.status, json: answer }));
    });
    return token;
  }

  #withoutIdentity(what: string): MissingError {
    return new MissingError(
      `${this.description} ${what}`,
      `log in with its default scopes (${LOGIN}), or act as a service account that may call the ` +
        'functions: --impersonate NAME@PROJECT.iam.gserviceaccount.com',
    );
  }

  async #ask<Result>(question: () => Promise<Result>): Promise<Result> {
    try {
      return await inTime(question());
    } catch (error) {
      throw explainTokenError(error, this.#options, this.description, this.#found);
    }
  }
}

function inTime<Result>(promise: Promise<Result>): Promise<Result> {
  const late = () => new Error(`no answer within ${TOKEN_MS_MAX / 1_000} s`);
  return withDeadline(promise, TOKEN_MS_MAX, late);
}

/** What a refused or unanswered request for a token means, and what helps. */
function explainTokenError(
  error: unknown,
  { impersonate, project }: IdentityOptions,
  who: string,
  found: FoundCredentials | null,
): MissingError {
  const text = messageOf(error);
  const detail = `${text} ${JSON.stringify(dataOf(error) ?? '')}`;
  const cause = { cause: error };
  if (/invalid_grant|invalid_rapt|invalid_client|deleted_client/.test(detail)) {
    const what = `the login in ${found?.path ?? 'the metadata server'} has expired or was revoked`;
    return new MissingError(
      what,
      found?.type === 'service_account' ? 'make a new key' : LOGIN,
      cause,
    );
  }
  if (saysApiIsOff(detail)) {
    const what = `the API ${IAM_CREDENTIALS} is not enabled in project ${project}`;
    const cure = `gcloud services enable ${IAM_CREDENTIALS} --project ${project}`;
    return new MissingError(what, cure, cause);
  }
  if (impersonate !== undefined && /PERMISSION_DENIED|NOT_FOUND|HTTP 40[34]/.test(detail)) {
    return new MissingError(
      `${impersonate} cannot be impersonated: it does not exist, or you may not make tokens for it`,
      `gcloud iam service-accounts add-iam-policy-binding ${impersonate} ` +
        '--member user:YOUR_ADDRESS --role roles/iam.serviceAccountOpenIdTokenCreator',
      cause,
    );
  }
  const cure = 'is this machine online? a proxy goes into HTTPS_PROXY';
  return new MissingError(`no token for ${who}: ${text}`, cure, cause);
}

function dataOf(error: unknown): unknown {
  const response = (error as { response?: { data?: unknown } } | null)?.response;
  return response?.data;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { absentFunction, findFunction, type FoundFunction } from '../../gcp/find-functions.ts';
import type { GoogleApi } from '../../gcp/google-api.ts';
import type { Fetch, GoogleIdentity } from '../../gcp/google-identity.ts';
import { MissingError } from '../../gcp/missing-error.ts';
import type { FunctionAnswer, FunctionName, RemoteFunctions } from './functions-client.ts';
import type { CloudSettings } from './cloud-options.ts';

/** A function that is starting takes some seconds. */
const ASK_MS_MAX = 20_000;
const ASK_ATTEMPTS_MAX = 2;

export interface CloudFunctionsOptions {
  readonly settings: CloudSettings;
  readonly identity: GoogleIdentity;
  readonly api: GoogleApi;
  readonly fetch: Fetch;
  /** An identity token that the user brings along, instead of one that is asked for. */
  readonly token: string | null;
  /** What `gcloud auth print-identity-token` prints; `null` when it cannot. */
  readonly printIdentityToken: () => Promise<string | null>;
}

/**
 * The functions of a laboratory on Google Cloud, called with the user's identity token.
 *
 * An identity token of a service account is made for one function. A person's is not: it names the
 * program that they logged in with. Cloud Run is known to take those of gcloud, which its
 * documentation gives to developers, and those of gcloud's application-default login; when it refuses
 * the latter, the former is tried.
 */
export class CloudFunctions implements RemoteFunctions {
  readonly fetch: Fetch;
  readonly #options: CloudFunctionsOptions;
  readonly #found = new Map<FunctionName, FoundFunction>();
  #gcloudToken: string | null = null;
  #lastToken: string | null = null;

  constructor(options: CloudFunctionsOptions) {
    this.fetch = options.fetch;
    this.#options = options;
  }

  async prepare(name: FunctionName): Promise<{ address: string; headers: Record<string, string> }> {
    const { address, audience } = await this.find(name);
    this.#lastToken = await this.#tokenFor(audience);
    return { address, headers: { authorization: `Bearer ${this.#lastToken}` } };
  }

  /** Asks a function by GET, which it refuses itself; gives its status. Throws what stands in between. */
  async ask(name: FunctionName): Promise<number> {
    for (let attempt = 1; ; attempt += 1) {
      const { address, headers } = await this.prepare(name);
      const signal = AbortSignal.timeout(ASK_MS_MAX);
      const response = await this.fetch(address, { headers, signal, redirect: 'error' });
      await response.arrayBuffer();
      const isOwn = response.headers.get('content-type')?.includes('problem+json') ?? false;
      if (isOwn || attempt === ASK_ATTEMPTS_MAX) return response.status;
      const again = await this.refused(name, { status: response.status, json: null });
      if (again === null) return response.status;
    }
  }

  /** Where a function is; looked up once. */
  async find(name: FunctionName): Promise<FoundFunction> {
    const known = this.#found.get(name);
    if (known !== undefined) return known;
    const { settings, api } = this.#options;
    const given = name === 'run' ? settings.runUrl : settings.exitUrl;
    const found =
      given === undefined
        ? await findFunction(api, { ...settings, name }, this.#member())
        : { address: given, audience: given, verified: false };
    this.#found.set(name, found);
    return found;
  }

  async #tokenFor(audience: string): Promise<string> {
    const { token, identity } = this.#options;
    return token ?? this.#gcloudToken ?? identity.identityToken(audience);
  }

  /** An answer of Google's front end, which the function itself did not give. */
  async refused(name: FunctionName, answer: FunctionAnswer): Promise<'again' | null> {
    const { settings, identity, token, printIdentityToken } = this.#options;
    const { project, region } = settings;
    switch (answer.status) {
      case 401: {
        const mayAsk = identity.isUser && token === null && this.#gcloudToken === null;
        this.#gcloudToken = mayAsk ? await printIdentityToken() : null;
        if (this.#gcloudToken !== null) return 'again';
        throw new MissingError(
          `the function ${name} does not take the identity token of ${token === null ? identity.description : 'MPCOMM_ID_TOKEN'}`,
          'MPCOMM_ID_TOKEN=$(gcloud auth print-identity-token) in front of the command (after gcloud auth ' +
            'login), or act as a service account: --impersonate NAME@PROJECT.iam.gserviceaccount.com',
        );
      }
      case 403:
        throw new MissingError(
          `${this.#member()} may not call the function ${name}`,
          `gcloud run services add-iam-policy-binding ${name} --project ${project} --region ${region} ` +
            `--member ${this.#member()} --role roles/run.invoker`,
        );
      case 404:
        throw absentFunction({ project, region, name });
      default:
        return null;
    }
  }

  /** The caller as IAM names it, by what the last token says of itself. */
  #member(): string {
    const { impersonate } = this.#options.settings;
    if (impersonate !== undefined) return `serviceAccount:${impersonate}`;
    const email = emailOf(this.#lastToken);
    if (email === null) return 'user:YOUR_ADDRESS';
    return email.endsWith('.gserviceaccount.com') ? `serviceAccount:${email}` : `user:${email}`;
  }
}

/** The address in an identity token, which is only shown and so need not be verified. */
export function emailOf(token: string | null): string | null {
  try {
    const payload = Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString('utf8');
    const { email } = JSON.parse(payload) as { email?: unknown };
    return typeof email === 'string' && /^[\w.+-]{1,64}@[\w.-]{1,255}$/.test(email) ? email : null;
  } catch {
    return null;
  }
}

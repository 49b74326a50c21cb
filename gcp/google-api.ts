import type { Fetch, GoogleIdentity } from './google-identity.ts';
import { MissingError } from './missing-error.ts';

/** The longest time for one call: a front end of Google answers in a second or two, or does not. */
const ANSWER_MS_MAX = 10_000;

export interface ApiAnswer {
  readonly status: number;
  /** The body; `null` when it is not JSON. */
  readonly json: unknown;
  /** The server's clock when it answered, in milliseconds since 1970; `null` when it did not say. */
  readonly serverMs: number | null;
  /** This machine's clock half-way between question and answer, to compare the two. */
  readonly askedMs: number;
}

/** Calls Google's own REST APIs, each call with a deadline. */
export class GoogleApi {
  readonly #identity: GoogleIdentity | null;
  readonly #fetch: Fetch;

  /** Without an identity, for an emulator, calls carry no token. */
  constructor(identity: GoogleIdentity | null, fetch: Fetch) {
    this.#identity = identity;
    this.#fetch = fetch;
  }

  /** Throws `MissingError` when there is no token or no answer; any status is an answer. */
  get(url: string): Promise<ApiAnswer> {
    return this.#ask(url, {});
  }

  /** The same for a question that changes something: it is sent once. */
  post(url: string, body: object): Promise<ApiAnswer> {
    return this.#ask(url, { method: 'POST', body: JSON.stringify(body) });
  }

  async #ask(url: string, init: { method?: string; body?: string }): Promise<ApiAnswer> {
    const type = init.body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { ...(await this.#headers()), ...type };
    const startedMs = Date.now();
    try {
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const response = await this.#fetch(url, { ...init, headers, signal, redirect: 'error' });
      const askedMs = (startedMs + Date.now()) / 2;
      const text = await response.text();
      return {
        status: response.status,
        json: parseJson(text),
        serverMs: dateOf(response),
        askedMs,
      };
    } catch (error) {
      throw new MissingError(
        `${new URL(url).host} does not answer: ${reasonOf(error)}`,
        'is this machine online? a proxy goes into HTTPS_PROXY',
        { cause: error },
      );
    }
  }

  async #headers(): Promise<Record<string, string>> {
    if (this.#identity === null) return {};
    const { quotaProject } = this.#identity;
    return {
      authorization: `Bearer ${await this.#identity.accessToken()}`,
      // Without this header a person's calls count as made by the project of gcloud, and are refused.
      ...(quotaProject !== null && { 'x-goog-user-project': quotaProject }),
    };
  }
}

function dateOf(response: Response): number | null {
  const serverMs = Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(serverMs) ? null : serverMs;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

// fetch says only "fetch failed"; what failed is its cause.
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}

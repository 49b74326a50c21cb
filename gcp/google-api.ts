import { z } from 'zod';
import type { Fetch, GoogleIdentity } from './google-identity.ts';
import { MissingError } from './missing-error.ts';

/** One call; a front end of Google answers in a second or two, or does not. */
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

const errorSchema = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    details: z
      .array(z.object({ reason: z.string().optional() }).catch({}))
      .optional()
      .catch(undefined),
  }),
});

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
  async get(url: string): Promise<ApiAnswer> {
    const headers = await this.#headers();
    const startedMs = Date.now();
    try {
      const signal = AbortSignal.timeout(ANSWER_MS_MAX);
      const response = await this.#fetch(url, { headers, signal, redirect: 'error' });
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
      // Without it a person's calls count as made by the project of gcloud, and are refused.
      ...(quotaProject !== null && { 'x-goog-user-project': quotaProject }),
    };
  }
}

/** What an answer that is no success says of its reason: the error's status, reason and message. */
export function describeApiError({ status, json }: Pick<ApiAnswer, 'status' | 'json'>): string {
  const { error } = errorSchema.safeParse(json).data ?? {};
  const reason = error?.details?.find((detail) => detail.reason !== undefined)?.reason;
  const parts = [error?.status, reason, error?.message].filter((part) => part !== undefined);
  return parts.length === 0 ? `HTTP ${status}` : parts.join(': ');
}

/**
 * Whether an error, however worded, says that an API is not switched on. Firestore and Pub/Sub say it
 * over gRPC, the others over REST.
 */
export function saysApiIsOff(text: string): boolean {
  return /SERVICE_DISABLED|has not been used in project|it is disabled|API .* is not enabled/i.test(
    text,
  );
}

/** Whether an error says that the caller may not have its calls charged to the project. */
export function saysProjectIsDenied(text: string): boolean {
  return /USER_PROJECT_DENIED|serviceusage\.services\.use/.test(text);
}

/** What a refusal by one of Google's APIs means, and what helps. `role` is what reading takes. */
export function explainRefusal(
  text: string,
  { api, project, role, who }: { api: string; project: string; role: string; who: string },
): MissingError | null {
  if (saysApiIsOff(text)) {
    return new MissingError(
      `the API ${api} is not enabled in project ${project}`,
      `gcloud services enable ${api} --project ${project}`,
    );
  }
  const grant = `gcloud projects add-iam-policy-binding ${project} --member ${who} --role`;
  if (saysProjectIsDenied(text)) {
    return new MissingError(
      `this account may not have its calls charged to project ${project}`,
      `${grant} roles/serviceusage.serviceUsageConsumer`,
    );
  }
  if (/CONSUMER_INVALID|project.*(?:not found|deleted|does not exist)/i.test(text)) {
    return new MissingError(
      `there is no project ${project}, or this account may not see it`,
      'gcloud projects list',
    );
  }
  if (/PERMISSION_DENIED|permission/i.test(text)) {
    return new MissingError(
      `this account may not use ${api} in project ${project}`,
      `${grant} ${role}`,
    );
  }
  if (/UNAUTHENTICATED/.test(text)) {
    return new MissingError(
      `${api} does not take the credentials of this machine`,
      'gcloud auth application-default login',
    );
  }
  return null;
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

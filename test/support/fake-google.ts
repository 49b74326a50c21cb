import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fetch } from '../../gcp/google-identity.ts';
import { listen, stopListening } from './functions-client.ts';

/** One answer of a fake: a status, and a body that is sent as JSON unless it is text. */
export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that a fake got. */
export interface FakeRequest {
  readonly method: string;
  /** Host of Google and path, such as `oauth2.googleapis.com/token`. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Handler = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>;

/** What Google says where nothing was prepared. */
const NOT_FOUND: FakeAnswer = { status: 404, body: '<html>404. That is an error.</html>' };

/**
 * Google's hosts on one port of 127.0.0.1: what asks for `https://HOST/PATH` through `fetch` gets what
 * the longest fitting prefix of `HOST/PATH` answers.
 */
export class FakeGoogle {
  readonly requests: FakeRequest[] = [];
  readonly #handlers = new Map<string, Handler>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  readonly #folder = mkdtempSync(join(tmpdir(), 'mpcomm-google-'));
  #url = '';

  static async start(): Promise<FakeGoogle> {
    const fake = new FakeGoogle();
    fake.#url = await listen(fake.#server);
    return fake;
  }

  async stop(): Promise<void> {
    rmSync(this.#folder, { recursive: true });
    await stopListening(this.#server);
  }

  /** The address at which this very server answers as `target`. */
  at(target: string): string {
    return `${this.#url}/${target}`;
  }

  on(target: string, answer: FakeAnswer | Handler): void {
    this.#handlers.set(target, typeof answer === 'function' ? answer : () => answer);
  }

  readonly fetch: Fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.hostname === '127.0.0.1') return fetch(url, init);
    return fetch(this.at(url.href.replace(/^https:\/\//, '')), init);
  };

  /** Writes credentials as gcloud does; gives the environment that names them. */
  credentials(fields: object = USER): { GOOGLE_APPLICATION_CREDENTIALS: string } {
    const path = join(this.#folder, 'credentials.json');
    writeFileSync(path, JSON.stringify(fields));
    return { GOOGLE_APPLICATION_CREDENTIALS: path };
  }

  /** The token endpoint of a user's login. */
  onLogin(email = 'alice@example.com', accessToken = 'access'): void {
    this.on('oauth2.googleapis.com/token', {
      status: 200,
      body: { access_token: accessToken, expires_in: 3_600, id_token: identityToken({ email }) },
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { host = '' } = request.headers;
    // Over TLS and under Google's own names, the host is in its header and not in the path.
    const path = (request.url ?? '').slice(1);
    const target = host.endsWith('.googleapis.com') ? `${host}/${path}` : path;
    const { method = '', headers } = request;
    const asked = { method, target, headers, body: Buffer.concat(parts).toString() };
    this.requests.push(asked);
    const fitting = [...this.#handlers.keys()].filter((prefix) => target.startsWith(prefix));
    const longest = fitting.sort((one, other) => other.length - one.length)[0];
    const answer = longest === undefined ? NOT_FOUND : await this.#handlers.get(longest)!(asked);
    const { status, body = '' } = answer;
    const isText = typeof body === 'string';
    response.writeHead(status, {
      'content-type': isText ? 'text/html' : 'application/json',
      ...answer.headers,
    });
    response.end(isText ? body : JSON.stringify(body));
  }
}

/** What `gcloud auth application-default login` writes. */
export const USER = {
  type: 'authorized_user',
  client_id: 'client.apps.googleusercontent.com',
  client_secret: 'no-secret',
  refresh_token: 'refresh',
};

/** A token of this form, signed by nobody. */
export function identityToken(payload: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode(payload)}.${encode({})}`;
}

/** An error as Google's REST APIs word it. */
export function apiError(
  code: number,
  status: string,
  message: string,
  reason?: string,
): FakeAnswer {
  const details = reason === undefined ? [] : [{ '@type': 'ErrorInfo', reason }];
  return { status: code, body: { error: { code, status, message, details } } };
}

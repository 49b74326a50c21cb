import { createRequire } from 'node:module';

/** What the trials use of autocannon 9, which brings no types of its own. */
export interface CannonRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly onResponse?: (
    status: number,
    body: string,
    context: object,
    headers: Readonly<Record<string, string>>,
  ) => void;
}

export interface CannonOptions {
  readonly url: string;
  readonly connections: number;
  readonly amount: number;
  /** Seconds without an answer. */
  readonly timeout: number;
  readonly setupClient: (client: { setRequests(requests: readonly CannonRequest[]): void }) => void;
}

export interface CannonResult {
  readonly errors: number;
  /** Milliseconds. */
  readonly latency: { readonly p50: number; readonly max: number };
}

type Autocannon = (options: CannonOptions) => Promise<CannonResult>;

export const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;

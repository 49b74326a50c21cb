/** What the trials use of autocannon 9, which brings no types of its own. */
declare module 'autocannon' {
  namespace autocannon {
    interface Request {
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
    interface Client {
      setRequests(requests: readonly Request[]): void;
    }
    interface Options {
      readonly url: string;
      readonly connections: number;
      readonly amount: number;
      /** Seconds without an answer. */
      readonly timeout: number;
      readonly setupClient: (client: Client) => void;
    }
    interface Result {
      readonly errors: number;
      readonly timeouts: number;
      readonly requests: { readonly total: number; readonly average: number };
      readonly latency: { readonly p50: number; readonly p99: number; readonly max: number };
    }
  }
  function autocannon(options: autocannon.Options): Promise<autocannon.Result>;
  export = autocannon;
}

import { Firestore } from '@google-cloud/firestore';
import {
  CALL_MS_MAX,
  hasPassingStatus,
  OutOfTimeError,
  retryPassing,
  withDeadline,
} from './retry.ts';

export interface FirestoreOptions {
  readonly project: string;
  /** Id of the database, `(default)` for the project's first one. */
  readonly database: string;
  /** `host:port` of the emulator; absent for the cloud. */
  readonly emulatorHost?: string | undefined;
}

/**
 * How long a call that should be short may go unanswered until it is made again over another connection. A connection
 * whose packets vanish (a router forgot it) shows no error: the system gives it up after some 15 minutes, and gRPC takes no
 * other one before that. gRPC's own keep-alive would notice as well, but how many pings are too many is up to the server.
 */
const ANSWER_MS_MAX = 10_000;

/**
 * All clients of a process otherwise share one connection to a host, also one that is dead. After an outage gRPC would wait
 * for up to two minutes before it connects again.
 */
const CHANNEL = {
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_reconnect_backoff_ms': 5_000,
} as const;

/** How a call is made. */
export interface FirestoreCall {
  readonly isPassing?: (error: unknown) => boolean;
  /** Whether it may need all of its time: a page of large documents, a transaction that meets others. */
  readonly isLong?: boolean;
}

/** The client of Firestore, which is replaced when its connection seems dead. */
export class FirestoreConnection {
  readonly #options: FirestoreOptions;
  #client: Firestore;
  /** Clients that were replaced; calls that began over them may still be answered. */
  readonly #retired = new Map<Firestore, NodeJS.Timeout>();

  constructor(options: FirestoreOptions) {
    this.#options = options;
    this.#client = this.#open();
  }

  /**
   * Calls `attempt` as `retryPassing` does, with the client of the time. An attempt that had no answer may yet take
   * effect, after the one that follows it.
   */
  call<Result>(
    what: string,
    attempt: (client: Firestore) => Promise<Result>,
    { isPassing = hasPassingStatus, isLong = false }: FirestoreCall = {},
  ): Promise<Result> {
    const answerMs = isLong ? CALL_MS_MAX : ANSWER_MS_MAX;
    return retryPassing(
      what,
      () => this.#try(what, attempt, answerMs),
      (error) => isPassing(error) || error instanceof OutOfTimeError,
    );
  }

  async close(): Promise<void> {
    const clients = [this.#client, ...this.#retired.keys()];
    for (const timer of this.#retired.values()) clearTimeout(timer);
    this.#retired.clear();
    await Promise.all(clients.map((client) => client.terminate()));
  }

  async #try<Result>(
    what: string,
    attempt: (client: Firestore) => Promise<Result>,
    answerMs: number,
  ): Promise<Result> {
    const client = this.#client;
    const late = () => new OutOfTimeError(`${what} had no answer within ${answerMs / 1_000} s`);
    try {
      return await withDeadline(attempt(client), answerMs, late);
    } catch (error) {
      if (error instanceof OutOfTimeError) this.#replace(client);
      throw error;
    }
  }

  /** Of several calls that had no answer over the same client, the first replaces it. */
  #replace(client: Firestore): void {
    if (client !== this.#client) return;
    this.#client = this.#open();
    const end = () => {
      this.#retired.delete(client);
      void client.terminate().catch(() => undefined);
    };
    this.#retired.set(client, setTimeout(end, CALL_MS_MAX).unref());
  }

  #open(): Firestore {
    const { project, database, emulatorHost } = this.#options;
    return new Firestore({
      projectId: project,
      databaseId: database,
      ...(emulatorHost === undefined ? {} : { host: emulatorHost, ssl: false }),
      ...CHANNEL,
    });
  }
}

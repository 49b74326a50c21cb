import type { Command } from './command.ts';

/** A document's own fields: what JSON can say, without arrays directly inside arrays (Firestore has none). */
export type DocumentFields = Readonly<Record<string, unknown>>;

/** One stored document. */
export interface Document {
  /** `collection/id`, or `collection/id/collection/id`, as in Firestore. */
  readonly path: string;
  readonly fields: DocumentFields;
  /** The one binary field a document may have; empty where it has none or was listed without. */
  readonly bytes: Uint8Array;
  /** Microseconds since 1970 on the store's clock; no two documents of one list share a place in this order. */
  readonly createdAtUs: number;
}

/** Reads and writes that take effect together or not at all. All reads come before the first write. */
export interface Transaction {
  read(path: string): Promise<Document | undefined>;
  /** The transaction fails with `AlreadyExistsError` when the document exists. */
  create(path: string, fields: DocumentFields): void;
  /** Creates the document, or replaces all of its fields. */
  replace(path: string, fields: DocumentFields): void;
}

/** Which documents of a collection are listed, in the order of their ids. */
export interface ListOptions {
  /** `false` leaves their binary field unread. */
  readonly bytes?: boolean;
  /** Only this many documents, those with the greatest ids; it may be combined with `bytes` only. */
  readonly last?: number;
  /** Only the documents whose id begins with this. */
  readonly prefix?: string;
  /** Only the documents with greater ids than this. */
  readonly after?: string;
  /** Only this many of these documents, those with the least ids. */
  readonly first?: number;
}

/**
 * Where documents live: Firestore, or one SQLite file. Documents are created once; only a registry
 * entry, the lease and the record of a request whose run is gone are ever replaced. A call that fails for a passing
 * reason (a lost connection, an aborted transaction, a busy file) is retried inside, within a stated time, and then throws.
 */
export interface Store {
  /** Creates a document. The result is false when it exists already: it is then left as it is. */
  create(path: string, fields: DocumentFields, bytes?: Uint8Array): Promise<boolean>;
  replace(path: string, fields: DocumentFields): Promise<void>;
  read(path: string): Promise<Document | undefined>;
  /** The documents of one collection in the order of their ids, always ascending. */
  list(collection: string, options?: ListOptions): Promise<Document[]>;
  /** Runs `work`, again from the start if others interfered (so `work` has no other effects). */
  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** A `create` in a transaction met a document of that path. */
export class AlreadyExistsError extends Error {
  override name = 'AlreadyExistsError';
}

/** A subscription that a peer holds. */
export interface Subscription {
  /**
   * Opens the subscription again over a new connection, because this one seems to deliver nothing;
   * messages that were not acknowledged come again. Rejects when that fails, and then leaves the
   * subscription as it was.
   */
  reopen(): Promise<void>;
  /** Stops deliveries; waits for handlers under way. What was not acknowledged comes again later. */
  close(): Promise<void>;
}

/**
 * Where commands travel: Pub/Sub, or the same SQLite file. Delivers at least once, to each
 * subscriber that existed when the command was published, in no promised order.
 */
export interface Bus {
  publish(command: Command): Promise<void>;
  /**
   * Opens the subscription that belongs to `subscriber`, created if absent and never expiring.
   * `handler` gets each message as parsed JSON, unvalidated (or the text itself, when it is not
   * JSON); the message is acknowledged once the handler's promise resolves, and comes again after
   * it rejected. `onError` hears of a broken subscription, which tries to mend itself.
   */
  subscribe(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
    onError: (error: Error) => void,
  ): Promise<Subscription>;
  /** Deletes the subscription of a subscriber that will not come back; it need not exist. */
  unsubscribe(subscriber: string): Promise<void>;
  close(): Promise<void>;
}

/** One backend: where commands and documents go. */
export interface Backend {
  readonly name: 'embedded' | 'emulators' | 'gcp';
  readonly bus: Bus;
  readonly store: Store;
  /** The clock whose time its documents and commands bear, and with which they are to be compared. */
  readonly clock: WallClock;
  close(): Promise<void>;
}

/** The time of day in milliseconds since 1970, handed in so that decisions can be tested. */
export type WallClock = () => number;

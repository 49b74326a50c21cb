import {
  FieldPath,
  type Firestore,
  type DocumentData,
  type DocumentSnapshot,
  type Query,
  type QueryDocumentSnapshot,
  type Transaction as FirestoreTransaction,
} from '@google-cloud/firestore';
import { chunkSchema } from '../control/documents.ts';
import {
  AlreadyExistsError,
  type Document,
  type DocumentFields,
  type ListOptions,
  type Store,
  type Transaction,
} from '../control/ports.ts';
import {
  BYTES_FIELD,
  checkCollectionPath,
  checkDocument,
  parseDocumentPath,
} from '../control/document-rules.ts';
import { EXPIRY_FIELD, expiryOf } from '../control/retention.ts';
import { FirestoreConnection, type FirestoreOptions } from './firestore-connection.ts';
import { GrpcStatus, hasPassingStatus, statusOf } from './retry.ts';

/** How many times a transaction that meets others is tried, with the client's own pauses between. */
const TRANSACTION_ATTEMPTS_MAX = 10;

/** The most documents of one query: with bytes, each may have 1 MiB. */
const PAGE_WITH_BYTES = 16;
const PAGE_WITHOUT_BYTES = 300;
const PAGE_OF_NAMES = 1_000;

/** The most documents that one list returns: more is a mistake, not a laboratory. */
const LIST_MAX = 100_000;

/** Fields to ask for where the bytes are not wanted. */
const CHUNK_FIELDS = Object.keys(chunkSchema.shape);

const NO_BYTES = new Uint8Array(0);

/** A character that sorts after any with which an id of ours goes on. */
const GREATEST = '\u{f8ff}';

/** A query of a client, which another client can make as well. */
type MakeQuery = (client: Firestore) => Query;

/**
 * Documents in Firestore. A document's bytes are its field `bytes`; the other fields stand beside
 * it, so that the console shows them. When it expires is the field `expiresAt`, which no caller sees.
 *
 * A `create` that took effect though its answer was lost is tried again and then finds its own
 * document: it returns false. Of what is created outside a transaction the first one counts, whoever wrote it, so that this
 * false harms nobody.
 */
export class FirestoreStore implements Store {
  readonly #connection: FirestoreConnection;

  constructor(options: FirestoreOptions) {
    this.#connection = new FirestoreConnection(options);
  }

  async create(path: string, fields: DocumentFields, bytes?: Uint8Array): Promise<boolean> {
    checkDocument(path, fields, bytes);
    const data = dataOf(path, fields, bytes);
    try {
      await this.#connection.call(`Creating ${path} in Firestore`, (client) =>
        client.doc(path).create(data),
      );
      return true;
    } catch (error) {
      if (statusOf(error) === GrpcStatus.alreadyExists) return false;
      throw error;
    }
  }

  async replace(path: string, fields: DocumentFields): Promise<void> {
    checkDocument(path, fields);
    await this.#connection.call(`Replacing ${path} in Firestore`, (client) =>
      client.doc(path).set(dataOf(path, fields)),
    );
  }

  async read(path: string): Promise<Document | undefined> {
    parseDocumentPath(path);
    const snapshot = await this.#connection.call(`Reading ${path} from Firestore`, (client) =>
      client.doc(path).get(),
    );
    return documentOf(snapshot);
  }

  async list(collection: string, options: ListOptions = {}): Promise<Document[]> {
    checkCollectionPath(collection);
    const withBytes = options.bytes !== false;
    const byName: MakeQuery = (client) =>
      client.collection(collection).orderBy(FieldPath.documentId());
    const { prefix = '', after = '', first = LIST_MAX, last } = options;
    if (last !== undefined) return this.#listLast(byName, collection, last, withBytes);
    const query: MakeQuery = (client) => {
      const all = byName(client);
      const ranged = prefix === '' ? all : all.startAt(prefix).endBefore(prefix + GREATEST);
      const selected = selectFields(ranged, collection, withBytes);
      // An id that begins with the prefix is greater than the prefix itself.
      return after > prefix ? selected.startAfter(after) : selected;
    };
    return this.#read(query, first, withBytes);
  }

  async #listLast(
    byName: MakeQuery,
    collection: string,
    last: number,
    withBytes: boolean,
  ): Promise<Document[]> {
    const from = await this.#nameOfLast(byName, last);
    if (from === undefined) return [];
    const query: MakeQuery = (client) =>
      selectFields(byName(client), collection, withBytes).startAt(from);
    return this.#read(query, LIST_MAX, withBytes);
  }

  async #read(query: MakeQuery, first: number, withBytes: boolean): Promise<Document[]> {
    const size = Math.min(first, withBytes ? PAGE_WITH_BYTES : PAGE_WITHOUT_BYTES);
    const documents: Document[] = [];
    if (size === 0) return documents;
    for await (const snapshot of this.#pagesFrom(query, size, withBytes)) {
      const document = documentOf(snapshot)!;
      documents.push(withBytes ? document : { ...document, bytes: NO_BYTES });
      if (documents.length === first) break;
    }
    return documents;
  }

  /**
   * The id of the `last`-th document from the end; `undefined` when there is none. Walks the names
   * alone, upwards: Firestore keeps no downward index of names by itself.
   */
  async #nameOfLast(byName: MakeQuery, last: number): Promise<string | undefined> {
    let names: string[] = [];
    const named: MakeQuery = (client) => byName(client).select();
    for await (const snapshot of this.#pagesFrom(named, PAGE_OF_NAMES, false)) {
      names.push(snapshot.id);
      if (names.length >= 2 * last + PAGE_OF_NAMES) names = lastOf(names, last);
    }
    return lastOf(names, last)[0];
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const created: string[] = [];
    const attempt = (client: Firestore) =>
      client.runTransaction(
        (transaction) => {
          created.length = 0;
          return work(portOf(client, transaction, created));
        },
        { maxAttempts: TRANSACTION_ATTEMPTS_MAX },
      );
    try {
      return await this.#connection.call('A transaction in Firestore', attempt, {
        isPassing: (error) => hasPassingStatus(error) || isSpentTransaction(error),
        isLong: true,
      });
    } catch (error) {
      if (statusOf(error) !== GrpcStatus.alreadyExists) throw error;
      throw new AlreadyExistsError(`${created.join(' or ')} exists already`, { cause: error });
    }
  }

  /** The documents of a query that is ordered by name, a page a request. */
  async *#pagesFrom(
    query: MakeQuery,
    size: number,
    withBytes: boolean,
  ): AsyncGenerator<QueryDocumentSnapshot> {
    let next = query;
    for (let count = 0; count < LIST_MAX; count += size) {
      const page = await this.#connection.call(
        'Listing documents in Firestore',
        (client) => next(client).limit(size).get(),
        { isLong: withBytes },
      );
      yield* page.docs;
      if (page.size < size) return;
      const { id } = page.docs.at(-1)!;
      next = (client) => query(client).startAfter(id);
    }
    throw new Error(`A collection of more than ${LIST_MAX} documents was to be listed`);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/**
 * The client commits again when the answer to a commit is lost, and hears that the transaction is over:
 * it may have taken effect. A new one reads what became of it.
 */
function isSpentTransaction(error: unknown): boolean {
  if (statusOf(error) !== GrpcStatus.invalidArgument) return false;
  return /transaction (has expired|is invalid or closed)|no longer valid/i.test(String(error));
}

/**
 * The fields go through JSON, because the client would leave out a map whose fields are all
 * `undefined`.
 */
function dataOf(path: string, fields: DocumentFields, bytes?: Uint8Array): DocumentData {
  const data = JSON.parse(JSON.stringify(fields)) as DocumentData;
  const expiry = expiryOf(parseDocumentPath(path).collection, Date.now());
  return {
    ...data,
    ...(bytes === undefined ? {} : { [BYTES_FIELD]: Buffer.from(bytes) }),
    ...(expiry === null ? {} : { [EXPIRY_FIELD]: expiry }),
  };
}

function lastOf<Item>(items: readonly Item[], count: number): Item[] {
  return count === 0 ? [] : items.slice(-count);
}

/**
 * Without their bytes, the other fields of chunks are asked for by name. Pieces of events have bytes as well, and nobody lists
 * them without.
 */
function selectFields(query: Query, collection: string, withBytes: boolean): Query {
  return withBytes || !collection.endsWith('/chunks') ? query : query.select(...CHUNK_FIELDS);
}

function portOf(
  client: Firestore,
  transaction: FirestoreTransaction,
  created: string[],
): Transaction {
  return {
    read: async (path) => {
      parseDocumentPath(path);
      return documentOf(await transaction.get(client.doc(path)));
    },
    create: (path, fields) => {
      checkDocument(path, fields);
      created.push(path);
      transaction.create(client.doc(path), dataOf(path, fields));
    },
    replace: (path, fields) => {
      checkDocument(path, fields);
      transaction.set(client.doc(path), dataOf(path, fields));
    },
  };
}

function documentOf(snapshot: DocumentSnapshot): Document | undefined {
  const data: DocumentData | undefined = snapshot.data();
  if (data === undefined) return undefined;
  const { [BYTES_FIELD]: bytes, [EXPIRY_FIELD]: _expiry, ...fields } = data;
  const { seconds, nanoseconds } = snapshot.createTime!;
  return {
    path: snapshot.ref.path,
    fields,
    bytes: bytes instanceof Uint8Array ? new Uint8Array(bytes) : NO_BYTES,
    createdAtUs: seconds * 1_000_000 + Math.floor(nanoseconds / 1_000),
  };
}

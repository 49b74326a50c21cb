import {
  FieldPath,
  Firestore,
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
  type Fields,
  type Store,
  type Transaction,
} from '../control/ports.ts';
import {
  BYTES_FIELD,
  checkCollectionPath,
  checkDocument,
  parseDocumentPath,
} from './document-rules.ts';
import { EXPIRY_FIELD, expiryOf } from './retention.ts';
import { retryPassing, Status, statusOf } from './retry.ts';

/** One transaction that meets others is tried so often, with the client's own pauses between. */
const TRANSACTION_ATTEMPTS_MAX = 10;

/** Documents of one query: with bytes, each may have 1 MiB. */
const PAGE_WITH_BYTES = 16;
const PAGE_WITHOUT_BYTES = 300;
const PAGE_OF_NAMES = 1_000;

/** Documents that one list returns at most: more is a mistake, not a laboratory. */
const LIST_MAX = 100_000;

/** Fields to ask for where the bytes are not wanted; only chunks have bytes. */
const CHUNK_FIELDS = Object.keys(chunkSchema.shape);

const NO_BYTES = new Uint8Array(0);

export interface FirestoreOptions {
  readonly project: string;
  /** Id of the database, `(default)` for the project's first one. */
  readonly database: string;
  /** `host:port` of the emulator; absent for the cloud. */
  readonly emulatorHost?: string | undefined;
}

/**
 * Documents in Firestore. A document's bytes are its field `bytes`; the other fields stand beside
 * it, so that the console shows them. When it expires is the field `expiresAt`, which no caller sees.
 *
 * A `create` that took effect though its answer was lost is tried again and then finds its own
 * document: it returns false. Every document that is created outside a transaction is the same
 * whoever writes it, so that this false harms nobody.
 */
export class FirestoreStore implements Store {
  readonly #firestore: Firestore;

  constructor({ project, database, emulatorHost }: FirestoreOptions) {
    this.#firestore = new Firestore({
      projectId: project,
      databaseId: database,
      ...(emulatorHost === undefined ? {} : { host: emulatorHost, ssl: false }),
    });
  }

  async create(path: string, fields: Fields, bytes?: Uint8Array): Promise<boolean> {
    checkDocument(path, fields, bytes);
    const data = dataOf(path, fields, bytes);
    try {
      await retryPassing(`Creating ${path} in Firestore`, () =>
        this.#firestore.doc(path).create(data),
      );
      return true;
    } catch (error) {
      if (statusOf(error) === Status.alreadyExists) return false;
      throw error;
    }
  }

  async replace(path: string, fields: Fields): Promise<void> {
    checkDocument(path, fields);
    await retryPassing(`Replacing ${path} in Firestore`, () =>
      this.#firestore.doc(path).set(dataOf(path, fields)),
    );
  }

  async read(path: string): Promise<Document | undefined> {
    parseDocumentPath(path);
    const snapshot = await retryPassing(`Reading ${path} from Firestore`, () =>
      this.#firestore.doc(path).get(),
    );
    return documentOf(snapshot);
  }

  async list(
    collection: string,
    options: { bytes?: boolean; last?: number } = {},
  ): Promise<Document[]> {
    checkCollectionPath(collection);
    const withBytes = options.bytes !== false;
    const byName = this.#firestore.collection(collection).orderBy(FieldPath.documentId());
    const chunks = collection.endsWith('/chunks');
    const query = withBytes || !chunks ? byName : byName.select(...CHUNK_FIELDS);
    const from = options.last === undefined ? '' : await this.#nameOfLast(byName, options.last);
    if (from === undefined) return [];
    const page = withBytes ? PAGE_WITH_BYTES : PAGE_WITHOUT_BYTES;
    const documents: Document[] = [];
    for await (const snapshot of pagesFrom(query, page, from)) {
      const document = documentOf(snapshot)!;
      documents.push(withBytes ? document : { ...document, bytes: NO_BYTES });
    }
    return documents;
  }

  /**
   * The id of the `last`-th document from the end; `undefined` when there is none. Walks the names
   * alone, upwards: Firestore keeps no downward index of names by itself.
   */
  async #nameOfLast(byName: Query, last: number): Promise<string | undefined> {
    let names: string[] = [];
    for await (const snapshot of pagesFrom(byName.select(), PAGE_OF_NAMES, '')) {
      names.push(snapshot.id);
      if (names.length >= 2 * last + PAGE_OF_NAMES) names = lastOf(names, last);
    }
    return lastOf(names, last)[0];
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    const created: string[] = [];
    const attempt = (transaction: FirestoreTransaction) => {
      created.length = 0;
      return work(this.#portOf(transaction, created));
    };
    try {
      return await retryPassing('A transaction in Firestore', () =>
        this.#firestore.runTransaction(attempt, { maxAttempts: TRANSACTION_ATTEMPTS_MAX }),
      );
    } catch (error) {
      if (statusOf(error) !== Status.alreadyExists) throw error;
      throw new AlreadyExistsError(`${created.join(' or ')} exists already`, { cause: error });
    }
  }

  #portOf(transaction: FirestoreTransaction, created: string[]): Transaction {
    return {
      read: async (path) => {
        parseDocumentPath(path);
        return documentOf(await transaction.get(this.#firestore.doc(path)));
      },
      create: (path, fields) => {
        checkDocument(path, fields);
        created.push(path);
        transaction.create(this.#firestore.doc(path), dataOf(path, fields));
      },
      replace: (path, fields) => {
        checkDocument(path, fields);
        transaction.set(this.#firestore.doc(path), dataOf(path, fields));
      },
    };
  }

  close(): Promise<void> {
    return this.#firestore.terminate();
  }
}

/** Through JSON, because the client would leave out a map whose fields are all `undefined`. */
function dataOf(path: string, fields: Fields, bytes?: Uint8Array): DocumentData {
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

/** The documents of `query` (which is ordered by name) from the id `from` on, a page a request. */
async function* pagesFrom(
  query: Query,
  size: number,
  from: string,
): AsyncGenerator<QueryDocumentSnapshot> {
  let next = from === '' ? query : query.startAt(from);
  for (let count = 0; count < LIST_MAX; count += size) {
    const page = await retryPassing('Listing documents in Firestore', () => next.limit(size).get());
    yield* page.docs;
    if (page.size < size) return;
    next = query.startAfter(page.docs.at(-1)!.id);
  }
  throw new Error(`A collection of more than ${LIST_MAX} documents was to be listed`);
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

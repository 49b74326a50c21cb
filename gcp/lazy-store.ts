import type {
  Document,
  DocumentFields,
  ListOptions,
  Store,
  Transaction,
} from '../control/ports.ts';

/** A store that is opened by its first call. */
export class LazyStore implements Store {
  readonly #open: () => Promise<Store>;
  #opened: Promise<Store> | null = null;

  constructor(open: () => Promise<Store>) {
    this.#open = open;
  }

  #get(): Promise<Store> {
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async create(path: string, fields: DocumentFields, bytes?: Uint8Array): Promise<boolean> {
    return (await this.#get()).create(path, fields, bytes);
  }

  async replace(path: string, fields: DocumentFields): Promise<void> {
    await (await this.#get()).replace(path, fields);
  }

  async read(path: string): Promise<Document | undefined> {
    return (await this.#get()).read(path);
  }

  async list(collection: string, options?: ListOptions): Promise<Document[]> {
    return (await this.#get()).list(collection, options);
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return (await this.#get()).transact(work);
  }

  /** A store that was never called has nothing to close. */
  async close(): Promise<void> {
    await (await this.#opened)?.close();
  }
}

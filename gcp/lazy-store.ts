import type {
  Document,
  DocumentFields,
  ListOptions,
  Store,
  Transaction,
} from '../control/ports.ts';
import { LazyPort } from './lazy-port.ts';

/** A store that is opened by its first call. */
export class LazyStore implements Store {
  readonly #port: LazyPort<Store>;

  constructor(open: () => Promise<Store>) {
    this.#port = new LazyPort(open);
  }

  async create(path: string, fields: DocumentFields, bytes?: Uint8Array): Promise<boolean> {
    return (await this.#port.get()).create(path, fields, bytes);
  }

  async replace(path: string, fields: DocumentFields): Promise<void> {
    await (await this.#port.get()).replace(path, fields);
  }

  async read(path: string): Promise<Document | undefined> {
    return (await this.#port.get()).read(path);
  }

  async list(collection: string, options?: ListOptions): Promise<Document[]> {
    return (await this.#port.get()).list(collection, options);
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return (await this.#port.get()).transact(work);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}

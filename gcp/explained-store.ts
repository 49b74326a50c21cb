import type {
  Document,
  DocumentFields,
  ListOptions,
  Store,
  Transaction,
} from '../control/ports.ts';
import { explainRefusal } from './api-errors.ts';
import { MissingError } from './missing-error.ts';
import { GrpcStatus, statusOf } from './retry.ts';

export interface ExplainedStoreOptions {
  readonly project: string;
  readonly database: string;
  /** A member as IAM names it, such as `user:alice@example.com`. */
  readonly who: string;
}

/** A Firestore store whose refusals say what is missing and which command mends it. */
export class ExplainedStore implements Store {
  readonly #store: Store;
  readonly #options: ExplainedStoreOptions;

  constructor(store: Store, options: ExplainedStoreOptions) {
    this.#store = store;
    this.#options = options;
  }

  create(path: string, fields: DocumentFields, bytes?: Uint8Array): Promise<boolean> {
    return this.#explained(() => this.#store.create(path, fields, bytes));
  }

  replace(path: string, fields: DocumentFields): Promise<void> {
    return this.#explained(() => this.#store.replace(path, fields));
  }

  read(path: string): Promise<Document | undefined> {
    return this.#explained(() => this.#store.read(path));
  }

  list(collection: string, options?: ListOptions): Promise<Document[]> {
    return this.#explained(() => this.#store.list(collection, options));
  }

  transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    return this.#explained(() => this.#store.transact(work));
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  async #explained<Result>(call: () => Promise<Result>): Promise<Result> {
    try {
      return await call();
    } catch (error) {
      throw explainFirestoreError(error, this.#options) ?? error;
    }
  }
}

/** What a refusal by Firestore means; `null` for any other error. */
function explainFirestoreError(
  error: unknown,
  { project, database, who }: ExplainedStoreOptions,
): MissingError | null {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const words = [status === GrpcStatus.permissionDenied ? 'PERMISSION_DENIED' : '', message];
  if (status === GrpcStatus.unauthenticated) words.push('UNAUTHENTICATED');
  if (status === GrpcStatus.notFound && /database/i.test(message)) {
    return new MissingError(
      `project ${project} has no Firestore database ${database}`,
      'deploy the laboratory (npm run deploy), or name its database in MPCOMM_DATABASE',
    );
  }
  if (status !== GrpcStatus.permissionDenied && status !== GrpcStatus.unauthenticated) return null;
  const api = 'firestore.googleapis.com';
  return explainRefusal(words.join(' '), { api, project, role: 'roles/datastore.viewer', who });
}

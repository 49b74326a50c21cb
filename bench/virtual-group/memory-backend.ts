import type { Command } from '../../control/command.ts';
import {
  AlreadyExistsError,
  type Backend,
  type Bus,
  type Document,
  type DocumentFields,
  type ListOptions,
  type Store,
  type Subscription,
  type Transaction,
} from '../../control/ports.ts';

/** Calls that a test can make fail. */
export type FaultPoint =
  | 'create'
  | 'replace'
  | 'read'
  | 'list'
  | 'transact'
  | 'publish'
  | 'duplicate'
  | 'commitTwice';

/** The most attempts of a transaction: more would hide a loop without progress. */
const TRANSACTION_ATTEMPTS_MAX = 200;
const DELIVERY_ATTEMPTS_MAX = 10;
const NO_BYTES = new Uint8Array(0);

/** Faults that a test orders: each is used up by the next call at its point. */
export class Faults {
  readonly #ordered = new Map<FaultPoint, number>();

  /**
   * The next `times` calls at `point` fail; at `duplicate`, a published command is delivered twice; at
   * `commitTwice`, a transaction commits, loses the answer and runs again, as a store's client does.
   */
  order(point: FaultPoint, times = 1): void {
    this.#ordered.set(point, (this.#ordered.get(point) ?? 0) + times);
  }

  take(point: FaultPoint): boolean {
    const left = this.#ordered.get(point) ?? 0;
    if (left > 0) this.#ordered.set(point, left - 1);
    return left > 0;
  }

  throwIfOrdered(point: FaultPoint): void {
    if (this.take(point)) throw new Error(`ordered failure of ${point}`);
  }
}

/** A store in memory with optimistic transactions, whose every call gives way to others. */
export class MemoryStore implements Store {
  readonly faults: Faults;
  readonly documents = new Map<string, Document>();
  /** Calls so far, by name. */
  readonly calls: Record<string, number> = {};
  /** Calls that were not answered yet. */
  underWay = 0;
  #lastUs = 0;
  readonly #clockUs: () => number;

  /** `clockUs`: microseconds since 1970, by which documents are dated; none are of the same. */
  constructor(faults: Faults, clockUs: () => number = () => 1_700_000_000_000_000) {
    this.faults = faults;
    this.#clockUs = clockUs;
  }

  async create(
    path: string,
    fields: DocumentFields,
    bytes: Uint8Array = NO_BYTES,
  ): Promise<boolean> {
    await this.#begin('create');
    if (this.documents.has(path)) return false;
    this.#put(path, fields, bytes);
    return true;
  }

  async replace(path: string, fields: DocumentFields): Promise<void> {
    await this.#begin('replace');
    this.#put(path, fields, NO_BYTES);
  }

  async read(path: string): Promise<Document | undefined> {
    await this.#begin('read');
    return this.documents.get(path);
  }

  async list(collection: string, options: ListOptions = {}): Promise<Document[]> {
    await this.#begin('list');
    const { prefix = '', after = '', first = Infinity, last = this.documents.size } = options;
    const idOf = (path: string) => path.slice(collection.length + 1);
    const isListed = (path: string) =>
      path.startsWith(`${collection}/${prefix}`) && !idOf(path).includes('/') && idOf(path) > after;
    const found = [...this.documents.values()]
      .filter(({ path }) => isListed(path))
      .sort((one, other) => (one.path < other.path ? -1 : 1))
      .slice(0, first)
      .slice(-last);
    if (options.bytes !== false) return found;
    return found.map((document) => ({ ...document, bytes: NO_BYTES }));
  }

  async transact<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result> {
    await this.#begin('transact');
    for (let attempt = 0; attempt < TRANSACTION_ATTEMPTS_MAX; attempt += 1) {
      const seen = new Map<string, Document | undefined>();
      const writes: { path: string; fields: DocumentFields; isNew: boolean }[] = [];
      const result = await work(this.#transaction(seen, writes));
      const isStale = [...seen].some(([path, document]) => this.documents.get(path) !== document);
      if (isStale) continue;
      const taken = writes.find(({ path, isNew }) => isNew && this.documents.has(path));
      if (taken) throw new AlreadyExistsError(taken.path);
      for (const { path, fields } of writes) this.#put(path, fields, NO_BYTES);
      if (writes.length > 0 && this.faults.take('commitTwice')) continue;
      return result;
    }
    throw new Error('the transaction met others too often');
  }

  async close(): Promise<void> {
    await this.#begin('close');
  }

  #transaction(
    seen: Map<string, Document | undefined>,
    writes: { path: string; fields: DocumentFields; isNew: boolean }[],
  ): Transaction {
    return {
      read: async (path) => {
        if (writes.length > 0) throw new TypeError('all reads come before the first write');
        await giveWay();
        const document = this.documents.get(path);
        seen.set(path, document);
        return document;
      },
      create: (path, fields) => void writes.push({ path, fields, isNew: true }),
      replace: (path, fields) => void writes.push({ path, fields, isNew: false }),
    };
  }

  async #begin(name: string): Promise<void> {
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    this.underWay += 1;
    await giveWay();
    this.underWay -= 1;
    this.faults.throwIfOrdered(name as FaultPoint);
  }

  #put(path: string, fields: DocumentFields, bytes: Uint8Array): void {
    if (path.split('/').length % 2 !== 0) throw new TypeError(`${path} is no document's path`);
    assertStorable(fields, path);
    this.#lastUs = Math.max(this.#lastUs + 1, this.#clockUs());
    const copy = JSON.parse(JSON.stringify(fields)) as DocumentFields;
    const createdAtUs = this.documents.get(path)?.createdAtUs ?? this.#lastUs;
    this.documents.set(path, { path, fields: copy, bytes: Uint8Array.from(bytes), createdAtUs });
  }
}

/** A bus in memory: at least once, to everyone who subscribed before. */
export class MemoryBus implements Bus {
  readonly faults: Faults;
  /** Everything that was published, in order. */
  readonly published: Command[] = [];
  readonly #handlers = new Map<string, (message: unknown) => Promise<void>>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(faults: Faults) {
    this.faults = faults;
  }

  async publish(command: Command): Promise<void> {
    await giveWay();
    this.faults.throwIfOrdered('publish');
    const times = this.faults.take('duplicate') ? 2 : 1;
    for (let copy = 0; copy < times; copy += 1) this.#deliverToAll(command);
  }

  async subscribe(
    subscriber: string,
    handler: (message: unknown) => Promise<void>,
  ): Promise<Subscription> {
    await giveWay();
    this.#handlers.set(subscriber, handler);
    return { close: () => this.unsubscribe(subscriber), reopen: async () => undefined };
  }

  async unsubscribe(subscriber: string): Promise<void> {
    this.#handlers.delete(subscriber);
    await this.settled();
  }

  /** Resolves when no delivery is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  async close(): Promise<void> {
    this.#handlers.clear();
    await this.settled();
  }

  #deliverToAll(command: Command): void {
    this.published.push(command);
    for (const subscriber of this.#handlers.keys()) {
      const delivery = this.#deliver(subscriber, JSON.parse(JSON.stringify(command)));
      this.#underWay.add(delivery);
      void delivery.finally(() => this.#underWay.delete(delivery));
    }
  }

  async #deliver(subscriber: string, message: unknown): Promise<void> {
    for (let attempt = 0; attempt < DELIVERY_ATTEMPTS_MAX; attempt += 1) {
      await giveWay();
      const handler = this.#handlers.get(subscriber);
      if (handler === undefined) return;
      const isAcknowledged = await handler(message).then(
        () => true,
        () => false,
      );
      if (isAcknowledged) return;
    }
  }
}

/** A whole backend in memory, with its faults. */
export class MemoryBackend implements Backend {
  readonly name = 'embedded';
  readonly faults = new Faults();
  readonly store = new MemoryStore(this.faults);
  readonly bus = new MemoryBus(this.faults);
  readonly clock = Date.now;

  async close(): Promise<void> {
    await this.bus.close();
    await this.store.close();
  }
}

function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Firestore takes neither `undefined` nor an array directly in an array. */
function assertStorable(value: unknown, place: string): void {
  if (value === undefined) throw new TypeError(`${place} is undefined`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    if (Array.isArray(value) && Array.isArray(part)) {
      throw new TypeError(`${place} has an array directly in an array`);
    }
    assertStorable(part, `${place}.${key}`);
  }
}

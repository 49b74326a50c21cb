/** A bus or a store, of which only the end matters here. */
interface Closable {
  close(): Promise<void>;
}

/** What opens a port at its first call. An opening that failed is tried again by the next call. */
export class LazyPort<Port extends Closable> {
  readonly #open: () => Promise<Port>;
  #opened: Promise<Port> | null = null;

  constructor(open: () => Promise<Port>) {
    this.#open = open;
  }

  get(): Promise<Port> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = null;
      throw error;
    });
    return this.#opened;
  }

  /** A port that was never called, or could not be opened, has nothing to close. */
  async close(): Promise<void> {
    const port = await this.#opened?.catch(() => null);
    await port?.close();
  }
}
